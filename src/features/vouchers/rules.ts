import { dayMs } from '#core/clock.ts';
import { type Bps, shareOf, split, sumVnd, type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import {
  leastPayableVnd,
  type NotApplied,
  type Offer,
  type Voucher,
  type VoucherState,
  type VoucherTerms,
  voucherProblems,
} from './types.ts';

const refuse = refusals(voucherProblems);

/** A line of a cart, as far as vouchers look at it. */
export type DiscountLine = {
  readonly businessId: string;
  readonly categoryId: number;
  readonly productId: string;
  readonly totalVnd: Vnd;
};
export type Discount = { readonly discountVnd: Vnd; readonly promotionVnd: Vnd };
export type Applied = {
  readonly offer: Offer;
  readonly amountVnd: Vnd;
  /** By business: what each order gets of it. */
  readonly parts: ReadonlyMap<string, Discount>;
};
export type Refused = { readonly offer: Offer; readonly reason: NotApplied; readonly missingVnd: Vnd };
export type Discounts = {
  /** A discount a line, in the order of the lines. */
  readonly lines: readonly Discount[];
  readonly applied: readonly Applied[];
  readonly refused: readonly Refused[];
};

const none: Discount = { discountVnd: ZERO, promotionVnd: ZERO };
const add = (a: Discount, b: Discount): Discount => ({
  discountVnd: vnd(a.discountVnd + b.discountVnd),
  promotionVnd: vnd(a.promotionVnd + b.promotionVnd),
});
const splitAny = (amount: Vnd, weights: readonly Vnd[]): readonly Vnd[] =>
  amount === 0 ? weights.map(() => ZERO) : split(amount, weights);

/** Whether the goods of a line are among those that a voucher is for. */
function covers({ businessId, scope, scopeIds }: VoucherTerms, line: DiscountLine): boolean {
  if (businessId !== null && businessId !== line.businessId) return false;
  if (scope === 'businesses') return scopeIds.includes(line.businessId);
  if (scope === 'categories') return scopeIds.includes(String(line.categoryId));
  if (scope === 'products') return scopeIds.includes(line.productId);
  return true;
}

export function stateOf(voucher: Voucher, now: Date): VoucherState {
  if (voucher.endedAt !== null || voucher.validUntil <= now) return 'ended';
  const spent = voucher.budgetVnd !== null && voucher.spentVnd >= voucher.budgetVnd;
  if (spent || (voucher.maxUses !== null && voucher.uses >= voucher.maxUses)) return 'used-up';
  return voucher.validFrom > now ? 'scheduled' : 'running';
}

/** What can be said against a voucher before anybody looks at the goods. */
function closedBy(offer: Offer, now: Date): NotApplied | undefined {
  const state = stateOf(offer, now);
  if (state === 'scheduled') return 'not-started';
  if (state !== 'running') return state;
  if (offer.maxUsesPerCustomer !== null && offer.ownUses >= offer.maxUsesPerCustomer) return 'own-limit';
  return offer.firstOrder && offer.hasOrdered ? 'first-order' : undefined;
}

type Basket = {
  readonly lines: readonly DiscountLine[];
  readonly freight: ReadonlyMap<string, Vnd>;
  readonly now: Date;
};
type Plan = { readonly lines: readonly Discount[]; readonly applied: readonly Applied[] };
type Outcome = { readonly plan: Plan } | { readonly reason: NotApplied; readonly missingVnd: Vnd };

const wish = ({ kind, rateBps, amountVnd, capVnd }: VoucherTerms, left: Vnd): Vnd => {
  const asked = kind === 'percent' ? shareOf(left, rateBps ?? (0 as Bps)) : (amountVnd ?? ZERO);
  return vnd(Math.min(asked, left, capVnd ?? Number.MAX_SAFE_INTEGER));
};

/** Which lines are covered, with what vouchers before have left of their price; others count as nothing. */
const leftOn = (offer: Offer, { lines }: Basket, { lines: taken }: Plan): readonly Vnd[] =>
  lines.map((line, index) => (covers(offer, line) ? vnd(line.totalVnd - (taken[index]?.discountVnd ?? ZERO)) : ZERO));

/** What a business's order may still lose: all but the least that an order costs. */
function roomOf(businessId: string, { lines, freight }: Basket, { lines: taken }: Plan): number {
  const goods = lines.map((line, index) =>
    line.businessId === businessId ? line.totalVnd - (taken[index]?.discountVnd ?? ZERO) : 0,
  );
  const due = goods.reduce((sum, one) => sum + one, 0) + (freight.get(businessId) ?? 0);
  return Math.max(0, due - leastPayableVnd);
}

/** The discount by line: first over the businesses, within what each order may lose, then over the lines of each. */
function spread(offer: Offer, left: readonly Vnd[], basket: Basket, plan: Plan): readonly Vnd[] {
  const shops = [...new Set(basket.lines.map((line) => line.businessId))];
  const ofShop = (shop: string): readonly Vnd[] =>
    left.map((one, index) => (basket.lines[index]?.businessId === shop ? one : ZERO));
  const sums = shops.map((shop) => sumVnd(ofShop(shop)));
  const shares = splitAny(wish(offer, sumVnd(left)), sums);
  const parts = shops.map((shop, index) => {
    const share = vnd(Math.min(shares[index] ?? 0, roomOf(shop, basket, plan)));
    return splitAny(share, ofShop(shop));
  });
  return left.map((_one, index) => sumVnd(parts.map((part) => part[index] ?? ZERO)));
}

function apply(offer: Offer, basket: Basket, plan: Plan): Outcome {
  const no = (reason: NotApplied, missingVnd: Vnd = ZERO): Outcome => ({ reason, missingVnd });
  const closed = closedBy(offer, basket.now);
  if (closed) return no(closed);
  const covered = sumVnd(basket.lines.filter((line) => covers(offer, line)).map((line) => line.totalVnd));
  if (covered === 0) return no('scope');
  if (covered < offer.minimumVnd) return no('minimum', vnd(offer.minimumVnd - covered));
  const discounts = spread(offer, leftOn(offer, basket, plan), basket, plan);
  const amountVnd = sumVnd(discounts);
  if (amountVnd === 0) return no('nothing-left');
  if (offer.budgetVnd !== null && offer.spentVnd + amountVnd > offer.budgetVnd) return no('used-up');
  const promotions = splitAny(shareOf(amountVnd, offer.exchangeBps), discounts);
  const own = discounts.map((discountVnd, index) => ({ discountVnd, promotionVnd: promotions[index] ?? ZERO }));
  const parts = new Map<string, Discount>();
  own.forEach((one, index) => {
    const shop = basket.lines[index]?.businessId ?? '';
    if (one.discountVnd > 0) parts.set(shop, add(parts.get(shop) ?? none, one));
  });
  return {
    plan: {
      lines: plan.lines.map((before, index) => add(before, own[index] ?? none)),
      applied: [...plan.applied, { offer, amountVnd, parts }],
    },
  };
}

const sumOf = ({ applied }: Plan): number => applied.reduce((sum, one) => sum + one.amountVnd, 0);

/**
 * What vouchers take off a cart. Those that may be combined are taken one after the other, each of what the one before
 * left, the typed code first; any other stands alone. The shopper gets whichever is most, the typed code if it is as much.
 */
export function discountsOf(
  lines: readonly DiscountLine[],
  freight: ReadonlyMap<string, Vnd>,
  offers: readonly Offer[],
  now: Date,
): Discounts {
  const nothing: Plan = { lines: lines.map(() => none), applied: [] };
  const basket: Basket = { lines, freight, now };
  const ordered = [...offers].sort((a, b) => Number(a.code === null) - Number(b.code === null));
  const alone = ordered.map((offer) => ({ offer, outcome: apply(offer, basket, nothing) }));
  let together = nothing;
  for (const offer of ordered.filter((one) => one.stackable)) {
    const outcome = apply(offer, basket, together);
    if ('plan' in outcome) together = outcome.plan;
  }
  const plans = [together, ...alone.flatMap(({ outcome }) => ('plan' in outcome ? [outcome.plan] : []))];
  const hasCode = ({ applied }: Plan): number => Number(applied.some(({ offer }) => offer.code !== null));
  const best = plans.reduce((a, b) => ((sumOf(b) - sumOf(a) || hasCode(b) - hasCode(a)) > 0 ? b : a));
  const isApplied = (offer: Offer): boolean => best.applied.some((one) => one.offer.id === offer.id);
  const refused = alone.flatMap(({ offer, outcome }): Refused[] => {
    if (isApplied(offer)) return [];
    return 'plan' in outcome ? [{ offer, reason: 'not-combined', missingVnd: ZERO }] : [{ offer, ...outcome }];
  });
  return { ...best, refused };
}

/** What was typed, upper case and without spaces. */
export const readVoucherCode = (typed: string): string => typed.replace(/\s+/g, '').toUpperCase();

const maxDays = 366;
const isWhole = (value: number | null): boolean => value === null || (Number.isSafeInteger(value) && value > 0);

function checkAmounts({ kind, rateBps, amountVnd, capVnd }: VoucherTerms): void {
  const isRate = rateBps !== null && rateBps >= 100 && rateBps <= 9_000 && amountVnd === null;
  const isAmount = amountVnd !== null && amountVnd >= leastPayableVnd && rateBps === null && capVnd === null;
  const pointer = kind === 'percent' ? '/rateBps' : '/amountVnd';
  if (!(kind === 'percent' ? isRate : isAmount)) throw refuse('voucher-amount-invalid', { pointer });
  if (!isWhole(capVnd)) throw refuse('voucher-amount-invalid', { pointer: '/capVnd' });
}

/** Nobody pays for another's generosity without having agreed to it. */
function checkShare({ businessId, exchangeBps, scope, agreement }: VoucherTerms): void {
  const own = businessId !== null;
  const shared = !own && exchangeBps < 10_000;
  if (own ? exchangeBps !== 0 : shared && (scope !== 'businesses' || agreement === ''))
    throw refuse('voucher-share-invalid', { pointer: shared ? '/agreement' : '/exchangeBps' });
}

/** A voucher that can be given out. The first order of a shopper is one, so it is used once. */
export function checkTerms(terms: VoucherTerms, now: Date): VoucherTerms {
  if (terms.code !== null && !/^[A-Z0-9]{4,20}$/.test(terms.code))
    throw refuse('voucher-code-invalid', { pointer: '/code' });
  if (terms.name === '') throw refuse('voucher-name-missing', { pointer: '/name' });
  checkAmounts(terms);
  const days = (terms.validUntil.getTime() - terms.validFrom.getTime()) / dayMs;
  if (!(days > 0 && days <= maxDays) || terms.validUntil <= now)
    throw refuse('voucher-time-invalid', { pointer: '/validUntil' });
  for (const limit of ['budgetVnd', 'maxUses', 'maxUsesPerCustomer'] as const)
    if (!isWhole(terms[limit])) throw refuse('voucher-limit-invalid', { pointer: `/${limit}` });
  checkShare(terms);
  if (terms.scope !== 'all' && terms.scopeIds.length === 0)
    throw refuse('voucher-scope-unknown', { pointer: '/scopeIds' });
  return { ...terms, maxUsesPerCustomer: terms.firstOrder ? 1 : terms.maxUsesPerCustomer };
}
