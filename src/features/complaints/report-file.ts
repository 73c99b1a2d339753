import { csvOf, guardCell, type TableCell } from '#core/spreadsheet.ts';
import type { ReportFormat } from './types.ts';
import type { ReportRow } from './views/report.ts';

const tenth = (hours: number | null): number | null => hours && Math.round(hours * 10) / 10;

/** The headings are Vietnamese: the authority is. */
const columns: readonly (readonly [heading: string, of: (row: ReportRow) => TableCell])[] = [
  ['Mã cơ sở', ({ businessCode }) => businessCode],
  ['Cơ sở', ({ business }) => business],
  ['Nội dung', ({ kind }) => kind],
  ['Số khiếu nại', ({ filed }) => filed],
  ['Đang giải quyết', ({ open }) => open],
  ['Hai bên thỏa thuận', ({ settled }) => settled],
  ['Quyết định hoàn tiền', ({ refunded }) => refunded],
  ['Quyết định đổi hàng', ({ replaced }) => replaced],
  ['Quyết định xin lỗi', ({ apologised }) => apologised],
  ['Bác khiếu nại', ({ dismissed }) => dismissed],
  ['Hết hạn chọn', ({ lapsed }) => lapsed],
  ['Đã rút', ({ withdrawn }) => withdrawn],
  ['Cán bộ trễ hạn', ({ overdue }) => overdue],
  ['Nhắc nhở cơ sở', ({ warned }) => warned],
  ['Đã báo cơ quan', ({ reported }) => reported],
  ['Tiền đã hoàn (đồng)', ({ refundVnd }) => refundVnd],
  ['Thời gian trung bình (giờ)', ({ meanHours }) => tenth(meanHours)],
  ['Thời gian dài nhất (giờ)', ({ longestHours }) => tenth(longestHours)],
];

/** The bytes of a report. `kindName` says what was wrong as people say it. */
export async function reportFile(
  format: ReportFormat,
  period: string,
  rows: readonly ReportRow[],
  kindName: (kind: ReportRow['kind']) => string,
): Promise<Buffer> {
  const heading = columns.map(([name]) => name);
  const cells = rows.map((row) => columns.map(([, of]) => (of(row) === row.kind ? kindName(row.kind) : of(row))));
  if (format === 'csv') return csvOf([heading, ...cells]);
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const data = [
    heading.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...cells.map((row) =>
      row.map((cell) => (typeof cell === 'string' ? { value: guardCell(cell), type: String } : cell)),
    ),
  ];
  return writeWorkbook([{ sheet: period, stickyRowsCount: 1, data }]).toBuffer();
}
