import { dayMs } from '#core/clock.ts';
import { type Bps, shareOf, split, sumVnd, type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type FeeRule, type FeeTable, type FeeTarget, feeProblems, noticeDays } from './types.ts';

const refuse = refusals(feeProblems);

type Rates = { readonly rateBps: Bps; readonly vatBps: Bps };
type Commission = { readonly commissionVnd: Vnd; readonly commissionVatVnd: Vnd };
/** What the exchange takes of a line, frozen on the sale with the rule that said so. */
export type LineFee = Commission & { readonly ruleId: FeeRule['id'] };
/** A line, as far as fees look at it: who sells what, and how much the business takes for it. */
export type FeeLine = {
  readonly businessId: string;
  readonly businessType: string;
  readonly categoryId: number;
  readonly takenVnd: Vnd;
};

/** What the exchange takes of a sale: a part of what the business takes for goods, not for freight, and the VAT on that part. */
export function commissionOf(taken: Vnd, { rateBps, vatBps }: Rates): Commission {
  const commissionVnd = shareOf(taken, rateBps);
  return { commissionVnd, commissionVatVnd: shareOf(commissionVnd, vatBps) };
}

const splitAny = (amount: Vnd, weights: readonly Vnd[]): readonly Vnd[] =>
  amount === 0 ? weights.map(() => ZERO) : split(amount, weights);

/**
 * The same, divided over lines. Fee and VAT are divided together first and then each within its part, so that no line ever
 * owes more than it brings, however small it is.
 */
export function commissionOfLines(taken: readonly Vnd[], rates: Rates): readonly Commission[] {
  const whole = commissionOf(sumVnd(taken), rates);
  const fees = splitAny(sumVnd([whole.commissionVnd, whole.commissionVatVnd]), taken);
  const own = splitAny(whole.commissionVnd, fees);
  return fees.map((fee, index) => {
    const commissionVnd = own[index] ?? ZERO;
    return { commissionVnd, commissionVatVnd: vnd(fee - commissionVnd) };
  });
}

/** How narrow a rule is: a business before a product set, that before a kind of business, and all last. */
const narrowness = ({ businessId, categoryId, businessType }: FeeTarget): number =>
  (businessId === null ? 0 : 4) + (categoryId === null ? 0 : 2) + (businessType === null ? 0 : 1);

const fits = (rule: FeeRule, line: FeeLine): boolean =>
  (rule.businessId === null || rule.businessId === line.businessId) &&
  (rule.categoryId === null || rule.categoryId === line.categoryId) &&
  (rule.businessType === null || rule.businessType === line.businessType);

function ruleFor(rules: readonly FeeRule[], line: FeeLine): FeeRule & { readonly rateBps: Bps } {
  const [rule] = rules
    .filter((one) => one.rateBps !== null && fits(one, line))
    .sort((a, b) => narrowness(b) - narrowness(a));
  if (!rule || rule.rateBps === null) throw new Error('No commission rule is in force: run the migrations');
  return { ...rule, rateBps: rule.rateBps };
}

/** The fee of each line of one order. Lines of one rule are reckoned together, so that rounding never favours small lines. */
export function feesOf(lines: readonly FeeLine[], { rules, vatBps }: FeeTable): readonly LineFee[] {
  const chosen = lines.map((line) => ruleFor(rules, line));
  const fees: (LineFee | undefined)[] = lines.map(() => undefined);
  for (const rule of new Map(chosen.map((one) => [one.id, one])).values()) {
    const own = lines.flatMap((_line, index) => (chosen[index]?.id === rule.id ? [index] : []));
    const taken = own.map((index) => lines[index]?.takenVnd ?? ZERO);
    commissionOfLines(taken, { rateBps: rule.rateBps, vatBps }).forEach((fee, place) => {
      fees[own[place] ?? -1] = { ...fee, ruleId: rule.id };
    });
  }
  return fees.filter((fee) => fee !== undefined);
}

/** The first instant from which a fee that is published now may count. */
export const earliestFee = (now: Date): Date => new Date(now.getTime() + noticeDays * dayMs);

/** A fee that may be published. */
export function checkFee(
  { rateBps, validFrom, ...target }: FeeTarget & { readonly rateBps: number | null; readonly validFrom: Date },
  now: Date,
): void {
  const named = [target.businessId, target.categoryId, target.businessType].filter((one) => one !== null).length;
  if (named > 1 || (named === 0 && rateBps === null)) throw refuse('fee-target-invalid', { pointer: '/businessId' });
  if (rateBps !== null && !(Number.isInteger(rateBps) && rateBps >= 0 && rateBps <= 3_000))
    throw refuse('fee-rate-invalid', { pointer: '/rateBps' });
  const earliest = earliestFee(now);
  if (!(validFrom >= earliest))
    throw refuse('fee-too-soon', { pointer: '/validFrom', earliest: earliest.toISOString() });
}
