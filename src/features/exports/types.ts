import { defineProblems } from '#core/problem.ts';

/** What a business may take with it: everything that is its own, a table each. */
export const EXPORT_TABLES = [
  'products',
  'price-history',
  'stock',
  'movements',
  'certificates',
  'orders',
  'order-lines',
  'statement',
  'members',
] as const;
export type ExportTable = (typeof EXPORT_TABLES)[number];
/** `csv` is one table; the others hold all, or one. */
export const EXPORT_FORMATS = ['csv', 'zip', 'xlsx', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A column: its name for programs, and for people in Vietnamese and English. */
export type Column = readonly [key: string, vi: string, en: string];
export type Row = Readonly<Record<string, string | number | null>>;
export type Table = { readonly columns: readonly Column[]; readonly rows: readonly Row[] };

export const exportProblems = defineProblems({
  'export-business-unclear': {
    status: 422,
    vi: ['Chưa rõ xuất dữ liệu của cơ sở nào', 'Chọn một trong các cơ sở của bạn.'],
    en: ['It is not clear which business this is for', 'Choose one of your businesses.'],
  },
  'export-table-missing': {
    status: 422,
    vi: ['Tệp CSV chỉ chứa một bảng', 'Chọn một bảng, hoặc tải tất cả dạng Excel, ZIP hoặc JSON.'],
    en: ['A CSV holds one table', 'Choose a table, or take all of them as Excel, ZIP or JSON.'],
  },
});
