declare const vndBrand: unique symbol;
declare const bpsBrand: unique symbol;

/** A whole number of đồng. VND has no minor unit in use, so there is nothing to multiply by 100. */
export type Vnd = number & { readonly [vndBrand]: 'Vnd' };

/** A rate in basis points: 10,000 bps = 100 %. */
export type Bps = number & { readonly [bpsBrand]: 'Bps' };

/** Marks `amount` as đồng. Throws RangeError on a fraction or beyond 2^53 − 1. */
export function vnd(amount: number): Vnd {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number of dong`);
  return (amount + 0) as Vnd;
}

export const ZERO = vnd(0);

/** Marks `rate` as basis points. Throws RangeError outside 0…10,000 or on a fraction. */
export function bps(rate: number): Bps {
  if (!Number.isInteger(rate) || rate < 0 || rate > 10_000)
    throw new RangeError(`${rate} is not a rate in basis points`);
  return rate as Bps;
}

/** The sum in đồng; 0 for none. */
export const sumVnd = (amounts: Iterable<Vnd>): Vnd =>
  vnd([...amounts].reduce<number>((sum, amount) => sum + amount, 0));

/** Price × pieces, in đồng. `quantity` is a whole number ≥ 0. */
export const times = (price: Vnd, quantity: number): Vnd => vnd(price * quantity);

/** The part of `amount` that `rate` names, in whole đồng, halves away from zero. BigInt keeps amount × rate exact beyond 2^53. */
export function shareOf(amount: Vnd, rate: Bps): Vnd {
  const product = BigInt(amount) * BigInt(rate);
  const half = product < 0n ? -5_000n : 5_000n;
  return vnd(Number((product + half) / 10_000n));
}

/** The tax that a price of `amount` đồng (≥ 0) contains at `rate`, halves up: 108,000 at 8 % contain 8,000. */
export function containedIn(amount: Vnd, rate: Bps): Vnd {
  const base = 10_000n + BigInt(rate);
  return vnd(Number((BigInt(amount) * BigInt(rate) * 2n + base) / (2n * base)));
}

/** `amount` × `part` ÷ `whole` in đồng, rounded down; exact beyond 2^53. All ≥ 0, `part` ≤ `whole`; 0 of nothing is 0. */
export const prorated = (amount: Vnd, part: number, whole: number): Vnd =>
  whole === 0 ? ZERO : vnd(Number((BigInt(amount) * BigInt(part)) / BigInt(whole)));

/**
 * Splits `amount` (đồng ≥ 0) over `weights` (each ≥ 0) by largest remainder: the parts always sum to the whole,
 * and equal remainders go to the earlier part so that the result is repeatable. No weight at all throws RangeError.
 */
export function split(amount: Vnd, weights: readonly number[]): readonly Vnd[] {
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (total <= 0n || amount < 0) throw new RangeError('There is nothing to split, or nobody to split it over');
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = exact.map((part) => part / total);
  let left = BigInt(amount) - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = exact
    .map((part, index) => ({ index, rest: part % total }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => vnd(Number(part)));
}
