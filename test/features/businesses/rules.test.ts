import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkTaxCode } from '#features/businesses/rules.ts';

/** Public tax codes of large companies, the first of them with a branch and as people write it. */
test.each([
  ['0100107370', '0100107370'],
  ['0100107370-001', '0100107370001'],
  ['0100 107 370', '0100107370'],
  ['0300588569', '0300588569'],
  ['0100112437', '0100112437'],
  ['079203001234', '079203001234'],
])('%s', (given, taken) => expect(checkTaxCode(given)).toBe(taken));

test.each(['', '0100107371', '010010737', '01001073700', 'MST0100107370', '0100107370-01'])('not %s', (given) => {
  expect(() => checkTaxCode(given)).toThrow(expect.objectContaining({ code: 'tax-code-invalid' }));
});

test('one wrong digit is always noticed', () => {
  const right = '0300588569';
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (position, shift) => {
      const digit = (Number(right[position]) + shift) % 10;
      const wrong = right.slice(0, position) + digit + right.slice(position + 1);
      expect(() => checkTaxCode(wrong)).toThrow();
    }),
  );
});
