import { expect, test } from 'vitest';
import { readGtin13 } from '#core/gtin.ts';

test.each([
  ['8930002000017', { gtin: '8930002000017' }],
  [' 893 0002-000017 ', { gtin: '8930002000017' }],
  ['8930002000018', { fault: 'check-digit' }],
  ['893000200001', { fault: 'length' }],
  ['8.93E+12', { fault: 'length' }],
  ['893000200001a', { fault: 'length' }],
  ['', { fault: 'length' }],
])('%j', (text, read) => expect(readGtin13(text)).toEqual(read));
