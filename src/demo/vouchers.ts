import { addMonths, localDate, startOfLocalDay, systemClock } from '#core/clock.ts';
import { bps, vnd } from '#core/money.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { VoucherRequest, Vouchers } from '#features/vouchers/index.ts';

const plain = {
  ...{ capVnd: null, goods: [], firstOrder: false, stackable: false, isPublic: true, agreement: '' },
  ...{ budgetVnd: null, maxUses: null, maxUsesPerCustomer: null },
} as const;

/** A welcome of the exchange at its own cost, and a seller's offer. Both are typed, so that no price moves by itself. */
export async function loadVouchers(vouchers: Vouchers, businessId: BusinessId | undefined): Promise<void> {
  const validFrom = systemClock();
  const time = { validFrom, validUntil: startOfLocalDay(addMonths(localDate(validFrom), 6)) };
  const welcome: VoucherRequest = {
    ...{
      ...plain,
      ...time,
      scope: 'all' as const,
      code: 'CHAOCHONOI',
      name: 'Chào khách mới: giảm 10%',
      businessId: null,
    },
    ...{
      kind: 'percent' as const,
      rateBps: bps(1_000),
      amountVnd: null,
      capVnd: vnd(30_000),
      minimumVnd: vnd(100_000),
    },
    ...{ exchangeBps: bps(10_000), firstOrder: true, budgetVnd: vnd(20_000_000) },
  };
  await vouchers.give({ actor: 'demo:clerk', address: '' }, welcome);
  if (!businessId) return;
  const own: VoucherRequest = {
    ...{ ...plain, ...time, scope: 'all' as const, code: 'HANHTIM', name: 'Hành tím: giảm 15.000 đồng', businessId },
    ...{ kind: 'fixed' as const, rateBps: null, amountVnd: vnd(15_000), minimumVnd: vnd(150_000) },
    ...{ exchangeBps: bps(0), maxUses: 200, maxUsesPerCustomer: 2 },
  };
  await vouchers.give({ actor: 'demo:clerk', address: '', businessIds: [businessId] }, own);
}
