import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import {
  type DeliveryMethod,
  type DeliveryOption,
  type Freight,
  type Goods,
  type Rate,
  type RateScheme,
  type Spoiling,
  shippingProblems,
  type Tariff,
  type Zone,
} from './types.ts';

const refuse = refusals(shippingProblems);

const gramsPerKg = 1_000;

const sum = (goods: readonly Goods[], of: (one: Goods) => number): number =>
  goods.reduce((total, one) => total + of(one) * one.quantity, 0);

/** What a carrier charges by: bulky goods weigh what their size counts as. */
export function chargeableGrams(goods: readonly Goods[], volumetricDivisor: number | null): number {
  const grams = sum(goods, (one) => one.grams);
  if (volumetricDivisor === null) return grams;
  return Math.max(grams, Math.ceil((sum(goods, (one) => one.volumeCm3) * gramsPerKg) / volumetricDivisor));
}

/** The fee of one parcel by one rate. Every step that is begun counts, and a part of a đồng is a đồng. */
export function feeOf(rate: Rate, grams: number, valueVnd: Vnd): Vnd {
  const { feeVnd, baseGrams, stepGrams, stepVnd, valueFromVnd, valueBps } = rate;
  const steps = stepGrams === null ? 0 : Math.ceil(Math.max(0, grams - (baseGrams ?? 0)) / stepGrams);
  const insured = valueFromVnd === null ? 0 : Math.max(0, valueVnd - valueFromVnd);
  return vnd(feeVnd + steps * (stepVnd ?? 0) + Math.ceil((insured * (valueBps ?? 0)) / 10_000));
}

function rateOf({ rates }: Tariff, scheme: RateScheme, zone: Zone | null = null): Rate | undefined {
  return rates.find((rate) => rate.scheme === scheme && rate.zone === zone);
}

function mustHave(rate: Rate | undefined): Rate {
  if (!rate) throw new Error('No shipping rate is in force: run the migrations');
  return rate;
}

/** What of the goods bears less than the way takes, at its longest. */
function spoilingOf({ zone, times, limits, productLimits }: Tariff, goods: readonly Goods[]): readonly Spoiling[] {
  const transitHours = times.find((time) => time.zone === zone)?.maxHours ?? 0;
  const found = goods.flatMap(({ productId, name, storage, isVoucher }): Spoiling[] => {
    const own = productLimits.find((limit) => limit.productId === productId)?.maxHours;
    const maxHours = own ?? limits.find((limit) => limit.storage === storage)?.maxHours ?? null;
    if (isVoucher || maxHours === null || maxHours >= transitHours) return [];
    return [{ productId, name, maxHours, transitHours }];
  });
  return [...new Map(found.map((one) => [one.productId, one])).values()];
}

/** A sale of tickets alone: nothing is sent, and there is nothing to choose. */
function nothingToSend(tariff: Tariff): Freight {
  const { feeVnd, id: rateId } = mustHave(rateOf(tariff, 'voucher'));
  const nothing = { spoiling: [], point: null, options: [], isChoiceGone: false, toFreeVnd: null };
  return { method: 'standard', feeVnd, rateId, zone: tariff.zone, grams: 0, ...nothing };
}

/**
 * How a business's goods travel, in one parcel. Free-over looks at the price of the goods before vouchers, so that using one
 * never brings the freight back.
 */
export function freightOf(
  tariff: Tariff,
  businessId: BusinessId,
  goods: readonly Goods[],
  subtotalVnd: Vnd,
  wanted: DeliveryMethod = 'standard',
): Freight {
  if (goods.every((one) => one.isVoucher)) return nothingToSend(tariff);
  const { zone } = tariff;
  const terms = tariff.terms.find((one) => one.businessId === businessId);
  const rate = mustHave(rateOf(tariff, 'zone', zone) ?? rateOf(tariff, 'flat'));
  const grams = chargeableGrams(goods, rate.volumetricDivisor);
  const fullVnd = feeOf(rate, grams, subtotalVnd);
  const missing = terms?.freeOverVnd == null ? null : vnd(Math.max(0, terms.freeOverVnd - subtotalVnd));
  const feeVnd = missing === 0 ? ZERO : fullVnd;
  const standard: DeliveryOption = { method: 'standard', feeVnd, spoiling: spoilingOf(tariff, goods), point: null };
  const collecting = mustHave(rateOf(tariff, 'pickup'));
  const ways: DeliveryOption[] = [standard];
  if (terms?.pickup) ways.push({ method: 'pickup', feeVnd: collecting.feeVnd, spoiling: [], point: terms.pickup });
  const chosen = ways.find(({ method }) => method === wanted) ?? standard;
  return {
    ...chosen,
    rateId: chosen === standard ? rate.id : collecting.id,
    zone,
    grams,
    options: ways,
    isChoiceGone: chosen.method !== wanted,
    toFreeVnd: chosen.feeVnd === 0 ? null : missing,
  };
}

/** From this share on, freight is out of proportion to the goods: two jars of fish paste for the price of three. */
const sillyShareBps = 4_000;

/** The freight as a share of the goods, and what to do where it is silly. */
export function shareOf({ feeVnd, toFreeVnd }: Pick<Freight, 'feeVnd' | 'toFreeVnd'>, subtotalVnd: Vnd) {
  const shareBps = subtotalVnd === 0 ? 0 : Math.round((feeVnd * 10_000) / subtotalVnd);
  const isSilly = shareBps > sillyShareBps;
  const advice = toFreeVnd === null ? 'combine' : 'add-for-free';
  return { shareBps, advice: isSilly ? advice : null } as const;
}

/** A rate whose steps are whole. */
export function checkRate(rate: Pick<Rate, 'baseGrams' | 'stepGrams' | 'stepVnd'>): void {
  const given = [rate.baseGrams, rate.stepGrams, rate.stepVnd].filter((part) => part !== null).length;
  if (given !== 0 && given !== 3) throw refuse('rate-incomplete', { pointer: '/stepGrams' });
}

export function checkTimes(minHours: number, mostHours: number): void {
  if (minHours > mostHours) throw refuse('transit-hours-crossed', { pointer: '/minHours' });
}
