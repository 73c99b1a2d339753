import { prorated, shareOf, sumVnd, type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Revenue, type TaxEntry, type TaxRule, taxProblems, type Withheld } from './types.ts';

const refuse = refusals(taxProblems);

/** The month of an instant as the tax office counts, `2026-11` in Vietnam. */
export const monthOf = (localDate: string): string => localDate.slice(0, 7);

/** A month of which nothing more can come. */
export function checkMonthOver(month: string, today: string): void {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month) || month >= monthOf(today)) throw refuse('tax-month-open', { month });
}

/** The part of a revenue that is taxed under a rule, after so much was taken in this year. */
function taxable(revenue: Vnd, { policy, thresholdVnd }: TaxRule, yearVnd: Vnd): Vnd {
  if (policy === 'never') return ZERO;
  if (policy === 'always') return revenue;
  return vnd(Math.max(0, Math.min(revenue, yearVnd + revenue - thresholdVnd)));
}

/**
 * What the exchange withholds of a household's order: by kind of revenue, at the rates of the day. Above a threshold only
 * the part beyond it counts; goods come before services within one order.
 */
export function withheldOf(
  revenue: Revenue,
  rules: Readonly<Record<'goods' | 'services', TaxRule>>,
  yearVnd: Vnd,
): Withheld & { readonly taxableVnd: Vnd } {
  const goods = taxable(revenue.goods, rules.goods, yearVnd);
  const services = taxable(revenue.services, rules.services, vnd(yearVnd + revenue.goods));
  return {
    taxableVnd: sumVnd([goods, services]),
    vatVnd: sumVnd([shareOf(goods, rules.goods.vatBps), shareOf(services, rules.services.vatBps)]),
    pitVnd: sumVnd([shareOf(goods, rules.goods.pitBps), shareOf(services, rules.services.pitBps)]),
  };
}

/** An order, as tax looks at it. `takenVnd` counts what the exchange paid of a discount; freight is the carrier's. */
export type TaxedOrder = {
  readonly taken: Revenue;
  readonly paidVnd: Vnd;
  readonly refundedVnd: Vnd;
  /** What the exchange took back of what it had paid of a discount, as the books say. */
  readonly promotionBackVnd: Vnd;
};

/** The revenue that is left once part of the price has gone back: goods go back before freight. */
export function keptOf({ taken, paidVnd, refundedVnd, promotionBackVnd }: TaxedOrder): Revenue {
  const all = sumVnd([taken.goods, taken.services]);
  const back = Math.min(refundedVnd, paidVnd);
  const isBack = paidVnd > ZERO && back === paidVnd;
  const kept = isBack ? ZERO : vnd(Math.max(0, all - back - promotionBackVnd));
  const goods = prorated(taken.goods, kept, all);
  return { goods, services: vnd(kept - goods) };
}

const sumOf = (entries: readonly TaxEntry[], of: (entry: TaxEntry) => Vnd): number =>
  entries.reduce((sum, entry) => sum + (entry.kind === 'withheld' ? of(entry) : -of(entry)), 0);

/** What is to be offset after a return: what was withheld of the part that went back, at the rates that were frozen then. */
export function offsetOf(entries: readonly TaxEntry[], kept: Revenue): TaxEntry | undefined {
  const [first] = entries;
  if (!first) return undefined;
  const revenue = first.goodsVnd + first.servicesVnd;
  const keptVnd = Math.min(kept.goods + kept.services, revenue);
  const left = (whole: Vnd, of: (entry: TaxEntry) => Vnd): Vnd =>
    vnd(sumOf(entries, of) - prorated(whole, keptVnd, revenue));
  const offset: TaxEntry = {
    kind: 'offset',
    goodsVnd: left(first.goodsVnd, (entry) => entry.goodsVnd),
    servicesVnd: left(first.servicesVnd, (entry) => entry.servicesVnd),
    taxableVnd: left(first.taxableVnd, (entry) => entry.taxableVnd),
    vatVnd: left(first.vatVnd, (entry) => entry.vatVnd),
    pitVnd: left(first.pitVnd, (entry) => entry.pitVnd),
  };
  return offset.goodsVnd + offset.servicesVnd > 0 ? offset : undefined;
}
