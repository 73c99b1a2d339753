import { describe, expect, test } from 'vitest';
import { diffWords } from '#features/changes/rules/diff.ts';
import { flagsInText, flagsOf } from '#features/changes/rules/flags.ts';
import { riskOf } from '#features/changes/rules/risk.ts';

const day = '2026-11-27';
const marked = (field: string, text: string): string[] =>
  flagsInText(field, text, day).map((flag) => `${flag.kind}:${text.slice(flag.start, flag.end)}`);

describe('the word filter marks', () => {
  test.each([
    ['Trà này chữa khỏi cao huyết áp', ['medical-claim:chữa khỏi']],
    ['tra nay chua khoi cao huyet ap', ['medical-claim:chua khoi']],
    ['Trà chửa khỏi ho', ['medical-claim:chửa khỏi']],
    ['Trà c.h.ữ.a khỏi ho', ['medical-claim:c.h.ữ.a khỏi']],
    ['Trà c h ữ a  k h ỏ i ho', ['medical-claim:c h ữ a  k h ỏ i']],
    ['Trà chữa-khỏi ho', ['medical-claim:chữa-khỏi']],
    ['Viên uống đặc trị', ['medical-claim:đặc trị']],
    ['hoàn toàn thay thế thuốc tây', ['medical-claim:thay thế thuốc']],
    ['gọi 0912 345 678 nhé', ['contact:0912 345 678']],
    ['gọi +84.912.345.678', ['contact:+84.912.345.678']],
    ['thư về ban.hang@vidu.vn', ['contact:ban.hang@vidu.vn']],
    ['xem www.vidu.example/abc', ['contact:www.vidu.example/abc']],
    ['nhắn Zalo', ['contact:Zalo']],
    ['rẻ hơn Shopee', ['marketplace:Shopee']],
    ['ngon nhất Việt Nam', ['superlative:ngon nhất Việt Nam']],
    ['nhấn <b>mạnh</b>', ['markup:<b>', 'markup:</b>']],
    ['MUA NGAY KẺO HẾT hàng', ['shouting:MUA NGAY KẺO HẾT']],
    ['thuốc gia truyền dùng cho ng\u200Bười', ['look-alike:ng\u200Bười']],
  ])('%j', (text, found) => expect(marked('descriptionVi', text)).toEqual(found));

  test.each([
    'Canh chua khỏi cần nêm thêm',
    'Chưa khỏi nắng đã lo mưa',
    'Mùi thơm khói bếp, vị chua dịu',
    'Sản phẩm này không phải là thuốc và không có tác dụng thay thế thuốc chữa bệnh.',
    'Mã vạch 8930000000347, giá 120.000.000 đ',
    'Giàu vitamin c và e d',
    'Gạo ST25 của HTX đạt OCOP, VietGAP, ISO 22000',
    'Trị giá 50.000 đồng, bảo quản 12-24 tháng',
    'Bánh hỏi, bánh ống, bánh tét',
  ])('and leaves %j alone', (text) => expect(marked('descriptionVi', text)).toEqual([]));

  test('letters of other scripts in a name, Khmer and Han where people have other names for their goods', () => {
    expect(marked('nameVi', 'Bánh ពិសេស')).toEqual(['foreign-script:ពិសេស']);
    expect(marked('nameVi', 'Trà 茶')).toEqual(['foreign-script:茶']);
    expect(marked('aliases', 'ខ្ទឹមក្រហម\n麻荖')).toEqual([]);
    expect(marked('aliases', 'чай')).toEqual(['foreign-script:чай']);
    // A Cyrillic с among Latin letters is read as the word that it imitates.
    expect(marked('descriptionVi', '\u0441h\u1EEFa khỏi')).toEqual([
      'look-alike:\u0441hữa',
      'medical-claim:\u0441hữa khỏi',
    ]);
  });

  test('texts only: a barcode is no telephone number', () => {
    expect(flagsOf('gtin', '0912345678', day)).toEqual([]);
    expect(flagsOf('tags', ['ngon', 'zalo 0912345678'], day)).toHaveLength(2);
  });

  test('a text made to be slow is read as fast as any', () => {
    const started = performance.now();
    for (const text of [
      'chữa khỏi '.repeat(500),
      'a.'.repeat(2_500),
      '0 '.repeat(2_500),
      '<'.repeat(5_000),
      'không '.repeat(800),
    ])
      flagsInText('descriptionVi', text, day);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('what applies at once', () => {
  const id = '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b';
  const facts = { today: day, referenceVnd: new Map([[id, 100_000]]) };
  const risk = (field: string, after: unknown) => riskOf({ field, after }, facts);
  test.each([
    [`variant.${id}.onHand`, 5],
    [`variant.${id}.maxOrder`, 5],
    [`variant.${id}.active`, false],
    [`variant.${id}.priceVnd`, 130_000],
    [`variant.${id}.priceVnd`, 70_000],
    [`variant.${id}.compareAtVnd`, 900_000],
    [`variant.${id}.next`, null],
    ['seasonMonths', [1]],
  ])('%s %j', (field, after) => expect(risk(field, after)).toBe('low'));
  test.each([
    [`variant.${id}.priceVnd`, 130_001],
    [`variant.${id}.priceVnd`, 69_999],
    [`variant.${id}.next`, { priceVnd: 131_000, from: '2026-12-01' }],
    [`variant.${id}.label`, 'x'],
    ['variant.new.A', {}],
    ['variant.0199d3a0-7c1e-7d4a-9a53-000000000000.priceVnd', 1],
    ['nameVi', 'x'],
    ['pictures', []],
    ['categoryId', 14],
    ['vatBps', 0],
    ['somethingNew', 1],
  ])('but not %s %j', (field, after) => expect(risk(field, after)).toBe('high'));
  test('a row of the table holds from its day on', () =>
    expect(riskOf({ field: 'seasonMonths', after: [] }, { ...facts, today: '2026-10-31' })).toBe('high'));
});

describe('before and after', () => {
  const kinds = (before: string, after: string) => diffWords(before, after).map(({ kind, text }) => `${kind}:${text}`);
  test('word by word, in the order of reading', () =>
    expect(kinds('Hành phơi ba nắng', 'Hành phơi hai nắng, sấy')).toEqual([
      'same:Hành phơi ',
      'removed:ba',
      'added:hai',
      'same: nắng',
      'added:, sấy',
    ]));
  test.each([
    ['', 'a b'],
    ['a b', ''],
    ['a b c', 'a b c'],
    ['x '.repeat(2_000), 'y '.repeat(2_000)],
  ])('both texts can be read out of it', (before, after) => {
    const parts = diffWords(before, after);
    const without = (kind: string) =>
      parts
        .filter((part) => part.kind !== kind)
        .map(({ text }) => text)
        .join('');
    expect([without('added'), without('removed')]).toEqual([before, after]);
  });
});
