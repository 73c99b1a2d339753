import { csvOf, guardCell, type TableCell } from '#core/spreadsheet.ts';
import type { FrozenReport } from './service.ts';
import { type Cell, groupNames, notesOf, SHEET_GROUPS, type Sheet, type SheetColumn, sheetsOf } from './sheets.ts';
import { paperDate, periodDays, periodName, type Tongue } from './words.ts';

/** What stands above the tables of every file: by it a file is found again and checked. */
const headOf = (tongue: Tongue, report: FrozenReport): readonly (readonly [label: string, value: string])[] => {
  const { t, format } = tongue;
  return [
    [t('periodic.number'), report.number],
    [t('periodic.period'), `${periodName(tongue, report)}, ${periodDays(tongue, report)}`],
    [t('periodic.frozenBy'), report.frozenByName ?? t('periodic.forgotten')],
    [t('periodic.frozen', { time: format.dateTime(report.frozenAt) }), report.frozenAt.toISOString()],
    [t('periodic.hash'), report.sha256],
    ...(report.replaces === null
      ? []
      : [[t('periodic.replacesShort', { number: report.replaces }), report.reason ?? ''] as const]),
  ];
};

/** All tables below each other, amounts as bare numbers. */
export function reportCsv(tongue: Tongue, report: FrozenReport): Buffer {
  const tables = sheetsOf(tongue, report.figures).flatMap(({ title, columns, rows, total }): TableCell[][] => [
    [],
    [title],
    columns.map((column) => column.title),
    ...[...rows, ...(total ? [total] : [])].map((row) => [...row]),
  ]);
  const notes = [[], [tongue.t('periodic.notes')], ...notesOf(tongue).map((note) => [note])];
  return csvOf([...headOf(tongue, report).map((row) => [...row]), ...tables, ...notes]);
}

const edge = { borderStyle: 'thin', borderColor: '#9fb0a6' } as const;
const bold = { fontWeight: 'bold' } as const;
const centred = { align: 'center' } as const;
const wrapped = { wrap: true, alignVertical: 'top' } as const;

const words = (value: string, style: object = {}) => ({ value: guardCell(value), type: String, ...style });

/** A number stays a number and a day a day, so that an office's own sums and filters work on them. */
function cellOf({ kind }: SheetColumn, cell: Cell, style: object = {}) {
  if (cell === null) return words('–', { ...edge, align: 'right', ...style });
  if (typeof cell === 'number')
    return { value: cell, type: Number, format: Number.isInteger(cell) ? '#,##0' : '#,##0.0#', ...edge, ...style };
  if (kind === 'day')
    return { value: new Date(`${cell}T00:00:00Z`), type: Date, format: 'dd/mm/yyyy', align: 'left', ...edge, ...style };
  return words(cell, { ...edge, ...wrapped, ...style });
}

type Row = readonly object[];
function tableRows({ title, note, columns, rows, total }: Sheet, nothing: string): readonly Row[] {
  const heads = columns.map((column) =>
    words(column.title, { ...bold, ...edge, ...centred, wrap: true, backgroundColor: '#e3efe8' }),
  );
  const body = rows.map((row) => columns.map((column, index) => cellOf(column, row[index] ?? null)));
  const sums = total && columns.map((column, index) => cellOf(column, total[index] ?? null, bold));
  return [
    [words(title, { ...bold, fontSize: 12 })],
    ...(note ? [[words(note, { fontStyle: 'italic', wrap: true, columnSpan: columns.length })]] : []),
    heads,
    ...(rows.length > 0 ? body : [[words(nothing, { columnSpan: columns.length })]]),
    ...(sums ? [sums] : []),
    [],
  ];
}

/** The upper part of the first sheet, as the letters of Vietnamese offices have it. */
function letterHead(tongue: Tongue, report: FrozenReport): readonly Row[] {
  const { t } = tongue;
  const across = { columnSpan: 3, ...centred };
  return [
    [
      words(t('periodic.exchange'), { ...bold, ...centred }),
      words(t('periodic.nation'), { ...bold, ...centred, columnSpan: 2, wrap: true }),
    ],
    [
      words(t('periodic.numbered', { number: report.number }), centred),
      words(t('periodic.motto'), { ...bold, ...centred, columnSpan: 2 }),
    ],
    [{}, words(`Sóc Trăng, ${paperDate(tongue, report.frozenAt)}`, { ...centred, fontStyle: 'italic', columnSpan: 2 })],
    [],
    [words(t('periodic.heading'), { ...bold, ...across, fontSize: 16 })],
    [words(t('periodic.subject', { period: periodName(tongue, report) }), { ...bold, ...across })],
    [words(`(${periodDays(tongue, report)})`, { ...across, fontStyle: 'italic' })],
    [],
    ...headOf(tongue, report).map(([label, value]) => [
      words(label, bold),
      words(value, { columnSpan: 2, wrap: true }),
    ]),
    [],
  ];
}

const signatures = ({ t }: Tongue, report: FrozenReport): readonly Row[] => [
  [
    words(t('periodic.writer'), { ...bold, ...centred }),
    words(t('periodic.head'), { ...bold, ...centred, columnSpan: 2 }),
  ],
  [
    words(t('periodic.signName'), { ...centred, fontStyle: 'italic' }),
    words(t('periodic.sign'), { ...centred, fontStyle: 'italic', columnSpan: 2 }),
  ],
  ...[[], [], []],
  [words(report.frozenByName ?? '', { ...bold, ...centred })],
  [],
  [words(t('periodic.form'), { fontStyle: 'italic', columnSpan: 3 })],
];

const notesRows = (tongue: Tongue): readonly Row[] => [
  [words(tongue.t('periodic.notes'), { ...bold, fontSize: 12 })],
  ...notesOf(tongue).map((note) => [words(note, { wrap: true, columnSpan: 4, height: 32, alignVertical: 'top' })]),
];

/** About a hundred characters a page: what is widest in a column of any of the sheet's tables. */
const widths = (sheets: readonly Sheet[]): { width: number }[] =>
  Array.from({ length: Math.max(...sheets.map(({ columns }) => columns.length)) }, (_, index) => ({
    width: Math.max(...sheets.map(({ columns }) => Math.round(5 + 7 * (columns[index]?.weight ?? 0)))),
  }));

/** A sheet a group of tables, the first one with the letter head. */
export async function reportWorkbook(tongue: Tongue, report: FrozenReport): Promise<Buffer> {
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const { t } = tongue;
  const all = sheetsOf(tongue, report.figures);
  const made = SHEET_GROUPS.map((group) => {
    const own = all.filter((sheet) => sheet.group === group);
    const tables = own.flatMap((sheet) => tableRows(sheet, t('periodic.nothing')));
    const before =
      group === 'summary'
        ? letterHead(tongue, report)
        : [[words(`${report.number} · ${periodName(tongue, report)}`, { fontStyle: 'italic' })], []];
    const after = group === 'summary' ? signatures(tongue, report) : group === 'books' ? notesRows(tongue) : [];
    return {
      sheet: t(groupNames[group]),
      data: [...before, ...tables, ...after].map((row) =>
        row.map((cell) => (Object.keys(cell).length === 0 ? null : cell)),
      ),
      columns: widths(own),
      orientation: own.some(({ columns }) => columns.length > 4) ? ('landscape' as const) : undefined,
    };
  });
  return writeWorkbook(made as never).toBuffer();
}
