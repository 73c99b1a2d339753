import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { createImporter, csv, dataFile, type Importing } from './sheet.ts';

let node: TestNode;
let importing: Importing;
/** Another business's seller. */
let other: Importing;
let businessId: string;

beforeAll(async () => {
  node = await startNode();
  importing = createImporter(node, await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword));
  other = createImporter(node, await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword));
  const { rows } = await node.db.execute<{ id: string }>(sql`select id from businesses where code = 'B001'`);
  businessId = rows[0]?.id ?? '';
});
afterAll(() => node.close());

const category = 'Gạo, ngũ cốc, hạt sơ chế khác';
const headings = 'Mã hàng,Tên sản phẩm,Nhóm hàng,Giá bán,Tồn kho,Đơn vị tính';
const line = (sku: string, name: string, price: number | string, stock: number | string): string =>
  `${sku},${name},"${category}",${price},${stock},túi`;
const goods = async (prefix: string) => {
  const { rows } = await node.db.execute<{ sku: string; name: string; price: string; stock: number; status: string }>(
    sql`select p.sku, p.name_vi as name, pr.price_vnd as price, s.on_hand as stock, p.status from products p join variants v on v.product_id = p.id
      join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id where p.sku like ${`${prefix}%`} order by p.sku`,
  );
  return rows.map(({ sku, name, price, stock }) => [sku, name, Number(price), stock]);
};
/** An officer's import: what it adds is for sale at once. */
const list = async (text: string): Promise<string> => {
  const importer = { actor: 'operator', businessIds: [businessId] } as never;
  const file = { bytes: Buffer.from(text), name: 'a.csv' };
  const id = await node.services.imports.start(importer, businessId as never, file, { listsAtOnce: true });
  await node.services.imports.readNow(id);
  await node.services.imports.confirm(importer, id, 1, 'all');
  await node.services.imports.applyNow(id);
  await node.runJobs();
  return id;
};

describe('what was confirmed is written, once', () => {
  test('all of it, listed at once where an officer answers for it', async () => {
    await list(csv(headings, line('AA-1', 'Gạo thơm', '25k', 10), line('AA-2', 'Gạo lứt', '30.000đ', 5)));
    expect(await goods('AA-')).toEqual([
      ['AA-1', 'Gạo thơm', 25_000, 10],
      ['AA-2', 'Gạo lứt', 30_000, 5],
    ]);
    expect((await node.guest.product('gao-thom-aa-1')).name).toBe('Gạo thơm');
  });

  test('the same sheet again changes nothing, and says so', async () => {
    const preview = await importing.preview(
      csv(headings, line('aa-1 ', 'Gạo thơm', '25k', 10), line('AA-2', 'Gạo lứt', '30.000đ', 5)),
    );
    expect(preview.counts).toMatchObject({ new: 0, changed: 0, unchanged: 2, error: 0 });
    const before = await node.countRows();
    expect((await importing.confirm(preview.importId, preview.version, 'all')).status).toBe(202);
    await node.runJobs();
    const { import_rows: _a, imports: _b, ...after } = await node.countRows();
    const { import_rows: _c, imports: _d, ...rest } = before;
    expect(after).toEqual(rest);
  });

  test('a second confirmation has no further effect', async () => {
    const preview = await importing.preview(csv(headings, line('AA-1', 'Gạo thơm', '25k', 12)));
    for (let time = 0; time < 2; time += 1)
      expect((await importing.confirm(preview.importId, preview.version, 'all')).status).toBe(202);
    await node.runJobs();
    expect((await importing.confirm(preview.importId, preview.version, 'all')).status).toBe(202);
    await node.runJobs();
    const { rows } = await node.db.execute(
      sql`select change from stock_movements m join variants v on v.id = m.variant_id where v.sku = 'AA-1' and reason = 'import'`,
    );
    expect(rows).toEqual([{ change: 2 }]);
    expect((await importing.confirm(preview.importId, preview.version, 'valid')).body.code).toBe(
      'import-state-refused',
    );
  });

  test('the same bytes sent twice at once are one import', async () => {
    const bytes = csv(headings, line('AA-9', 'Nếp than', '41k', 1));
    const [one, two] = await Promise.all([importing.upload(bytes), importing.upload(bytes)]);
    expect([one.status, two.status, one.body.importId]).toEqual([202, 202, two.body.importId]);
    await node.runJobs();
    expect((await importing.get(one.body.importId)).state).toBe('ready');
  });

  test('a code belongs to its business: another may have the same', async () => {
    const text = csv(headings, line('AA-1', 'Gạo của nhà khác', '99k', 1));
    const importer = await other.upload(text, 'x.csv');
    expect(importer).toMatchObject({ status: 422, body: { code: 'import-business-unclear' } });
  });
});

describe('all or nothing', () => {
  const sheet = csv(headings, line('BB-1', 'Nếp cái', '40k', 1), line('BB-2', 'Nếp than', 'liên hệ', 1));
  test('one wrong row keeps all from being written; the valid ones are written by choice', async () => {
    const preview = await importing.preview(sheet);
    expect(preview.counts).toMatchObject({ new: 1, error: 1, blocking: 1 });
    expect((await importing.confirm(preview.importId, preview.version, 'all')).body.code).toBe('import-has-errors');
    expect((await importing.confirm(preview.importId, preview.version, 'valid')).status).toBe(202);
    await node.runJobs();
    const done = await importing.get(preview.importId);
    expect(done).toMatchObject({ state: 'done' });
  });

  test('a product that changed after the preview is noticed: all writes nothing and shows it anew', async () => {
    const preview = await importing.preview(
      csv(headings, line('AA-1', 'Gạo thơm', '25k', 20), line('AA-2', 'Gạo lứt', '30k', 50)),
    );
    expect(preview.counts).toMatchObject({ changed: 2 });
    const { rows } = await node.db.execute<{ id: string }>(sql`select id from variants where sku = 'AA-2'`);
    await node.setStock(rows[0]?.id ?? '', 7);
    await importing.confirm(preview.importId, preview.version, 'all');
    await node.runJobs();
    const again = await importing.get(preview.importId);
    expect(again).toMatchObject({ state: 'ready', outdated: true, version: preview.version + 1 });
    expect((await goods('AA-')).map(([, , , stock]) => stock)).toEqual([12, 7]);
    expect((await importing.confirm(preview.importId, preview.version, 'all')).body.code).toBe('import-outdated');
    await importing.confirm(preview.importId, again.version, 'all');
    await node.runJobs();
    expect((await goods('AA-')).map(([, , , stock]) => stock)).toEqual([20, 50]);
  });

  test('by choice the other rows are written, and that one is told of', async () => {
    const preview = await importing.preview(
      csv(headings, line('AA-1', 'Gạo thơm', '25k', 21), line('AA-2', 'Gạo lứt', '30k', 51)),
    );
    const { rows } = await node.db.execute<{ id: string }>(sql`select id from variants where sku = 'AA-2'`);
    await node.setStock(rows[0]?.id ?? '', 8);
    await importing.confirm(preview.importId, preview.version, 'valid');
    await node.runJobs();
    expect(await importing.get(preview.importId)).toMatchObject({
      state: 'done',
      written: { changed: 1, rejected: 1 },
    });
    expect((await importing.rows(preview.importId)).map(({ outcome, reasonCode }) => [outcome, reasonCode])).toEqual([
      ['written', expect.anything()],
      ['rejected', 'CHANGED_SINCE_PREVIEW'],
    ]);
  });

  test('stock does not go below what shoppers hold', async () => {
    const { rows } = await node.db.execute<{ id: string }>(sql`select id from variants where sku = 'AA-1'`);
    await node.guest.order([rows[0]?.id ?? '', 3]);
    const preview = await importing.preview(csv('sku,stock', 'AA-1,2'));
    expect((await importing.rows(preview.importId))[0]).toMatchObject({
      verdict: 'error',
      reasonCode: 'STOCK_BELOW_HELD',
    });
  });
});

describe('called off, cut off', () => {
  test('before it is written, nothing of it is', async () => {
    const preview = await importing.preview(csv(headings, line('CC-1', 'Đậu xanh', '33k', 3)));
    expect((await importing.client.send('DELETE', importing.at(preview.importId))).status).toBe(204);
    expect((await importing.confirm(preview.importId, preview.version, 'all')).body.code).toBe('import-state-refused');
    expect(await goods('CC-')).toEqual([]);
  });

  test('after it was confirmed and before a worker came, it is not written either', async () => {
    const preview = await importing.preview(csv(headings, line('CC-2', 'Đậu đỏ', '33k', 3)));
    await importing.confirm(preview.importId, preview.version, 'all');
    expect((await importing.client.send('DELETE', importing.at(preview.importId))).status).toBe(204);
    await node.runJobs();
    expect(await goods('CC-')).toEqual([]);
    expect((await importing.get(preview.importId)).state).toBe('cancelled');
  });
});

describe("another's import", () => {
  test('is no import: to look at, to confirm, to map, to call off, to fetch', async () => {
    const preview = await importing.preview(csv(headings, line('DD-1', 'Mè đen', '50k', 3)));
    const id = preview.importId;
    const asked = [
      await other.client.send('GET', other.at(id)),
      await other.client.send('GET', other.at(id, '/rows')),
      await other.client.send('GET', other.at(id, '/result')),
      await other.confirm(id, preview.version, 'all'),
      await other.client.send('PUT', other.at(id, '/mapping'), {
        body: { version: 1, mapping: { sku: 0, nameVi: 1 } },
      }),
      await other.client.send('DELETE', other.at(id)),
      await other.client.send('GET', `/ban-hang/nhap-hang/${id}`),
      await other.client.send('POST', `/ban-hang/nhap-hang/${id}`, { body: { do: 'cancel' } }),
    ];
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 404));
    expect((await importing.get(id)).state).toBe('ready');
  });
});

describe('what the columns mean', () => {
  test('is asked where it is not known, and remembered for the next sheet', async () => {
    const sheet = (sku: string): string => csv('Cột A,Cột B,Cột C,Cột D', `${sku},Bột gạo,"${category}",20k`);
    const first = await importing.preview(sheet('EE-1'));
    expect(first.state).toBe('mapping');
    const put = (mapping: object, version = first.version) =>
      importing.client.send('PUT', importing.at(first.importId, '/mapping'), { body: { version, mapping } });
    expect(await put({ sku: 0, nameVi: 0 })).toMatchObject({ status: 422, body: { code: 'import-mapping-invalid' } });
    expect(await put({ nameVi: 0, priceVnd: 1 })).toMatchObject({ status: 422 });
    expect(await put({ sku: 0, nameVi: 99 })).toMatchObject({ status: 422 });
    expect(await put({ sku: 0, status: 1 })).toMatchObject({ status: 400 });
    expect((await put({ sku: 0, nameVi: 1, category: 2, priceVnd: 3 })).status).toBe(204);
    await node.runJobs();
    expect(await importing.get(first.importId)).toMatchObject({ state: 'ready', counts: { new: 1 } });
    expect((await put({ sku: 0, nameVi: 1 }, first.version)).body).toMatchObject({ code: 'import-outdated' });
    expect(await importing.preview(sheet('EE-2'))).toMatchObject({ state: 'ready', counts: { new: 1 } });
  });

  test('English headings do as well, whatever their order and case', async () => {
    const preview = await importing.preview(csv('PRICE,Product Name,sku,Category', `20k,Bột nếp,EE-3,"${category}"`));
    expect(preview.mapping).toEqual({ priceVnd: 0, nameVi: 1, sku: 2, category: 3 });
    expect(preview.counts).toMatchObject({ new: 1 });
  });
});

describe('the result', () => {
  test('has a reason beside each cell that was refused, and no cell that a spreadsheet would run', async () => {
    const preview = await importing.preview(dataFile('products-dirty.csv'));
    const { text } = await importing.client.send<string>('GET', importing.at(preview.importId, '/result'));
    const lines = text.split('\r\n');
    expect(lines[0]).toContain('Giá bán,Giá bán – lý do / reason');
    expect(text).toContain('liên hệ,Giá không đọc được / The price cannot be read [PRICE_UNPARSEABLE]');
    expect(text).toContain(`"'=HYPERLINK(""https://xau.example"",""Bấm vào đây"")"`);
    expect(text).toContain(`'@SUM(1+1)`);
    expect(lines.filter((one) => /(?:^|,)"?[=@+]/.test(one))).toEqual([]);
    const xlsx = await importing.fetchBytes(importing.at(preview.importId, '/result?format=xlsx'));
    expect(xlsx.subarray(0, 2).toString()).toBe('PK');
  });
});

describe('workbooks', () => {
  test('are read by their types: numbers, dates, percentages', async () => {
    const rows = [
      ['Sổ hàng tháng 11'],
      [
        'Mã hàng',
        'Tên sản phẩm',
        'Nhóm hàng',
        'Giá bán (nghìn đồng)',
        'Tồn kho',
        'Khối lượng (kg)',
        'Mã vạch',
        'NSX',
        'Thuế suất',
      ],
      [
        'XL-1',
        'Gạo tám',
        category,
        25,
        7,
        0.5,
        8_930_002_000_017,
        { value: new Date('2026-09-02'), format: 'dd/mm/yyyy' },
        0.08,
      ],
    ];
    const bytes = await writeWorkbook(rows as never).toBuffer();
    const preview = await importing.preview(bytes, 'hang.xlsx');
    expect(preview.sheet).toMatchObject({ kind: 'xlsx', headerRow: 2 });
    const [row] = await importing.rows(preview.importId);
    expect(row?.values).toMatchObject({
      sku: 'XL-1',
      priceVnd: 25_000,
      stock: 7,
      netWeightG: 500,
      gtin: '8930002000017',
      producedOn: '2026-09-02',
      vatRatePercent: 8,
    });
  });
});

describe("a seller's new goods", () => {
  const sheet = csv(headings, line('SE-1', 'Gạo huyết rồng', '45k', 6));
  test('wait for an officer, and the same sheet again asks for nothing new', async () => {
    const preview = await importing.preview(sheet);
    await importing.confirm(preview.importId, preview.version, 'all');
    await node.runJobs();
    expect(await importing.get(preview.importId)).toMatchObject({
      state: 'done',
      written: { new: 0, waiting: 1, rejected: 0 },
    });
    expect(await goods('SE-')).toEqual([]);
    const { rows } = await node.db.execute(
      sql`select kind, status from change_sets where product_name = 'Gạo huyết rồng'`,
    );
    expect(rows).toEqual([{ kind: 'listing', status: 'proposed' }]);
    const again = await importing.preview(csv(headings, line('se-1', 'Gạo huyết rồng', '45.000', 6)));
    expect(again.counts).toMatchObject({ new: 0, changed: 0, unchanged: 1 });
  });

  test('a price that triples waits, the stock beside it does not', async () => {
    const preview = await importing.preview(csv(headings, line('AA-2', 'Gạo lứt', '99k', 61)));
    await importing.confirm(preview.importId, preview.version, 'all');
    await node.runJobs();
    expect(await importing.get(preview.importId)).toMatchObject({ state: 'done', written: { waiting: 1 } });
    expect((await goods('AA-2'))[0]?.slice(2)).toEqual([30_000, 61]);
  });
});
