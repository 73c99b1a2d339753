import { readFileSync } from 'node:fs';
import PDFDocument from 'pdfkit';
import { describe, expect, test } from 'vitest';
import { messages } from '#web/i18n/messages.ts';
import { createPdf, type PdfOptions } from '#web/pdf/document.ts';
import { fontFile, fontOf, piecesOf } from '#web/pdf/fonts.ts';

const options: PdfOptions = {
  title: 'Thử',
  size: 'A4',
  lang: 'vi',
  at: new Date(0),
  author: 'Chợ Nổi',
  footer: 'Trang',
};
const pagesOf = (bytes: Buffer): number => bytes.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;

type Font = { hasGlyphForCodePoint(point: number): boolean };
/** What a font cannot draw of a text: PDFKit would put an empty box, or nothing, and not say so. */
function missingFrom(texts: readonly string[]): string[] {
  const doc = new PDFDocument({ font: '' });
  const fonts = new Map<string, Font>();
  const fontNamed = (name: ReturnType<typeof fontOf>): Font => {
    const known = fonts.get(name) ?? Reflect.get(Reflect.get(doc.font(fontFile(name)), '_font'), 'font');
    fonts.set(name, known);
    return known;
  };
  const missing = new Set<string>();
  for (const word of texts.flatMap(piecesOf)) {
    const font = fontNamed(fontOf(word, false));
    for (const letter of word.replace(/\s/g, ''))
      if (!font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)) missing.add(`${letter} (${word})`);
  }
  return [...missing];
}

describe('the fonts of documents', () => {
  test('have every letter of Vietnamese, the đồng, and every letter of our Khmer', () => {
    const vietnamese = 'aăâbcdđeêghiklmnoôơpqrstuưvxy'.replaceAll(/[aăâeêioôơuưy]/g, (vowel) =>
      ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((tone) => (vowel + tone).normalize('NFC')).join(''),
    );
    expect(missingFrom([vietnamese, vietnamese.toUpperCase(), '1.250.000 ₫ – × · « »'])).toEqual([]);
    expect(missingFrom(Object.values(messages.km).filter((text) => /[\u1780-\u17ff]/.test(text)))).toEqual([]);
  });

  test('have every letter of the names of the demonstration', () => {
    const names = ['products', 'businesses'].map((file) =>
      // Other names for the search may be Chinese; no document shows them.
      readFileSync(new URL(`../../src/demo/data/${file}.csv`, import.meta.url), 'utf8').replace(/\p{Script=Han}/gu, ''),
    );
    expect(missingFrom(names)).toEqual([]);
  });

  test('set all Khmer texts: no cluster of marks stops them', async () => {
    const pdf = createPdf(options);
    for (const text of Object.values(messages.km)) pdf.text(text);
    pdf.text('ភ្នំពេញ នំពីយ៉ា ម៉ោង ញ៉ាំ', { bold: true });
    expect(pagesOf(await pdf.finish())).toBeGreaterThan(3);
    // Hundreds of texts, each shaped: seconds where the machine is busy.
  }, 30_000);
});

describe('a document', () => {
  test('is the same for the same content', async () => {
    const make = () => {
      const pdf = createPdf(options);
      pdf.heading('Đơn hàng');
      pdf.pair('Tổng cộng', '125.000 ₫', { bold: true });
      return pdf.finish();
    };
    expect((await make()).equals(await make())).toBe(true);
  });

  test('goes on to new pages, the head of its table with it', async () => {
    const pdf = createPdf(options);
    const rows = Array.from({ length: 120 }, (_, index) => [`Hành tím Vĩnh Châu ${index}`, '1', '125.000 ₫']);
    pdf.table(
      [
        { title: 'Hàng', weight: 4 },
        { title: 'SL', weight: 1, number: true },
        { title: 'Thành tiền', weight: 2, number: true },
      ],
      rows,
    );
    expect(pagesOf(await pdf.finish())).toBe(3);
  });

  test.each(['x'.repeat(5_000), '', '\n\n', 'ខ'.repeat(900)])('takes a text that no line holds', async (text) => {
    const pdf = createPdf({ ...options, size: 'A6' });
    pdf.text(text);
    pdf.pair(text.slice(0, 300), text.slice(0, 300));
    expect((await pdf.finish()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
