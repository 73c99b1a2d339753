import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, sumByVariant } from '#features/stock/rules/counting.ts';

describe('the demand for a variant', () => {
  test('two lines of one variant are one demand, in the order in which shelves are locked', () => {
    const lines = [
      { variantId: 'b', quantity: 1 },
      { variantId: 'a', quantity: 2 },
      { variantId: 'b', quantity: 3 },
    ];
    expect(sumByVariant(lines)).toEqual([
      { variantId: 'a', quantity: 2 },
      { variantId: 'b', quantity: 4 },
    ]);
  });

  test('nothing is lost, nothing is asked for twice, and the order is always the same', () => {
    const line = fc.record({
      variantId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      quantity: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const summed = sumByVariant(lines);
        const ids = summed.map(({ variantId }) => variantId);
        expect(ids).toEqual([...new Set(ids)].toSorted());
        const total = (all: readonly { quantity: number }[]) => all.reduce((sum, { quantity }) => sum + quantity, 0);
        expect(total(summed)).toBe(total(lines));
      }),
    );
  });
});

describe('counting the shelf', () => {
  test.each([
    [10, 3, 12, 2],
    [10, 3, 3, -7],
    [10, 0, 0, -10],
    [10, 3, 10, 0],
  ])('%i there, %i held, %i counted: %i', (onHand, held, counted, change) => {
    expect(count({ onHand, held }, counted)).toBe(change);
  });
  test('what shoppers hold is there by definition', () => {
    const refused = expect.objectContaining({ code: 'stock-below-held', extra: { held: 3, counted: 2 } });
    expect(() => count({ onHand: 10, held: 3 }, 2)).toThrow(refused);
  });
});
