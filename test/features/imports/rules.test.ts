import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readBarcode,
  readDay,
  readPrice,
  readSku,
  readStock,
  readVat,
  readWeight,
} from '#features/imports/rules/cells.ts';
import { decodeText, findDelimiter } from '#features/imports/rules/encoding.ts';
import { factorOf, findHeadings, mappingOf } from '#features/imports/rules/headings.ts';
import { decodeTcvn3, decodeVni, isLegacyText } from '#features/imports/rules/legacy.ts';
import { readText } from '#features/imports/rules/text.ts';
import { demoProducts } from '../../../src/demo/catalogue.ts';

describe('a text that cannot be published', () => {
  test.each([
    ['KhÃ´ gÃ\u00a0 lÃ¡ chanh', 'ENCODING_MOJIBAKE'],
    ['Bánh p\ufffda', 'ENCODING_MOJIBAKE'],
    ['B?nh p?a', 'ENCODING_MOJIBAKE'],
    ['MÝt sÊy gißn gãi 200 g', 'ENCODING_LEGACY'],
    ['B¸nh pÝa', 'ENCODING_LEGACY'],
    ['Baùnh pía ñaäu xanh', 'ENCODING_LEGACY'],
    ['=1+1', 'FORMULA_INJECTION'],
    ['@SUM(1)', 'FORMULA_INJECTION'],
    ["+cmd|' /C calc'!A0", 'FORMULA_INJECTION'],
    ['-2+3+cmd|x', 'FORMULA_INJECTION'],
    ['\t=1', 'FORMULA_INJECTION'],
    ["'=1+1", 'FORMULA_INJECTION'],
    ['<script>alert(1)</script>', 'HTML_UNSAFE'],
    ['<img src=x onerror=alert(1)>', 'HTML_UNSAFE'],
    ['<p onclick="x()">a</p>', 'HTML_UNSAFE'],
    ['<svg/onload=alert(1)>', 'HTML_UNSAFE'],
    ['<a href="javascript:alert(1)">a</a>', 'HTML_UNSAFE'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;', 'HTML_UNSAFE'],
    ['<scr<b>ipt>alert(1)', 'HTML_UNSAFE'],
    ['x'.repeat(1_048_576), 'TEXT_TOO_LONG'],
    ['<i>=1+1</i>', 'FORMULA_INJECTION'],
  ])('%.40j is refused: %s', (text, code) => expect(readText(text)).toBe(code));
});

describe('a text that can be put right', () => {
  test.each([
    ['  Khô  bò ', 'Khô bò', ['WHITESPACE_TRIMMED']],
    ['Cải c\u200bhua', 'Cải chua', ['INVISIBLE_REMOVED']],
    ['a\u202eb', 'ab', ['INVISIBLE_REMOVED']],
    ['Kiệu'.normalize('NFD'), 'Kiệu', ['UNICODE_NFC']],
    ['<p><b>Muối</b> xổi</p>', 'Muối xổi', ['HTML_STRIPPED']],
    ['gói &amp; túi', 'gói & túi', ['ENTITY_DECODED']],
    ['Ðậu', 'Đậu', ['LOOKALIKE_FIXED']],
    ['một\r\nhai', 'một hai', ['NEWLINE_COLLAPSED']],
    ['５００ g', '500 g', ['LOOKALIKE_FIXED']],
    ['Gạо', 'Gạo', ['LOOKALIKE_FIXED']],
  ])('%j becomes %j', (text, clean, repairs) => expect(readText(text)).toEqual({ text: clean, repairs }));

  test.each([
    '+84 299 384 0001',
    '-5',
    '- Đậy kín sau khi dùng',
    'tấm 1 × 2 m',
    'lưới 5 µm, ống Ø 21',
    'giá < 50k và > 20k',
    'Crème brûlée',
    'Cà phê 100% "nguyên chất"',
    'អំបុក',
    'Bạn thích không? Có',
  ])('%j is fine as it is', (text) => expect(readText(text)).toEqual({ text, repairs: [] }));

  test('nothing of the demonstration is touched', () => {
    const texts = demoProducts().flatMap(({ draft }) =>
      Object.values(draft).filter((value) => typeof value === 'string'),
    );
    expect(
      texts.filter((text) => text !== '' && JSON.stringify(readText(text)) !== JSON.stringify({ text, repairs: [] })),
    ).toEqual([]);
  });

  test('whatever comes, the answer is a reason or a text without what a browser would run', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>&;=+-@/"\'ascriptonlg \n\té×Ðа') }), (text) => {
        const read = readText(text);
        return typeof read === 'string' || !/<\s*script|^[=@]/i.test(read.text);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('numbers, days, barcodes', () => {
  const said = (read: unknown): unknown => {
    const { value, fault } = (read ?? {}) as { value?: unknown; fault?: unknown };
    return value ?? fault;
  };
  test.each([
    [readPrice('125k', 1), 125_000],
    [readPrice('1,2 triệu', 1), 1_200_000],
    [readPrice(56, 1_000), 56_000],
    [readPrice('12,5', 1_000), 12_500],
    [readPrice('12,5', 1), 'PRICE_FRACTION'],
    [readPrice('99999999999', 1), 'PRICE_OUT_OF_RANGE'],
    [readStock('1.200'), 1_200],
    [readStock('12,5'), 'STOCK_NOT_INTEGER'],
    [readStock('-7'), 'STOCK_NEGATIVE'],
    [readStock('còn nhiều'), 'STOCK_UNPARSEABLE'],
    [readStock('99999999'), 'STOCK_OUT_OF_RANGE'],
    [readWeight('1,5kg', 1, false), 1_500],
    [readWeight(0.5, 1_000, false), 500],
    [readWeight('500 ml', 1, false), 500],
    [readWeight('0', 1, false), 'WEIGHT_NOT_POSITIVE'],
    [readWeight('0', 1, true), 0],
    [readWeight('vài lạng', 1, false), 'WEIGHT_UNPARSEABLE'],
    [readDay('15/10/2026', '2026-11-27'), '2026-10-15'],
    [readDay('5.3.26', '2026-11-27'), '2026-03-05'],
    [readDay('31/02/2026', '2026-11-27'), 'DATE_INVALID'],
    [readDay('2026-02-29', '2026-11-27'), 'DATE_INVALID'],
    [readDay('46310', '2026-11-27'), '2026-10-15'],
    [readDay(46_310, '2026-11-27'), '2026-10-15'],
    [readDay('10/15/2026', '2026-11-27'), 'DATE_INVALID'],
    [readDay('tháng 10', '2026-11-27'), 'DATE_INVALID'],
    [readDay('28/11/2026', '2026-11-27'), 'DATE_IN_FUTURE'],
    [readBarcode('893 00020 00871'), '8930002000871'],
    [readBarcode(8_930_002_000_017), '8930002000017'],
    [readBarcode('8,93E+12'), 'GTIN_SCIENTIFIC'],
    [readBarcode('8930002000834'), 'GTIN_CHECK_DIGIT'],
    [readVat('8%'), 8],
    [readVat(0.08), 8],
    [readVat('KCT'), 0],
    [readVat('7'), 'VAT_UNKNOWN'],
    [readSku('ds-075 '), 'ds-075'],
    [readSku('DS 075'), 'DS075'],
    [readSku('a!b'), 'SKU_INVALID'],
    [readSku('a'.repeat(61)), 'SKU_INVALID'],
  ])('%j is %s', (read, value) => expect(said(read)).toBe(value));
});

describe('the columns', () => {
  test('are found below a title, by Vietnamese and English names, whatever their case, accents and marks', () => {
    expect(findHeadings([['BẢNG KÊ'], [], ['STT', 'MÃ HÀNG *', 'tên hàng', 'Đơn giá (đ)']])).toBe(2);
    expect(mappingOf(['STT', 'MÃ HÀNG *', 'ten hang', 'Đơn giá (đ)', 'SL tồn'])).toEqual({
      sku: 1,
      nameVi: 2,
      priceVnd: 3,
      stock: 4,
    });
    expect(mappingOf(['Barcode', 'Product name', 'SKU', 'Qty'])).toEqual({ gtin: 0, nameVi: 1, sku: 2, stock: 3 });
    expect(
      findHeadings([
        ['a', 'b'],
        ['c', 'd'],
      ]),
    ).toBeUndefined();
  });
  test('say their unit', () => {
    expect(factorOf('netWeightG', 'Khối lượng (kg)')).toBe(1_000);
    expect(factorOf('priceVnd', 'Giá (nghìn đồng)')).toBe(1_000);
    expect(factorOf('priceVnd', 'Giá (đồng)')).toBe(1);
  });
});

/** `text` in TCVN3 or VNI: the decoder run backwards, letter by letter. */
const encodeWith = (decode: (text: string) => string, text: string): Buffer => {
  const codes = new Map<string, string>();
  const latin = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0xa1 + index));
  const bases = [...'aeiouyAEIOUYdD', ...latin];
  for (const one of [...latin, ...bases.flatMap((base) => latin.map((mark) => base + mark))]) {
    const letter = decode(one);
    if ([...letter].length === 1 && letter !== one && !codes.has(letter)) codes.set(letter, one);
  }
  return Buffer.from([...text].map((letter) => codes.get(letter) ?? letter).join(''), 'latin1');
};

describe('the table in which a file is written', () => {
  const text =
    'mã hàng;tên sản phẩm;giá bán\nA1;gạo nàng hoa thơm dẻo;25.000\nA2;mắm cá linh chua ngọt đậm đà;40.000\nA3;bưởi năm roi vườn nhà;30.000\n';
  /** Its letters have their hats; tones follow as marks of their own. */
  const combining = (letter: string): string => {
    const [base = '', ...marks] = letter.normalize('NFD');
    const isHat = (mark: string): boolean => '\u0302\u0306\u031b'.includes(mark);
    return (base + marks.filter(isHat).join('')).normalize('NFC') + marks.filter((mark) => !isHat(mark)).join('');
  };
  const cp1258 = (): Buffer => {
    const decoder = new TextDecoder('windows-1258');
    const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
    return Buffer.from([...text].flatMap((letter) => [...combining(letter)]).map((letter) => bytes.get(letter) ?? 63));
  };
  test.each([
    ['UTF-8 without BOM', Buffer.from(text)],
    ['UTF-8 with BOM', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 LE', Buffer.from(text, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['Windows-1258', cp1258()],
    ['TCVN3', encodeWith(decodeTcvn3, text)],
    ['VNI', encodeWith(decodeVni, text)],
  ])('%s is recognised', (encoding, bytes) => {
    const decoded = decodeText(bytes);
    expect([decoded?.encoding, decoded?.text.replace('\ufeff', '').normalize('NFC')]).toEqual([encoding, text]);
  });

  test.each([
    ['French', Buffer.from('réf;désignation\n1;pâté à l’ancienne\n2;crème brûlée', 'latin1')],
    ['too little to judge by', Buffer.from('m\xb7;gi\xb8\n1;2\n', 'latin1')],
    ['noise', Buffer.from(Array.from({ length: 400 }, (_, index) => ((index * 73) % 223) + 32))],
  ])('%s is not guessed at', (_what, bytes) => expect(decodeText(bytes)).toBeUndefined());

  test('what stands between cells is seen, not asked', () => {
    expect(findDelimiter('a;b;c\n1;"2,3";4\n')).toBe(';');
    expect(findDelimiter('a\tb\n1\t2\n')).toBe('\t');
    expect(findDelimiter('a,b\n1,2\n')).toBe(',');
    expect(findDelimiter('sep=;\na;b\n')).toBe(';');
  });

  test('old tables are told from new ones', () => {
    expect(decodeTcvn3('MÝt sÊy gißn')).toBe('Mít sấy giòn');
    expect(decodeVni('Baùnh pía ñaäu xanh')).toBe('Bánh pía đậu xanh');
    expect(isLegacyText('Mít sấy giòn gói 200 g')).toBe(false);
  });
});
