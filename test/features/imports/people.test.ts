import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { createClient } from '#test/support/client.ts';
import { giveConsent } from '#test/support/consent.ts';
import { type Desks, openDesks } from '#test/support/desks.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { signIn } from '#test/support/people.ts';
import { createImporter, csv, type Importing } from './sheet.ts';

let desks: Desks;
let businessId: string;
let owner: Importing;
let assistant: Importing;
let assistantId: string;

const headings = 'Mã hàng,Tên sản phẩm,Nhóm hàng,Giá bán,Tồn kho,Ngày sản xuất';
const line = (sku: string, name: string, day = ''): string =>
  `${sku},${name},"Gạo, ngũ cốc, hạt sơ chế khác",25k,3,${day}`;
const rows = async <Row>(query: ReturnType<typeof sql>): Promise<readonly Row[]> =>
  (await desks.node.db.execute(query)).rows as Row[];

beforeAll(async () => {
  desks = await openDesks();
  const { node } = desks;
  const [found] = await rows<{ id: string }>(sql`select id from businesses where code = 'B001'`);
  businessId = found?.id ?? '';
  owner = createImporter(node, await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword));
  await transact(node.db, 'test', async (tx) => {
    const account = { name: 'Lý Thị Hà', login: 'ha@thu.example', password: demoPassword };
    assistantId = await node.services.identity.addAccount(tx, account);
    await giveConsent(tx, businessId as never, assistantId as never);
  });
  assistant = createImporter(node, await signIn(node.url, 'ha@thu.example', demoPassword));
});
afterAll(() => desks.close());

/** Sends a sheet, and has all of it written. */
async function write(importing: Importing, text: string): Promise<string> {
  const { importId, version } = await importing.preview(text);
  expect((await importing.confirm(importId, version, 'all')).status).toBe(202);
  const { errors } = await desks.node.runJobs();
  expect(errors).toEqual([]);
  expect(await importing.get(importId)).toMatchObject({ state: 'done', written: { rejected: 0 } });
  return importId;
}

describe('an assistant of a digital team', () => {
  test('imports for the household that consented, and each act has both names', async () => {
    const importId = await write(assistant, csv(headings, line('TQ-1', 'Gạo tổ hỗ trợ')));
    const acts = await rows<{ action: string; subject: string }>(
      sql`select action, subject_id as subject from audit_entries
        where actor = ${`account:${assistantId}`} and on_behalf_of = ${businessId} order by happened_at, id`,
    );
    const ofImport = acts.filter(({ subject }) => subject === importId).map(({ action }) => action);
    expect(ofImport).toEqual(['import.sent', 'import.confirmed']);
    expect(acts.map(({ action }) => action)).toContain('product.submitted');
    const told = await owner.client.expect<{ items: { action: string }[] }>(
      200,
      'GET',
      `/v1/seller/business/${businessId}/assisted-acts`,
    );
    expect(told.items.map(({ action }) => action)).toContain('import.confirmed');
  });

  test('what the household does by itself is no act of an assistant', async () => {
    const importId = await write(owner, csv(headings, line('TQ-2', 'Gạo tự gửi')));
    expect(await rows(sql`select action from audit_entries where subject_id = ${importId}`)).toEqual([]);
  });

  test('gets no further once the household has taken the consent back', async () => {
    const preview = await assistant.preview(csv(headings, line('TQ-3', 'Gạo thu hồi')));
    await desks.node.db.execute(sql`update consents set revoked_at = now() where assistant_id = ${assistantId}`);
    expect((await assistant.confirm(preview.importId, preview.version, 'all')).status).toBe(403);
    expect((await assistant.upload(csv(headings, line('TQ-4', 'Gạo')))).status).toBe(403);
    expect(await rows(sql`select 1 from product_drafts where fields::text like '%TQ-3%'`)).toEqual([]);
  });
});

describe("a business's own system", () => {
  const keyOf = async (scopes: readonly string[]): Promise<Importing> => {
    const body = { businessId, name: 'Phần mềm kho', scopes, days: 30 };
    const { key } = await owner.client.expect<{ key: string }>(201, 'POST', '/v1/seller/keys', { body });
    return createImporter(desks.node, createClient(desks.node.url, { authorization: `Bearer ${key}` }));
  };

  test('sends a sheet, looks at it and has it written, in the name of its key', async () => {
    const program = await keyOf(['products:read', 'products:write']);
    const importId = await write(program, csv(headings, line('KEY-1', 'Gạo phần mềm')));
    expect((await program.rows(importId)).map(({ outcome }) => outcome)).toEqual(['waiting']);
    const [sent] = await rows<{ by: string }>(sql`select sent_by as by from imports where id = ${importId}`);
    expect(sent?.by).toMatch(/^key:/);
    expect((await program.fetchBytes(program.at(importId, '/result'))).toString('utf8')).toContain('KEY-1');
  });

  test('reads and edits its products, prices, stock and certificates as its scopes say', async () => {
    const { client } = await keyOf(['products:read', 'products:write', 'stock:read', 'stock:write']);
    const { items } = await client.expect<{ items: { productId: string }[] }>(200, 'GET', '/v1/seller/products');
    const one = await client.send('GET', `/v1/seller/products/${items[0]?.productId}`);
    const edit = { body: { nameEn: 'By a program' }, headers: { 'if-match': one.headers.get('etag') ?? '' } };
    expect((await client.send('PATCH', `/v1/seller/products/${items[0]?.productId}`, edit)).status).toBe(200);
    await client.expect(201, 'POST', '/v1/seller/products', { body: { businessId } });
    await client.expect(200, 'GET', '/v1/seller/certificates');
    const { items: shelf } = await client.expect<{ items: { variantId: string; onHand: number }[] }>(
      200,
      'GET',
      '/v1/seller/stock',
    );
    const variantId = shelf[0]?.variantId ?? '';
    const stock = { items: [{ variantId, onHand: (shelf[0]?.onHand ?? 0) + 1 }] };
    await client.expect(200, 'PUT', '/v1/seller/stock', { body: stock });
    await client.expect(200, 'GET', `/v1/seller/stock/${variantId}/movements`);
    const [price] = await rows<{ price: number }>(
      sql`select price_vnd::int as price from prices where variant_id = ${variantId}`,
    );
    const prices = { items: [{ variantId, priceVnd: (price?.price ?? 0) + 1_000 }] };
    const { editId } = await client.expect<{ editId: string }>(200, 'PUT', '/v1/seller/prices', { body: prices });
    await client.expect(200, 'POST', `/v1/seller/table-edits/${editId}/undo`, { body: {} });
  });

  test('is refused by name where its scopes do not reach, and finds nothing of another business', async () => {
    const reader = await keyOf(['products:read', 'stock:read']);
    expect(await reader.upload(csv(headings, line('KEY-2', 'Gạo')))).toMatchObject({
      status: 403,
      body: { code: 'scope-missing' },
    });
    const { client } = reader;
    for (const [method, path] of [
      ['PUT', '/v1/seller/prices'],
      ['PUT', '/v1/seller/stock'],
      ['POST', '/v1/seller/products'],
    ] as const)
      expect(await client.send(method, path, { body: {} }), path).toMatchObject({ status: 403 });
    // A person answers for papers, members and money.
    for (const path of ['/v1/seller/export', '/v1/seller/keys', '/ban-hang/nhap-hang'])
      expect((await client.send('GET', path)).status, path).toBe(403);
    const other = createImporter(desks.node, await signIn(desks.node.url, 'nguoiban2@cho-noi.example', demoPassword));
    const [theirs] = await rows<{ id: string }>(sql`select id from businesses where code = 'B002'`);
    const sent = await other.upload(csv(headings, line('B-1', 'Gạo')), 'x.csv', { businessId: theirs?.id ?? '' });
    expect((await client.send('GET', reader.at(sent.body.importId))).status).toBe(404);
  });
});

describe('a day of making', () => {
  const batches = (sku: string) =>
    rows<{ lot: string; day: string }>(
      sql`select b.lot, b.packed_on::text as day from batches b join products p on p.id = b.product_id where p.sku = ${sku} order by b.packed_on`,
    );

  test('becomes a batch of the product that is there, once, and the next day another', async () => {
    const [sold] = await rows<{ sku: string }>(
      sql`select p.sku from products p where p.business_id = ${businessId} and p.status = 'listed'
        and not exists (select from batches b where b.product_id = p.id) order by p.sku limit 1`,
    );
    const sku = sold?.sku ?? '';
    const sheet = (day: string): string => csv('Mã hàng,Ngày sản xuất', `${sku},${day}`);
    const first = await owner.preview(sheet('02/09/2026'));
    expect((await owner.rows(first.importId))[0]).toMatchObject({
      verdict: 'changed',
      changes: { producedOn: { from: null, to: '2026-09-02' } },
    });
    await write(owner, sheet('02/09/2026'));
    expect(await batches(sku)).toEqual([{ lot: '20260902', day: '2026-09-02' }]);
    expect((await owner.preview(sheet('2026-09-02'))).counts).toMatchObject({ changed: 0, unchanged: 1 });
    await write(owner, sheet('03/09/2026'));
    expect((await batches(sku)).map(({ lot }) => lot)).toEqual(['20260902', '20260903']);
  });

  test('after today is no day of making', async () => {
    const preview = await owner.preview(csv(headings, line('NGAY-1', 'Gạo mai', '01/01/2099')));
    expect((await owner.rows(preview.importId))[0]?.reasons).toContainEqual(
      expect.objectContaining({ field: 'producedOn', code: 'DATE_IN_FUTURE', rejects: true }),
    );
  });

  test('of goods that wait is kept until an officer has let them in', async () => {
    const importId = await write(owner, csv(headings, line('NGAY-2', 'Gạo chờ duyệt', '05/09/2026')));
    await desks.node.services.imports.addAgreedDays();
    expect(await batches('NGAY-2')).toEqual([]);
    const [draft] = await rows<{ id: string }>(
      sql`select product_id as id from product_drafts where fields::text like '%NGAY-2%'`,
    );
    const set = await desks.getSet(draft?.id ?? '');
    expect((await desks.claim(set.setId)).status).toBe(200);
    expect((await desks.decide(set.setId, { outcome: 'approved', version: set.version })).status).toBe(204);
    for (let time = 0; time < 2; time += 1) await desks.node.services.imports.addAgreedDays();
    expect(await batches('NGAY-2')).toEqual([{ lot: '20260905', day: '2026-09-05' }]);
    expect(await owner.get(importId)).toMatchObject({ written: { new: 1, waiting: 0 } });
  });
});
