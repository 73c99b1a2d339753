import { refusals } from '#core/problem.ts';
import { orderProblems } from '../types.ts';

const refuse = refusals(orderProblems);

/** Pieces of an order's lines, by what was bought. */
export type WantedPieces = readonly { readonly variantId: string; readonly quantity: number }[];
type OpenLine = { readonly variantId: string; readonly open: number };

/**
 * The pieces that are asked for, or all open ones. Refused where a line is not of the order or named twice, where it is
 * more than what is open, and where nothing is left.
 */
export function readWanted<Line extends OpenLine>(
  lines: readonly Line[],
  wanted: WantedPieces | undefined,
): readonly { readonly line: Line; readonly quantity: number }[] {
  const open = lines.map((line) => ({ variantId: line.variantId, open: line.open }));
  const named = new Set(wanted?.map(({ variantId }) => variantId));
  if (wanted && named.size < wanted.length) throw refuse('line-not-of-order', { open });
  const chosen = (wanted ?? lines.map(({ variantId, open: quantity }) => ({ variantId, quantity }))).map(
    ({ variantId, quantity }) => {
      const line = lines.find((one) => one.variantId === variantId);
      if (!line) throw refuse('line-not-of-order', { open });
      if (quantity > line.open) throw refuse('pieces-not-open', { open });
      return { line, quantity };
    },
  );
  const some = chosen.filter(({ quantity }) => quantity > 0);
  if (some.length === 0) throw refuse('pieces-not-open', { open });
  return some;
}
