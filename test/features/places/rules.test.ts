import { describe, expect, test } from 'vitest';
import { findWards } from '#features/places/rules.ts';
import { formerWardsOfSocTrang, wardsOfSocTrang } from '../../../src/demo/catalogue.ts';

const [wards, former] = [wardsOfSocTrang(), formerWardsOfSocTrang()];
const find = (typed: string) => findWards(typed, wards, former, 12).map(({ ward, by }) => [ward.name, by]);

describe('a ward is found', () => {
  test.each([
    ['Vĩnh Châu', 'Vĩnh Châu', 'ward'],
    ['phuong vinh chau', 'Vĩnh Châu', 'ward'],
    ['Thuận Hoà', 'Thuận Hòa', 'ward'],
    ['Lạc Hòa', 'Vĩnh Châu', 'former-ward'],
    ['xã thạnh thới thuận', 'Thạnh Thới An', 'former-ward'],
    ['thi tran my xuyen', 'Mỹ Xuyên', 'ward'],
    ['TT. Huỳnh Hữu Nghĩa', 'Mỹ Tú', 'former-ward'],
    ['Phường 1, Vĩnh Châu', 'Vĩnh Châu', 'former-ward'],
    ['Phường 1, Ngã Năm', 'Ngã Năm', 'former-ward'],
    ['Phường 1, Sóc Trăng', 'Phú Lợi', 'former-ward'],
    ['An Thạnh 3', 'Cù Lao Dung', 'former-ward'],
  ])('%s → %s (%s)', (typed, name, by) => {
    expect(find(typed)[0]).toEqual([name, by]);
  });

  test('a district that is no more leads to all of its wards', () => {
    const names = find('Huyện Thạnh Trị').map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['Phú Lộc', 'Lâm Tân', 'Vĩnh Lợi']));
  });

  test.each(['', ' ', ',', 'qwertyz', 'xã', '<script>'])('%j finds nothing', (typed) => {
    expect(find(typed)).toEqual([]);
  });
});

test('every commune of before leads to a ward of today, and every ward of today comes from one', () => {
  const codes = new Set(wards.map(({ code }) => code));
  expect(former).toHaveLength(108);
  expect(former.filter(({ wardCode }) => !codes.has(wardCode))).toEqual([]);
  expect(new Set(former.map(({ wardCode }) => wardCode)).size).toBe(43);
  const districts = new Set(wards.map(({ legacyDistrict }) => legacyDistrict.name));
  expect(former.filter(({ district }) => !districts.has(district))).toEqual([]);
});
