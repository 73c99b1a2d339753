import { refusals } from '#core/problem.ts';
import { type CountReason, stockProblems } from '../types.ts';

const refuse = refusals(stockProblems);

/** Two lines of one variant are one demand: checked apart, each could pass where both together do not (medusa#16502). */
export function sumByVariant<Variant extends string>(
  lines: readonly { readonly variantId: Variant; readonly quantity: number }[],
): { readonly variantId: Variant; readonly quantity: number }[] {
  const sums = new Map<Variant, number>();
  for (const { variantId, quantity } of lines) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity);
  return [...sums]
    .map(([variantId, quantity]) => ({ variantId, quantity }))
    .sort((a, b) => (a.variantId < b.variantId ? -1 : 1));
}

/** The change that brings stock to `counted`. What is held for shoppers is there by definition. */
export function count(current: { readonly onHand: number; readonly held: number }, counted: number): number {
  if (counted < current.held) throw refuse('stock-below-held', { held: current.held, counted });
  return counted - current.onHand;
}

const signs: Readonly<Record<Exclude<CountReason, 'count'>, 1 | -1>> = {
  received: 1,
  'sold-elsewhere': -1,
  damaged: -1,
  'given-away': -1,
};

/** The change that a movement makes: so many pieces more or fewer, or whatever brings stock to what was counted. */
export function changeOf(
  reason: CountReason,
  quantity: number,
  current: { readonly onHand: number; readonly held: number },
): number {
  return count(current, reason === 'count' ? quantity : current.onHand + signs[reason] * quantity);
}
