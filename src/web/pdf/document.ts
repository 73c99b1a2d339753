import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import { fontFile, fontNames } from './fonts.ts';
import { createSetting, leadingOf, type Setting, type TextStyle } from './setting.ts';

export type Column = { readonly title: string; readonly weight: number; readonly number?: boolean };
export type PdfOptions = {
  readonly title: string;
  readonly size: 'A4' | 'A6';
  /** BCP 47, for readers that speak. */
  readonly lang: string;
  /** Stands in the file as its date, so that the same content gives the same file. */
  readonly at: Date;
  readonly author: string;
  /** Stands at the foot of each page, before the page's number. */
  readonly footer?: string;
};
type Doc = InstanceType<typeof PDFDocument>;
type Cell = { readonly content: string; readonly width: number; readonly style: TextStyle };

const require = createRequire(import.meta.url);
/** Loaded with the first file that is made: its readers of fonts are a quarter of what a start would have to read. */
const loadPdf = (): typeof PDFDocument => require('pdfkit');

const margins = { A4: 42, A6: 16 } as const;
const footSize = 8;

/** Where the next line goes: down the page, and on to a new one when it is full. */
function createFlow(doc: Doc, setting: Setting, margin: number, footed: boolean) {
  const width = doc.page.width - 2 * margin;
  const bottom = doc.page.height - margin - (footed ? 2 * footSize : 0);
  let y = margin;
  const newPage = (): void => {
    doc.addPage();
    y = margin;
  };
  /** Makes room for so much; true where that took a new page. */
  const room = (height: number): boolean => {
    const isFull = y + height > bottom && y > margin;
    if (isFull) newPage();
    return isFull;
  };
  const gap = (points = 8): void => {
    if (y > margin) y += points;
  };
  return {
    width,
    newPage,
    gap,
    /** What follows stands together, on a new page where this one has no room for so much. */
    keep: (height: number): void => {
      room(height);
    },
    /** At least so far down the page. */
    downTo: (height: number): void => {
      y = Math.max(y, margin + height);
    },
    text: (content: string, style: TextStyle = {}): void => {
      for (const line of setting.linesOf(content, width, style)) {
        const height = setting.heightOf([line], style);
        room(height);
        setting.draw([line], [margin, y], width, style);
        y += height;
      }
    },
    /** Cells side by side, as high as the highest. `again` is drawn first where they begin a new page. */
    cells: (all: readonly Cell[], between: number, again?: () => void): void => {
      const set = all.map((cell) => ({
        ...cell,
        lines: setting.linesOf(cell.content, cell.width - between, cell.style),
      }));
      // Khmer beside Latin letters stands on the same line.
      const leading = Math.max(0, ...set.map(({ lines }) => leadingOf(lines)));
      const height = Math.max(0, ...set.map(({ lines, style }) => setting.heightOf(lines, style, leading)));
      if (room(height)) again?.();
      let x = margin;
      for (const cell of set) {
        setting.draw(cell.lines, [x, y], cell.width - between, cell.style, leading);
        x += cell.width;
      }
      y += height;
    },
    /** A picture with words beside it, as high as the higher of both. */
    picture: (png: Buffer, side: number, beside: string, style: TextStyle): void => {
      const lines = setting.linesOf(beside, width - side - 12, style);
      const height = Math.max(side, setting.heightOf(lines, style));
      room(height);
      doc.image(png, margin, y, { width: side, height: side });
      setting.draw(lines, [margin + side + 12, y], width - side - 12, style);
      y += height;
    },
    rule: (): void => {
      room(8);
      doc.moveTo(margin, y + 3).lineTo(margin + width, y + 3);
      doc.lineWidth(0.5).strokeColor('#c9d2cc').stroke();
      y += 7;
    },
  };
}

type Flow = ReturnType<typeof createFlow>;

type Table = {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** The last row, below a line of its own. */
  readonly total?: readonly string[] | undefined;
};

function drawTable(flow: Flow, { columns, rows, total: sums }: Table, size: number): void {
  const total = columns.reduce((sum, { weight }) => sum + weight, 0);
  const cellsOf = (values: readonly string[], bold: boolean): Cell[] =>
    columns.map(({ weight, number }, index) => ({
      content: values[index] ?? '',
      width: (flow.width * weight) / total,
      style: { size, bold, align: number ? 'right' : 'left' },
    }));
  const titles = columns.map(({ title }) => title);
  const head = (): void => {
    flow.cells(cellsOf(titles, true), 6);
    flow.rule();
  };
  // A head alone at the foot of a page says nothing.
  flow.keep(5 * size);
  head();
  for (const row of rows) {
    flow.cells(cellsOf(row, false), 6, head);
    flow.gap(2);
  }
  flow.rule();
  if (sums) flow.cells(cellsOf(sums, true), 6, head);
}

function drawFooters(doc: Doc, setting: Setting, margin: number, footer: string): void {
  const { start, count } = doc.bufferedPageRange();
  const width = doc.page.width - 2 * margin;
  const style: TextStyle = { size: footSize, soft: true, align: 'center' };
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    const lines = setting.linesOf(`${footer} · ${page + 1}/${count}`, width, style);
    setting.draw(lines, [margin, doc.page.height - margin - footSize], width, style);
  }
}

/**
 * A document of paragraphs, rows and tables from top to bottom, on as many pages as it takes, in Vietnamese, English and
 * Khmer alike. Lengths in points. `finish` ends it and gives its bytes.
 */
export function createPdf({ title, size, lang, at, author, footer }: PdfOptions) {
  const margin = margins[size];
  const info = { Title: title, Author: author, Producer: 'Chợ Nổi', CreationDate: at, ModDate: at };
  // No font before ours: the built-in one would be the Helvetica that has no ă and no ₫.
  const PdfDocument = loadPdf();
  const doc = new PdfDocument({ size, margin, lang, info, bufferPages: true, displayTitle: true, font: '' });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  for (const name of fontNames) doc.registerFont(name, fontFile(name));
  const setting = createSetting(doc);
  const flow = createFlow(doc, setting, margin, footer !== undefined);
  const { text, gap, rule, newPage, picture } = flow;
  return {
    text,
    gap,
    rule,
    newPage,
    picture,
    /** Columns of one width side by side, such as the two halves of an office's letter head. */
    beside: (contents: readonly string[], style: TextStyle = {}): void =>
      flow.cells(
        contents.map((content) => ({ content, width: flow.width / contents.length, style })),
        8,
      ),
    keep: flow.keep,
    heading: (content: string, points = 14): void => {
      // Never the last line of a page: what it names begins below it.
      flow.keep(points * 5);
      gap(points * 0.4);
      text(content, { size: points, bold: true });
      gap(points * 0.2);
    },
    /** Words on the left and, usually, an amount on the right. */
    pair: (left: string, right: string, style: TextStyle = {}): void =>
      flow.cells(
        [
          { content: left, width: flow.width * 0.65, style },
          { content: right, width: flow.width * 0.35, style: { ...style, align: 'right' } },
        ],
        0,
      ),
    table: (
      columns: readonly Column[],
      rows: readonly (readonly string[])[],
      points = 9,
      total?: readonly string[],
    ): void => drawTable(flow, { columns, rows, total }, points),
    /** The head of a page: what `beside` writes, and a square picture (PNG) in the upper right corner. */
    headWith: (png: Buffer, side: number, beside: () => void): void => {
      doc.image(png, doc.page.width - margin - side, margin, { width: side, height: side });
      beside();
      flow.downTo(side + 4);
    },
    finish: async (): Promise<Buffer> => {
      if (footer !== undefined) drawFooters(doc, setting, margin, footer);
      doc.end();
      await ended;
      return Buffer.concat(chunks);
    },
  };
}
