import { sql } from 'drizzle-orm';
import { unzipSync } from 'fflate';
import readSheets from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BusinessId } from '#features/businesses/types.ts';
import { EXPORT_TABLES } from '#features/exports/types.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { createImporter, type Importing } from '../imports/sheet.ts';

let node: TestNode;
let seller: Importing;

beforeAll(async () => {
  node = await startNode();
  seller = createImporter(node, await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword));
  const { guest } = node;
  const { items } = await guest.products('limit=100&inStock=true&business=htx-hanh-tim-bai-giong');
  const group = await guest.order([items[0]?.variants[0]?.variantId ?? '', items[0]?.variants[0]?.minOrder ?? 1]);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await createBank().transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
});
afterAll(() => node.close());

const file = (query: string): Promise<Buffer> => seller.fetchBytes(`/v1/seller/export?${query}`);
const text = async (query: string): Promise<string> => (await file(query)).toString('utf8');

describe('everything that is a business’s own', () => {
  test('in one document for programs, each table with something in it', async () => {
    const { tables } = JSON.parse(await text('format=json')) as { tables: Record<string, readonly object[]> };
    expect(Object.keys(tables)).toEqual([...EXPORT_TABLES]);
    expect(Object.entries(tables).filter(([, rows]) => rows.length === 0)).toEqual([]);
    expect(tables.orders).toHaveLength(1);
  });

  test('as a ZIP of CSV files and as a workbook, the same rows', async () => {
    const files = unzipSync(new Uint8Array(await file('format=zip')));
    expect(Object.keys(files)).toEqual(EXPORT_TABLES.map((name) => `${name}.csv`));
    const sheets = await readSheets(await file('format=xlsx'));
    expect(sheets.map(({ sheet }) => sheet)).toEqual([...EXPORT_TABLES]);
    const lines = new TextDecoder().decode(files['products.csv']).trim().split('\r\n');
    expect(sheets[0]?.data.length).toBe(lines.length);
  });

  test('a CSV is one table; which business is to be said where there are two', async () => {
    expect(await text('format=csv')).toContain('export-table-missing');
    expect(await text('format=csv&table=orders')).toContain('Người nhận');
    const two = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
    expect(await two.send('GET', '/v1/seller/export')).toMatchObject({
      status: 422,
      body: { code: 'export-business-unclear' },
    });
    const { rows } = await node.db.execute<{ id: string }>(sql`select id from businesses where code = 'B001'`);
    expect(await two.send('GET', `/v1/seller/export?businessId=${rows[0]?.id}`)).toMatchObject({ status: 422 });
  });
});

describe('cells', () => {
  const names = [
    '=1+1',
    '+cmd|x',
    '@SUM(A1)',
    '-2+3',
    '\tthụt',
    '+84 299 384 0001',
    '-5',
    '"ngoặc", phẩy; chấm phẩy',
    "it's",
  ];
  test('that a spreadsheet would run are guarded; telephone numbers and negative numbers stay', async () => {
    const { rows } = await node.db.execute<{ id: string }>(
      sql`select p.id from products p join businesses b on b.id = p.business_id where b.code = 'B001' order by p.sku`,
    );
    const id = rows[0]?.id;
    const { rows: kept } = await node.db.execute<{ name: string }>(
      sql`select ingredients_vi as name from products where id = ${id}`,
    );
    for (const name of names) {
      await node.db.execute(sql`update products set ingredients_vi = ${name} where id = ${id}`);
      const line = (await text('format=csv&table=products')).split('\r\n')[1] ?? '';
      const guarded = /^[=@\t]|^\+cmd|^-2\+/.test(name);
      const cell = guarded ? `'${name}` : name;
      expect(line).toContain(/[",;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : `,${cell},`);
    }
    await node.db.execute(sql`update products set ingredients_vi = ${kept[0]?.name ?? ''} where id = ${id}`);
  });
});

describe('the table of goods, sent back as it is', () => {
  test('changes nothing, for any business, as CSV and as a workbook', async () => {
    const { rows } = await node.db.execute<{ id: BusinessId; code: string }>(
      sql`select b.id, b.code from businesses b where exists (select from products p where p.business_id = b.id) order by (select count(*) from products p join variants v on v.product_id = p.id where p.business_id = b.id) desc limit 24`,
    );
    const wrong: unknown[] = [];
    for (const [index, { id, code }] of rows.entries()) {
      const format = index % 3 === 0 ? 'xlsx' : 'csv';
      const bytes = await node.services.exports.file([id], { businessId: id, format, table: 'products' });
      const importer = { actor: 'test', businessIds: [id] };
      const importId = await node.services.imports.start(
        importer,
        id,
        { bytes, name: `x.${format}` },
        { readsItself: true },
      );
      await node.services.imports.readNow(importId);
      const { counts, state } = await node.services.imports.get(importer, importId);
      if (state === 'ready' && counts && counts.rows > 0 && counts.unchanged === counts.rows) continue;
      const { items } = await node.services.imports.rows(importer, importId, { limit: 500 });
      wrong.push([
        code,
        format,
        state,
        counts,
        items
          .filter(({ verdict }) => verdict !== 'unchanged')
          .map(({ values, changes, reasons }) => ({ sku: values.sku, changes, reasons })),
      ]);
    }
    expect(wrong).toEqual([]);
  });
});
