import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMoney } from '#core/read-money.ts';

describe('an amount as people type it', () => {
  test.each([
    ['120000', 120_000],
    [' 120 000 ', 120_000],
    ['120.000', 120_000],
    ['120,000', 120_000],
    ['120.000đ', 120_000],
    ['120.000 ₫', 120_000],
    ['₫120.000', 120_000],
    ['120.000 Ð', 120_000],
    ['150000 VNĐ', 150_000],
    ['150.000 vnd', 150_000],
    ['95.000 đồng', 95_000],
    ['1.200.000', 1_200_000],
    ['1.200.000,00', 1_200_000],
    ['1,200,000.00', 1_200_000],
    ['120000.0', 120_000],
    ['85k', 85_000],
    ['85 K', 85_000],
    ['12,5k', 12_500],
    ['125 nghìn', 125_000],
    ['125 ngàn đồng', 125_000],
    ['1,2 triệu', 1_200_000],
    ['1.2tr', 1_200_000],
    ['1,2 trie\u0323\u0302u', 1_200_000],
    ['1tr2', 1_200_000],
    ['1tr25', 1_250_000],
    ['1tr05', 1_050_000],
    ['1 triệu 200', 1_200_000],
    ['1 triệu 200 nghìn', 1_200_000],
    ['2 triệu 50k', 2_050_000],
    ['125k5', 125_500],
    ['3 tỷ', 3_000_000_000],
    ['１２０．０００', 120_000],
    ['120\u200B000', 120_000],
    ['0', 0],
  ])('%j is %i', (text, amount) => expect(readMoney(text)).toBe(amount));

  test.each([
    ['', 'missing'],
    ['   ', 'missing'],
    ['liên hệ', 'unreadable'],
    ['một trăm nghìn', 'unreadable'],
    ['1e5', 'unreadable'],
    ['1.20.000', 'unreadable'],
    ['12.3456.78', 'unreadable'],
    ['0x10', 'unreadable'],
    ['120.000đ/kg', 'unreadable'],
    ['100k-120k', 'ambiguous'],
    ['100.000 – 120.000', 'ambiguous'],
    ['100k đến 120k', 'ambiguous'],
    ['1.250k', 'ambiguous'],
    ['-45000', 'negative'],
    ['−45.000 đ', 'negative'],
    ['12,5', 'fraction'],
    ['0.5', 'fraction'],
    ['1,2345k', 'fraction'],
    ['99999999999999999999', 'too-large'],
    ['9'.repeat(41), 'unreadable'],
  ])('%j is not taken: %s', (text, fault) => expect(readMoney(text)).toBe(fault));

  test('whatever is typed, the answer is a whole amount or a reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.,-k trđ~'), maxLength: 20 }), (text) => {
        const read = readMoney(text);
        return typeof read === 'string' || (Number.isSafeInteger(read) && read >= 0);
      }),
      { numRuns: 2_000 },
    );
  });
});
