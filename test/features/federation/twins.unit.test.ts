import { expect, test } from 'vitest';
import {
  contentOf,
  type Good,
  groupsOf,
  gtinOf,
  nameKeyOf,
  packOf,
  twinName,
  twinsOf,
} from '#features/federation/rules.ts';

const good = (productId: string, partnerKey: string | null, more: Partial<Good> = {}): Good => ({
  productId,
  partnerKey,
  name: 'Bánh pía sầu riêng',
  unit: 'hộp',
  gtin: null,
  taxCode: null,
  netWeightG: 400,
  decisionNumber: null,
  ...more,
});
const ours = good('1', null);

test.each([
  ['8934673573399', '08934673573399'],
  ['08934673573399', '08934673573399'],
  ['8934673573398', undefined],
  ['2012345678903', undefined],
  ['0212345678909', undefined],
  ['20123451', undefined],
  ['abc', undefined],
  ['', undefined],
])('the number %s names %s', (gtin, named) => expect(gtinOf(gtin)).toBe(named));

test.each([
  ['Lốc 6 hộp sữa', 6],
  ['Thùng 24 lon nước dừa', 24],
  ['Bánh pía x12', 12],
  ['Bánh pía 4 cái', 4],
  ['Bánh pía 500 g', 1],
  ['Gạo ST25', 1],
])('%s is a pack of %d', (name, pack) => expect(packOf(name)).toBe(pack));

test('a name is compared without its tone marks, sizes and packs', () => {
  expect(nameKeyOf('Bánh Pía sầu riêng 500g (lốc 6 hộp)')).toBe('banh pia sau rieng');
  expect(nameKeyOf('banh pia  Sầu riêng')).toBe('banh pia sau rieng');
  expect(contentOf({ name: 'Khô cá 0,5 kg', netWeightG: 0 })).toBe(500);
});

test('one barcode on two exchanges is one good, unless its packs differ', () => {
  const gtin = '8934673573399';
  expect(twinsOf([good('1', null, { gtin }), good('2', 'a', { gtin, name: 'Tên khác' })])).toEqual([
    { one: '1', other: '2', basis: 'gtin' },
  ]);
  const six = good('2', 'a', { gtin, name: 'Lốc 6 hộp bánh pía' });
  const twelve = good('3', 'b', { gtin, name: 'Lốc 12 hộp bánh pía' });
  expect(twinsOf([six, twelve])).toEqual([]);
  expect(twinsOf([good('1', 'a', { gtin }), good('2', 'a', { gtin })])).toEqual([]);
});

test('a number at the end of a name is no count of the unit that follows', () => {
  const gtin = '8934673573399';
  const name = 'Gạo ST 25';
  expect(
    twinsOf([good('1', null, { gtin, name, unit: 'túi' }), good('2', 'a', { gtin, name, unit: 'kg' })]),
  ).toHaveLength(1);
});

test('a barcode of one company’s own use joins nothing', () => {
  const gtin = '2012345678903';
  expect(twinsOf([good('1', null, { gtin }), good('2', 'a', { gtin, name: 'Tên khác' })])).toEqual([]);
});

test('the same producer, name and content are one good; another content is not', () => {
  const taxCode = '2200123456';
  const one = { ...ours, taxCode };
  expect(twinsOf([one, good('2', 'a', { taxCode: '2200123456-001', name: 'BÁNH PÍA SẦU RIÊNG 400g' })])).toEqual([
    { one: '1', other: '2', basis: 'name' },
  ]);
  expect(twinsOf([one, good('2', 'a', { taxCode, netWeightG: 500 })])).toEqual([]);
  expect(twinsOf([one, good('2', 'a', { taxCode: '2200999999' })])).toEqual([]);
});

test('one decision and name is only a candidate, and a word of an officer decides', () => {
  const decisionNumber = '1470/QĐ-UBND';
  const twins = twinsOf([
    { ...ours, decisionNumber },
    good('2', 'a', { decisionNumber: '1470 / qđ-ubnd', netWeightG: 0 }),
  ]);
  expect(twins).toEqual([{ one: '1', other: '2', basis: 'decision' }]);
  const [twin] = twins;
  if (!twin) throw new Error('no twin');
  expect(groupsOf(twins, new Map())).toEqual([]);
  expect(groupsOf(twins, new Map([[twinName(twin), 'same']]))).toEqual([['1', '2']]);
});

test('groups join what is sure, and lose what an officer called different', () => {
  const twins = [
    { one: '1', other: '2', basis: 'gtin' },
    { one: '2', other: '3', basis: 'name' },
    { one: '4', other: '5', basis: 'gtin' },
  ] as const;
  expect(groupsOf(twins, new Map())).toEqual([
    ['1', '2', '3'],
    ['4', '5'],
  ]);
  expect(groupsOf(twins, new Map([['4 5', 'different']]))).toEqual([['1', '2', '3']]);
});
