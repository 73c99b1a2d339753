import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { readAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { reportPersonalData } from '#features/field-reports/index.ts';
import { type Client, createClient } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { type Product, signIn } from '#test/support/people.ts';
import { photograph, withExif } from '#test/support/pictures.ts';

type State = {
  readonly code: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly dueAt: string;
  readonly about: { readonly business: string; readonly product: string | null };
};
const phone = '0912 000 111';
const words = 'Bao bì ghi sản xuất ở tỉnh khác, tôi là hàng xóm nên biết.';

let node: TestNode;
let guest: Client;
let seller: Client;
let officer: Client;
let product: Product;
beforeAll(async () => {
  node = await startNode();
  guest = createClient(node.url);
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  officer = await signIn(node.url, 'kiemduyet@cho-noi.example', demoPassword);
  const { items } = await node.guest.products('limit=100&business=htx-hanh-tim-bai-giong');
  if (!items[0]) throw new Error('The demonstration has changed');
  product = items[0];
});
afterAll(() => node.close());

const report = (body: object = {}) =>
  guest.expect<State>(201, 'POST', '/v1/field-reports', {
    body: { product: product.slug, kind: 'wrong-origin', text: words, phone, ...body },
  });
const refusal = async (body: object) =>
  (
    await guest.send<{ code: string }>('POST', '/v1/field-reports', {
      body: { product: product.slug, kind: 'wrong-origin', text: words, phone, ...body },
    })
  ).body.code;
/** Taken from its queue, as officers do before they decide. */
async function take(code: string): Promise<void> {
  const { items } = await officer.expect<{ items: readonly { itemId: string; path: string }[] }>(
    200,
    'GET',
    '/v1/staff/queues/field-reports?limit=100',
  );
  const item = items.find(({ path }) => path.endsWith(code));
  await officer.expect(200, 'POST', `/v1/staff/review-items/${item?.itemId}/claim`);
}
const decide = (code: string, outcome: string, reason = 'Đã kiểm tra tại chỗ.') =>
  officer.send<{ code: string }>('POST', `/v1/staff/field-reports/${code}/verdict`, { body: { outcome, reason } });

describe('a report', () => {
  test('gets a code that opens its clock and its outcome, and neither words nor whose they are', async () => {
    const made = await report();
    expect(made).toMatchObject({ outcome: null, about: { product: product.name, business: product.business.name } });
    expect(Date.parse(made.dueAt)).toBeGreaterThan(Date.now() + 71 * 3_600_000);
    for (const path of [`/v1/field-reports/${made.code}`, `/phan-anh/${made.code}`]) {
      const { status, text } = await guest.send('GET', path);
      expect(status).toBe(200);
      expect(text).not.toContain('hàng xóm');
      expect(text).not.toContain('912');
    }
    expect((await decide(made.code, 'warned')).body.code).toBe('claim-required');
    await take(made.code);
    expect((await decide(made.code, 'warned', ' ')).body.code).toBe('report-words-missing');
    expect((await decide(made.code, 'warned', 'Nhãn phải sửa trong 7 ngày.')).status).toBe(204);
    expect((await decide(made.code, 'no-finding')).body.code).toBe('report-decided');
    expect(await guest.expect(200, 'GET', `/v1/field-reports/${made.code}`)).toMatchObject({
      outcome: 'warned',
      reason: 'Nhãn phải sửa trong 7 ngày.',
    });
    const { rows } = await node.db.execute<{ kind: string; recipient: object }>(
      sql`select kind, recipient from notices where kind like 'field-report.%' order by kind`,
    );
    expect(rows).toEqual([
      { kind: 'field-report.warned', recipient: { phone: '+84912000111' } },
      { kind: 'field-report.warning', recipient: { businessId: product.business.businessId } },
    ]);
  });

  test('reaches the business as a matter that was decided, never as words, photo, place or person', async () => {
    const open = await report({ text: 'Còn đang xem xét' });
    const { items } = await seller.expect<{ items: readonly State[] }>(200, 'GET', '/v1/seller/field-reports');
    expect(items.map(({ outcome }) => outcome)).toEqual(['warned']);
    const { text } = await seller.send('GET', '/ban-hang/phan-anh');
    for (const secret of ['hàng xóm', '912', open.code]) expect(text).not.toContain(secret);
    // Whatever asks as a seller gets no row of who reported, of their own business either.
    const own = [product.business.businessId as BusinessId];
    const seen = await readAsSeller(node.db, own, (reader) =>
      reader.execute(
        sql`select (select count(*)::int from field_reporters) as people, (select count(*)::int from field_reports) as reports`,
      ),
    );
    expect(seen.rows).toEqual([{ people: 0, reports: 2 }]);
  });

  test('keeps a place to about a kilometre, in the database too', async () => {
    const { code } = await report({ wardCode: '31795', position: { latitude: 9.334_567, longitude: 105.984_321 } });
    expect(await officer.expect(200, 'GET', `/v1/staff/field-reports/${code}`)).toMatchObject({
      latitude: 9.33,
      longitude: 105.98,
      text: words,
      phone: '+84912000111',
    });
    await expect(
      node.db.execute(sql`update field_reporters set latitude = 9.334567 where latitude is not null`),
    ).rejects.toThrow();
  });

  test('needs words, a thing that exists, and somebody who can be asked', async () => {
    expect(await refusal({ text: ' ' })).toBe('report-words-missing');
    expect(await refusal({ product: 'khong-co' })).toBe('report-not-found');
    expect(await refusal({ phone: undefined })).toBe('report-contact-missing');
    expect(await refusal({ phone: '12' })).toBe('report-contact-missing');
    expect(await refusal({ kind: 'because' })).toBe('invalid-request');
    const signedIn = { body: { business: product.business.businessId, kind: 'hygiene', text: words } };
    expect((await officer.send('POST', '/v1/field-reports', signedIn)).status).toBe(201);
  });

  test('takes four photos within the hour, shown to officers without the place where they were made', async () => {
    const { code } = await report();
    const photo = await withExif(await photograph(400, 300));
    const add = async () => {
      const body = new FormData();
      body.set('photo', new Blob([new Uint8Array(photo)]), 'a.jpg');
      return (await guest.send('POST', `/v1/field-reports/${code}/photos`, { body })).status;
    };
    const statuses = [];
    for (let sent = 0; sent < 5; sent += 1) statuses.push(await add());
    expect(statuses).toEqual([204, 204, 204, 204, 409]);
    await node.runJobs();
    const { photos } = await officer.expect<{ photos: readonly string[] }>(
      200,
      'GET',
      `/v1/staff/field-reports/${code}`,
    );
    const shown = await officer.send('GET', `/quan-tri/tep/${photos[0]}/320`);
    expect(shown.headers.get('content-type')).toBe('image/webp');
    expect(shown.text).not.toContain('MAY-ANH-BI-MAT');
  });
});

describe('an officer', () => {
  test('has a product taken down by the way of every takedown, and a business not', async () => {
    const { code } = await report({ kind: 'unsafe' });
    await take(code);
    expect((await decide(code, 'takedown', 'Mẫu thử không đạt.')).status).toBe(204);
    const { rows } = await node.db.execute(sql`select status, request_number, reason from takedowns`);
    expect(rows).toEqual([{ status: 'open', request_number: code, reason: 'Mẫu thử không đạt.' }]);
    const { code: other } = await report({ product: undefined, business: product.business.businessId });
    await take(other);
    expect((await decide(other, 'takedown')).body.code).toBe('report-of-no-product');
    expect((await decide(other, 'forwarded')).status).toBe(204);
  });
});

test('hostile texts are shown as words', async () => {
  const { code } = await report({ text: '"><img src=x onerror=alert(1)>{{reason}}\u202e' });
  const { text } = await officer.send('GET', `/quan-tri/phan-anh/${code}`);
  expect(text).not.toContain('<img src=x');
  expect(text).toContain('&lt;img src=x');
});

test('ten an hour come from one place', async () => {
  const codes = [];
  for (let sent = 0; sent < 10; sent += 1) codes.push(await refusal({}));
  expect(codes.at(-1)).toBe('too-many-attempts');
});

test('whoever is forgotten leaves what was wrong, without number, place or photo', async () => {
  const accountId = '01900000-0000-7000-8000-00000000dead' as never;
  await transact(node.db, 'test', async (tx) => {
    await reportPersonalData.erase?.(tx, { accountId, phone: '+84912000111', email: null }, node.clock.now());
  });
  const { rows } = await node.db.execute(
    sql`select count(*)::int as n from field_reporters where phone = '+84912000111' or latitude is not null`,
  );
  expect(rows).toEqual([{ n: 0 }]);
  expect((await node.db.execute(sql`select * from field_report_photos`)).rows).toEqual([]);
});
