import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { bps, sumVnd, type Vnd, vnd } from '#core/money.ts';
import { checkTerms, type DiscountLine, discountsOf, readVoucherCode, stateOf } from '#features/vouchers/rules.ts';
import { leastPayableVnd, type Offer, type VoucherTerms } from '#features/vouchers/types.ts';

const now = new Date('2026-11-27T00:00:00Z');
const day = 86_400_000;
const terms: VoucherTerms = {
  code: 'TET2027',
  name: 'Giảm 10%',
  businessId: null,
  kind: 'percent',
  rateBps: bps(1_000),
  amountVnd: null,
  capVnd: null,
  minimumVnd: vnd(0),
  scope: 'all',
  scopeIds: [],
  firstOrder: false,
  exchangeBps: bps(10_000),
  stackable: false,
  isPublic: true,
  validFrom: new Date(now.getTime() - day),
  validUntil: new Date(now.getTime() + day),
  budgetVnd: null,
  maxUses: null,
  maxUsesPerCustomer: null,
  agreement: '',
};
const offer = (over: Partial<Offer> = {}): Offer => ({
  ...terms,
  id: newId(),
  ...{ spentVnd: vnd(0), uses: 0, endedAt: null, ownUses: 0, hasOrdered: false },
  ...over,
});
const one = newId<'Business'>();
const two = newId<'Business'>();
const line = (totalVnd: number, businessId: string = one, categoryId = 5): DiscountLine => ({
  ...{ businessId, categoryId, productId: `${businessId}-${categoryId}`, totalVnd: vnd(totalVnd) },
});
const freight = new Map<string, Vnd>([
  [one, vnd(25_000)],
  [two, vnd(25_000)],
]);
const off = (lines: readonly DiscountLine[], ...offers: Offer[]) =>
  discountsOf(lines, freight, offers, now).lines.map(({ discountVnd }) => discountVnd);
const why = (lines: readonly DiscountLine[], ...offers: Offer[]) =>
  discountsOf(lines, freight, offers, now).refused.map(({ reason }) => reason);

describe('what a voucher takes off', () => {
  test('a percentage of each line, to the đồng, and no more than its cap', () => {
    expect(off([line(100_000), line(33_333)], offer())).toEqual([10_000, 3_333]);
    expect(off([line(100_000), line(50_000)], offer({ capVnd: vnd(9_000) }))).toEqual([6_000, 3_000]);
  });
  test('an amount, over the lines by their weight', () => {
    const fixed = offer({ kind: 'fixed', rateBps: null, amountVnd: vnd(10_000) });
    expect(off([line(20_000), line(10_000, two)], fixed)).toEqual([6_667, 3_333]);
  });
  test.each<[string, Partial<Offer>, readonly number[]]>([
    ['of a business for its own goods alone', { businessId: one }, [10_000, 0]],
    ['for a business', { scope: 'businesses', scopeIds: [two] }, [0, 5_000]],
    ['for a product set', { scope: 'categories', scopeIds: ['5'] }, [10_000, 0]],
    ['for a product', { scope: 'products', scopeIds: [`${two}-6`] }, [0, 5_000]],
  ])('%s', (_name, over, expected) => {
    expect(off([line(100_000, one, 5), line(50_000, two, 6)], offer(over))).toEqual(expected);
  });
  test('never the last 1,000 đồng of an order', () => {
    const all = offer({ kind: 'fixed', rateBps: null, amountVnd: vnd(500_000) });
    expect(discountsOf([line(30_000)], new Map(), [all], now).lines).toEqual([
      { discountVnd: 29_000, promotionVnd: 29_000 },
    ]);
    expect(off([line(30_000)], all)).toEqual([30_000]);
    expect(why([line(900)], { ...all, scope: 'all' })).toEqual([]);
    expect(discountsOf([line(900)], new Map(), [all], now).refused[0]?.reason).toBe('nothing-left');
  });
});

describe('why it takes nothing off', () => {
  test.each<[string, Partial<Offer>]>([
    ['not-started', { validFrom: new Date(now.getTime() + 1) }],
    ['ended', { endedAt: now }],
    ['ended', { validUntil: now }],
    ['used-up', { maxUses: 3, uses: 3 }],
    ['used-up', { budgetVnd: vnd(5_000), spentVnd: vnd(5_000) }],
    ['used-up', { budgetVnd: vnd(9_999) }],
    ['own-limit', { maxUsesPerCustomer: 2, ownUses: 2 }],
    ['first-order', { firstOrder: true, hasOrdered: true }],
    ['scope', { businessId: two }],
    ['minimum', { minimumVnd: vnd(100_001) }],
  ])('%s', (reason, over) => {
    expect(why([line(100_000)], offer(over))).toEqual([reason]);
    expect(off([line(100_000)], offer(over))).toEqual([0]);
  });
  test('and how much is missing to the minimum', () => {
    const { refused } = discountsOf([line(80_000)], freight, [offer({ minimumVnd: vnd(100_000) })], now);
    expect(refused[0]?.missingVnd).toBe(20_000);
  });
});

describe('several vouchers', () => {
  const half = offer({ code: null, rateBps: bps(5_000) });
  test('the better of two that stand alone, and the typed one when they are as good', () => {
    expect(off([line(100_000)], offer(), half)).toEqual([50_000]);
    expect(why([line(100_000)], offer(), half)).toEqual(['not-combined']);
    const typed = offer({ rateBps: bps(5_000) });
    expect(discountsOf([line(100_000)], freight, [half, typed], now).applied[0]?.offer.id).toBe(typed.id);
  });
  test('those that may be combined: one of what the other left, the typed one first', () => {
    const both = [offer({ stackable: true }), { ...half, stackable: true }];
    expect(off([line(100_000)], ...both)).toEqual([10_000 + 45_000]);
  });
});

const anyOffer = fc
  .record({
    fixed: fc.boolean(),
    rate: fc.integer({ min: 100, max: 9_000 }),
    amount: fc.integer({ min: 1_000, max: 3_000_000 }),
    cap: fc.option(fc.integer({ min: 1, max: 300_000 })),
    share: fc.integer({ min: 0, max: 10_000 }),
    owner: fc.constantFrom(null, one, two),
    stackable: fc.boolean(),
    typed: fc.boolean(),
  })
  .map(({ fixed, rate, amount, cap, share, owner, stackable, typed }) =>
    offer({
      ...(fixed
        ? { kind: 'fixed', rateBps: null, amountVnd: vnd(amount) }
        : { kind: 'percent', rateBps: bps(rate), capVnd: cap === null ? null : vnd(cap) }),
      ...{ exchangeBps: bps(share), businessId: owner, stackable, code: typed ? 'TET2027' : null },
    }),
  );
const anyLine = fc
  .tuple(fc.integer({ min: 1, max: 5_000_000 }), fc.constantFrom(one, two), fc.integer({ min: 1, max: 3 }))
  .map(([total, business, category]) => line(total, business, category));

test('whatever the vouchers: no line below nothing, no order below 1,000 đồng, parts sum to the whole', () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { minLength: 1, maxLength: 12 }),
      fc.array(anyOffer, { maxLength: 4 }),
      fc.integer({ min: 0, max: 40_000 }),
      (lines, offers, fee) => {
        const fees = new Map<string, Vnd>([
          [one, vnd(fee)],
          [two, vnd(fee)],
        ]);
        const { lines: taken, applied } = discountsOf(lines, fees, offers, now);
        taken.forEach(({ discountVnd, promotionVnd }, index) => {
          expect(discountVnd).toBeGreaterThanOrEqual(0);
          expect(discountVnd).toBeLessThanOrEqual(lines[index]?.totalVnd ?? 0);
          expect(promotionVnd).toBeGreaterThanOrEqual(0);
          expect(promotionVnd).toBeLessThanOrEqual(discountVnd);
        });
        for (const shop of [one, two]) {
          const own = lines
            .map((item, index) => ({ ...item, ...taken[index] }))
            .filter((item) => item.businessId === shop);
          if (own.length === 0) continue;
          const goods = own.reduce((sum, item) => sum + item.totalVnd, 0);
          const due = own.reduce((sum, item) => sum - (item.discountVnd ?? 0), goods + fee);
          expect(due).toBeGreaterThanOrEqual(Math.min(leastPayableVnd, goods + fee));
        }
        const all = sumVnd(taken.map(({ discountVnd }) => discountVnd));
        expect(sumVnd(applied.map(({ amountVnd }) => amountVnd))).toBe(all);
        const parts = applied.flatMap((each) => [...each.parts.values()]);
        expect(sumVnd(parts.map(({ discountVnd }) => discountVnd))).toBe(all);
        expect(sumVnd(parts.map(({ promotionVnd }) => promotionVnd))).toBe(
          sumVnd(taken.map(({ promotionVnd }) => promotionVnd)),
        );
      },
    ),
    { numRuns: 1_000 },
  );
});

describe('what may be given out', () => {
  const refused = (code: string) => expect.objectContaining({ code });
  const own = { businessId: one, exchangeBps: bps(0) };
  test('a voucher of the exchange, and one of a business at its own cost', () => {
    expect(() => checkTerms(terms, now)).not.toThrow();
    expect(() => checkTerms({ ...terms, ...own }, now)).not.toThrow();
  });
  test.each<[string, Partial<VoucherTerms>]>([
    ['voucher-code-invalid', { code: 'TẾT' }],
    ['voucher-code-invalid', { code: 'A' }],
    ['voucher-name-missing', { name: '' }],
    ['voucher-amount-invalid', { rateBps: bps(9_001) }],
    ['voucher-amount-invalid', { rateBps: null }],
    ['voucher-amount-invalid', { kind: 'fixed', rateBps: null, amountVnd: vnd(999) }],
    ['voucher-amount-invalid', { capVnd: vnd(0) }],
    ['voucher-time-invalid', { validUntil: terms.validFrom }],
    ['voucher-time-invalid', { validUntil: new Date(now.getTime() - 1) }],
    ['voucher-time-invalid', { validUntil: new Date(now.getTime() + 400 * day) }],
    ['voucher-limit-invalid', { budgetVnd: vnd(0) }],
    ['voucher-limit-invalid', { maxUses: 1.5 }],
    ['voucher-scope-unknown', { scope: 'products' }],
    ['voucher-share-invalid', { businessId: one, exchangeBps: bps(1) }],
    ['voucher-share-invalid', { exchangeBps: bps(5_000) }],
    ['voucher-share-invalid', { exchangeBps: bps(5_000), scope: 'businesses', scopeIds: [one] }],
  ])('not %s', (code, over) => {
    expect(() => checkTerms({ ...terms, ...over }, now)).toThrow(refused(code));
  });
  test('shared costs with the businesses and their agreement named; a first order counts once', () => {
    const shared = { exchangeBps: bps(5_000), scope: 'businesses' as const, scopeIds: [one], agreement: '12/TT' };
    expect(() => checkTerms({ ...terms, ...shared }, now)).not.toThrow();
    expect(checkTerms({ ...terms, firstOrder: true }, now).maxUsesPerCustomer).toBe(1);
  });
  test('a code as people type it', () => expect(readVoucherCode(' tet 2027 ')).toBe('TET2027'));
  test('before it begins it waits', () => {
    expect(stateOf(offer({ validFrom: new Date(now.getTime() + 1) }), now)).toBe('scheduled');
  });
});
