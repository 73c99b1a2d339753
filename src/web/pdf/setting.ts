import type PDFDocument from 'pdfkit';
import { fontOf, lettersOf, piecesOf } from './fonts.ts';

export type TextStyle = {
  /** Points; 10 without it. */
  readonly size?: number;
  readonly bold?: boolean;
  readonly soft?: boolean;
  readonly align?: 'left' | 'right' | 'center';
};
type Run = { readonly text: string; readonly font: ReturnType<typeof fontOf> };
export type Line = { readonly runs: readonly Run[]; readonly width: number };
type Doc = InstanceType<typeof PDFDocument>;
export type Setting = ReturnType<typeof createSetting>;

const ink = '#1b2a23';
const softInk = '#5a6b62';
const pointsOf = ({ size = 10 }: TextStyle): number => size;

/** Khmer stands higher and deeper than Latin letters do. */
export const leadingOf = (lines: readonly Line[]): number =>
  lines.some(({ runs }) => runs.some(({ font }) => font.startsWith('khmer'))) ? 1.65 : 1.4;

const startOf = (free: number, align: TextStyle['align']): number => {
  if (align === 'right') return free;
  return align === 'center' ? free / 2 : 0;
};

/**
 * Breaks text into lines and puts them on the page. PDFKit's own breaking knows one font a paragraph, and no place in a
 * Khmer one; here each word has the font that its script needs.
 */
export function createSetting(doc: Doc) {
  const widthOf = (text: string, font: Run['font'], points: number): number =>
    doc.font(font).fontSize(points).widthOfString(text);

  /** A word that is wider than its column breaks where it must. */
  const breakWord = (word: string, width: number, bold: boolean, points: number): readonly string[] => {
    if (widthOf(word.trimEnd(), fontOf(word, bold), points) <= width) return [word];
    const parts: string[] = [];
    let part = '';
    for (const letter of lettersOf(word)) {
      if (part !== '' && widthOf(part + letter, fontOf(part + letter, bold), points) > width) {
        parts.push(part);
        part = '';
      }
      part += letter;
    }
    return [...parts, part];
  };

  const breakParagraph = (paragraph: string, width: number, style: TextStyle): readonly Line[] => {
    const [points, bold] = [pointsOf(style), style.bold ?? false];
    const lines: Line[] = [];
    let line: Line = { runs: [], width: 0 };
    for (const word of piecesOf(paragraph).flatMap((piece) => breakWord(piece, width, bold, points))) {
      const font = fontOf(word, bold);
      if (line.runs.length > 0 && line.width + widthOf(word.trimEnd(), font, points) > width) {
        lines.push(line);
        line = { runs: [], width: 0 };
      }
      const last = line.runs.at(-1);
      const runs =
        last?.font === font
          ? [...line.runs.slice(0, -1), { font, text: last.text + word }]
          : [...line.runs, { font, text: word }];
      line = { runs, width: line.width + widthOf(word, font, points) };
    }
    return [...lines, line];
  };

  return {
    linesOf: (text: string, width: number, style: TextStyle): readonly Line[] =>
      text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, width, style)),
    heightOf: (lines: readonly Line[], style: TextStyle, leading = leadingOf(lines)): number =>
      lines.length * pointsOf(style) * leading,
    draw: (
      lines: readonly Line[],
      [x, top]: readonly [number, number],
      width: number,
      style: TextStyle,
      leading = leadingOf(lines),
    ): void => {
      const points = pointsOf(style);
      const step = points * leading;
      for (const [index, line] of lines.entries()) {
        let at = x + startOf(width - line.width, style.align);
        for (const { text, font } of line.runs) {
          doc
            .font(font)
            .fontSize(points)
            .fillColor(style.soft ? softInk : ink);
          doc.text(text, at, top + index * step + step * 0.75, { lineBreak: false, baseline: 'alphabetic' });
          at += doc.widthOfString(text);
        }
      }
    },
  };
}
