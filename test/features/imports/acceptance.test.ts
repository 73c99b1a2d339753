import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { createImporter, dataFile, type ImportBody, type Importing, type RowBody } from './sheet.ts';

type Expected = {
  readonly encoding: string;
  readonly delimiter: string;
  readonly headerRow: number;
  readonly dataRows: number;
  readonly defectRows: number;
  readonly acceptedNormalised: number;
  readonly rejected: number;
  readonly cleanRows: number;
  readonly rows: readonly {
    readonly row: number;
    readonly expected: string;
    readonly reasonCode: string;
    readonly normalised?: Readonly<Record<string, unknown>>;
  }[];
};
const expected = JSON.parse(dataFile('products-dirty.expected.json').toString('utf8')) as Expected;

/** Our names of contents as the expectation writes them. */
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const valueNames: Readonly<Record<string, string>> = { category: 'categoryId' };

/** What the preview says of a row, in the words of the expectation. */
function told({ row, verdict, reasonCode, reasons, values }: RowBody): Expected['rows'][number] {
  const isRejected = verdict === 'error';
  const normalised = reasons.map(({ field }) => {
    const name = valueNames[field ?? ''] ?? field ?? '';
    return [snake(name), values[name]];
  });
  return {
    row,
    expected: isRejected ? 'rejected' : 'accepted-normalised',
    reasonCode: reasonCode ?? '',
    ...(isRejected ? {} : { normalised: Object.fromEntries(normalised) }),
  };
}

let node: TestNode;
let importing: Importing;
let preview: ImportBody;
let rows: readonly RowBody[];

beforeAll(async () => {
  node = await startNode();
  importing = createImporter(node, await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword));
  preview = await importing.preview(dataFile('products-dirty.csv'), 'products-dirty.csv');
  rows = await importing.rows(preview.importId);
});
afterAll(() => node.close());

test('the dirty sheet is read exactly as it should be, every row of it', () => {
  const { rows: listed, ...facts } = expected;
  const wanted = listed.map(({ row, expected: verdict, reasonCode, normalised }) => ({
    row,
    expected: verdict,
    reasonCode,
    ...(normalised ? { normalised } : {}),
  }));
  const spoken = rows.filter(({ reasons }) => reasons.length > 0);
  expect(spoken.map(told)).toEqual(wanted);
  expect({
    encoding: preview.sheet?.encoding,
    delimiter: preview.sheet?.delimiter,
    headerRow: preview.sheet?.headerRow,
    dataRows: rows.length,
    defectRows: spoken.length,
    acceptedNormalised: preview.counts?.repaired,
    rejected: preview.counts?.error,
    cleanRows: rows.length - spoken.length,
  }).toEqual({
    encoding: facts.encoding,
    delimiter: facts.delimiter,
    headerRow: facts.headerRow,
    dataRows: facts.dataRows,
    defectRows: facts.defectRows,
    acceptedNormalised: facts.acceptedNormalised,
    rejected: facts.rejected,
    cleanRows: facts.cleanRows,
  });
});

test('rows that are not listed stand as they are in the file', () => {
  const row = rows.find((one) => one.row === 3);
  expect(row).toMatchObject({
    verdict: 'new',
    reasonCode: null,
    values: {
      sku: 'DS-001',
      nameVi: 'Khô cá chỉ vàng gói 200 g',
      categoryId: expect.any(Number),
      priceVnd: 56_000,
      stock: 42,
      unitVi: 'gói',
      netWeightG: 200,
      gtin: '8930002000017',
      producedOn: '2026-09-02',
      vatRatePercent: 8,
    },
  });
});

test('nothing of it is in the catalogue before somebody confirms', async () => {
  const { rows: found } = await node.db.execute("select count(*)::int as count from products where sku like 'DS-%'");
  expect(found).toEqual([{ count: 0 }]);
});
