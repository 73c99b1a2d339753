import { Type } from '@fastify/type-provider-typebox';
import { Count, IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { FIELDS, IMPORT_STATES, MODES, OUTCOMES, SHEET_KINDS, VERDICTS } from './types.ts';

const oneOf = <Value extends string>(values: readonly Value[], description: string, example: Value) =>
  Type.Unsafe<Value>(Type.String({ enum: [...values], description, examples: [example] }));

export const UploadBody = FormBody(
  {
    file: FilePart(
      'CSV (UTF-8, UTF-16, Windows-1258, TCVN3 or VNI) or XLSX, at most 20 MB, 50,000 rows and 200 columns',
    ),
    businessId: Type.Optional(IdOf('Business', 'Whose goods these are; may be left out where you have one business')),
  },
  { title: 'ImportUpload' },
);
export const ImportParams = Type.Object({ importId: IdOf('Import', 'The import') });
export const Started = Type.Object({ importId: IdOf('Import', 'The import') }, { title: 'ImportStarted' });

const Column = Type.Integer({ minimum: 0, maximum: 199, description: 'Column of the sheet, from 0', examples: [1] });
export const MappingBody = Type.Object(
  {
    version: Count('The reading that this corrects', 1),
    mapping: Type.Partial(Type.Object(Object.fromEntries(FIELDS.map((field) => [field, Column]))), {
      additionalProperties: false,
      description: 'Which column holds which content',
      examples: [{ sku: 1, nameVi: 2, priceVnd: 4 }],
    }),
  },
  { additionalProperties: false, examples: [{ version: 1, mapping: { sku: 1, nameVi: 2, priceVnd: 4 } }] },
);
export const ConfirmBody = Type.Object(
  {
    version: Count('The preview that was looked at', 1),
    mode: oneOf(MODES, 'Every row or none, or the valid ones', 'all'),
  },
  { additionalProperties: false, examples: [{ version: 1, mode: 'all' }] },
);
export const RowsQuery = Type.Object({
  verdict: Type.Optional(oneOf(VERDICTS, 'Only rows of this verdict', 'error')),
  after: Type.Optional(Count('Rows after this one', 0)),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'How many', examples: [100] }),
  ),
});
export const ResultQuery = Type.Object({ format: Type.Optional(oneOf(SHEET_KINDS, 'As what', 'csv')) });

const Said = Type.Object(
  { vi: Text('In Vietnamese', 300, 'Thiếu giá bán'), en: Text('In English', 300, 'The price is missing') },
  { description: 'In words' },
);
const Sheet = Type.Object(
  {
    kind: oneOf(SHEET_KINDS, 'What the bytes are', 'csv'),
    encoding: Nullable(Text('How a CSV is written', 40, 'UTF-8 without BOM')),
    delimiter: Nullable(Text('What stands between cells of a CSV', 2, ',')),
    headerRow: Nullable(Count('The record that names the columns, from 1', 2, 1)),
    headings: Type.Array(Text('A heading', 200, 'Mã hàng'), {
      description: 'In the order of the columns',
      maxItems: 200,
    }),
  },
  { description: 'How the file was read' },
);
const Counts = Type.Object(
  {
    rows: Count('Rows that hold something', 120),
    error: Count('Rows that cannot be written', 29),
    new: Count('New goods', 91),
    changed: Count('Goods that change', 0),
    unchanged: Count('Goods that stay as they are', 0),
    repaired: Count('Rows in which something was put right', 20),
    blocking: Count('Rejected rows that are goods: with one of them `all` writes nothing', 27),
  },
  { description: 'What the preview found' },
);

export const ImportView = Type.Object(
  {
    importId: IdOf('Import', 'The import'),
    businessId: IdOf('Business', 'Whose goods these are'),
    fileName: Text('As the file was called', 200, 'bang-ke-hang-hoa.csv'),
    state: oneOf(IMPORT_STATES, 'The step at which it stands', 'ready'),
    version: Count('Counts the previews; a confirmation names the one that it has seen', 1),
    sheet: Nullable(Sheet),
    mapping: Nullable(
      Type.Record(Type.String(), Column, {
        description: 'Which column holds which content',
        examples: [{ sku: 1, nameVi: 2 }],
      }),
    ),
    counts: Nullable(Counts),
    done: Count('Rows behind the work at hand', 120),
    mode: Nullable(oneOf(MODES, 'What was confirmed', 'all')),
    outdated: Type.Boolean({
      description: 'The goods had changed since a preview, so this is another',
      examples: [false],
    }),
    problem: Nullable(
      Type.Object(
        { code: Text('Name of the refusal', 100, 'sheet-too-long'), messages: Said },
        { description: 'Why the file was not taken', additionalProperties: true },
      ),
    ),
    written: Type.Object(
      {
        new: Count('Goods added', 91),
        changed: Count('Goods changed', 0),
        waiting: Count('Rows that wait for an officer', 91),
        rejected: Count('Rows refused while writing', 0),
      },
      { description: 'What was written' },
    ),
    createdAt: Instant('When it was sent'),
    finishedAt: Nullable(Instant('When it ended')),
  },
  { title: 'Import' },
);
export const ImportList = Type.Object(
  { items: Type.Array(ImportView, { description: 'Newest first', maxItems: 50 }) },
  { title: 'ImportList' },
);

const Values = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'What was read, by name',
    examples: [{ sku: 'DS-003', priceVnd: 120_000 }],
  },
);
const RowView = Type.Object(
  {
    row: Count('Record of the file, from 1', 5, 1),
    verdict: oneOf(VERDICTS, 'What would be done', 'new'),
    reasonCode: Nullable(Text('The first reason', 40, 'PRICE_NORMALISED')),
    reasons: Type.Array(
      Type.Object({
        field: Nullable(Text('The content, or null for the whole row', 40, 'priceVnd')),
        code: Text('Stable name', 40, 'PRICE_NORMALISED'),
        rejects: Type.Boolean({ description: 'Whether the row cannot be written because of it', examples: [false] }),
        messages: Said,
      }),
      { description: 'What is said of its cells', maxItems: 100 },
    ),
    values: Values,
    changes: Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'What would change, from what to what',
        examples: [{ priceVnd: { from: 110_000, to: 120_000 } }],
      },
    ),
    productId: Nullable(IdOf('Product', 'The product that is there')),
    outcome: Nullable(oneOf(OUTCOMES, 'What became of it', 'written')),
  },
  { title: 'ImportRow' },
);
export const RowList = Type.Object(
  {
    items: Type.Array(RowView, { description: 'In the order of the sheet', maxItems: 500 }),
    next: Nullable(Count('`after` of the next page', 105)),
  },
  { title: 'ImportRows' },
);
