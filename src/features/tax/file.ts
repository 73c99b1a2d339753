import { csvOf, guardCell, type TableCell } from '#core/spreadsheet.ts';
import type { TaxFileFormat, TaxFileRow } from './types.ts';

/** A row with the number that was opened for the tax office. */
export type OpenRow = TaxFileRow & { readonly personalNumber: string | null };
export type FileHead = {
  readonly number: string;
  readonly month: string;
  readonly frozenAt: Date;
  readonly sha256: string;
};

const columns: readonly (readonly [heading: string, of: (row: OpenRow) => TableCell])[] = [
  ['Tên người bán', ({ name }) => name],
  ['Loại hình', ({ type }) => type],
  ['Mã số thuế / số định danh cá nhân', ({ taxCode, personalNumber }) => taxCode ?? personalNumber],
  ['Số đơn', ({ orders }) => orders],
  ['Doanh thu hàng hóa', ({ goodsVnd }) => goodsVnd],
  ['Doanh thu dịch vụ', ({ servicesVnd }) => servicesVnd],
  ['Doanh thu hoàn trả', ({ returnedVnd }) => returnedVnd],
  ['Doanh thu tính thuế', ({ taxableVnd }) => taxableVnd],
  ['Thuế GTGT đã khấu trừ', ({ vatVnd }) => vatVnd],
  ['Thuế TNCN đã khấu trừ', ({ pitVnd }) => pitVnd],
  ['Trong đó bù trừ thuế GTGT', ({ offsetVatVnd }) => offsetVatVnd],
  ['Trong đó bù trừ thuế TNCN', ({ offsetPitVnd }) => offsetPitVnd],
];

async function workbook({ number }: FileHead, rows: readonly OpenRow[]): Promise<Buffer> {
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const heading = columns.map(([value]) => ({ value, type: String, fontWeight: 'bold' as const }));
  const cells = rows.map((row) =>
    columns.map(([, of]) => {
      const cell = of(row);
      return typeof cell === 'string' ? { value: guardCell(cell), type: String } : cell;
    }),
  );
  return writeWorkbook([{ sheet: number, stickyRowsCount: 1, data: [heading, ...cells] }]).toBuffer();
}

/** The bytes of a month's file. */
export async function fileOf(format: TaxFileFormat, head: FileHead, rows: readonly OpenRow[]): Promise<Buffer> {
  if (format === 'xlsx') return workbook(head, rows);
  if (format === 'csv')
    return csvOf([columns.map(([name]) => name), ...rows.map((row) => columns.map(([, of]) => of(row)))]);
  return Buffer.from(JSON.stringify({ ...head, frozenAt: head.frozenAt.toISOString(), rows }));
}
