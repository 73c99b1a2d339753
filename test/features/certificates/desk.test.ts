import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKLIST } from '#features/certificates/types.ts';
import type { Client } from '#test/support/client.ts';
import { minutes } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, type Page, type Product, signIn } from '#test/support/people.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

type Own = {
  readonly certificateId: string;
  readonly code: string;
  readonly status: string;
  readonly decisionNumber: string;
  readonly rejectionReason: string | null;
};
type Item = { readonly itemId: string; readonly subject: { readonly id: string }; readonly path: string };

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n');
const good = {
  kind: 'ocop',
  issuer: 'UBND thành phố Cần Thơ',
  decisionNumber: '501/QĐ-UBND',
  issuedOn: '2026-10-01',
  star: '4',
} as const;
type Fields = Readonly<Record<string, string>>;

let node: TestNode;
let seller: Client;
let other: Client;
let certifier: Client;
let admin: Client;
let bare: Product;
let theirs: Product;

beforeAll(async () => {
  node = await startNode();
  [seller, other, certifier, admin] = await Promise.all([
    signIn(node.url, 'nguoiban@cho-noi.example', demoPassword),
    signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword),
    signIn(node.url, 'thamtra@cho-noi.example', demoPassword),
    signIn(node.url, 'quantri@cho-noi.example', demoPassword),
  ]);
  const { items } = await node.guest.products('limit=100&business=htx-hanh-tim-bai-giong');
  bare = items.find(({ slug }) => slug === 'hanh-tim-giong-chon-loc') as Product;
  theirs = (await node.guest.products('limit=100&sort=name')).items.find(
    ({ business }) => business.businessId !== bare.business.businessId,
  ) as Product;
});
afterAll(() => node.close());

const formOf = (fields: Fields, copy: Buffer | undefined = pdf, name = 'quyet-dinh.pdf'): FormData => {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  if (copy) form.set('evidence', new File([new Uint8Array(copy)], name));
  return form;
};
const send = (client: Client, fields: Fields, copy?: Buffer, name?: string) =>
  client.send<{ certificateId: string; code: string }>('POST', '/v1/seller/certificates', {
    body: formOf({ ...good, productId: bare.productId, ...fields }, copy, name),
    headers: fresh(),
  });
async function sent(decisionNumber: string, more: Fields = {}): Promise<string> {
  const answer = await send(seller, { decisionNumber, ...more });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.certificateId;
}
const verify = (client: Client, id: string, body: object = { checked: CHECKLIST }) =>
  client.send('POST', `/v1/staff/certificates/${id}/verify`, { body });
/** Takes it from the queue, as whoever decides must. */
const hold = async (client: Client, id: string) => {
  const item = (await waiting()).find(({ subject }) => subject.id === id);
  return client.send('POST', `/v1/staff/review-items/${item?.itemId}/claim`, { body: {} });
};
const verifyHeld = async (client: Client, id: string) => {
  expect((await hold(client, id)).status).toBe(200);
  return verify(client, id);
};
const revoke = (client: Client, id: string, body: object) =>
  client.send('POST', `/v1/staff/certificates/${id}/revoke`, { body });
const own = async (client = seller) =>
  (await client.expect<Page<Own>>(200, 'GET', '/v1/seller/certificates?limit=100')).items;
const stateOf = async (id: string) => (await own()).find(({ certificateId }) => certificateId === id)?.status;
const starOf = async () => (await node.guest.product(bare.slug)).star;
const waiting = async () =>
  (await certifier.expect<Page<Item>>(200, 'GET', '/v1/staff/queues/certificates?limit=100')).items;

describe('a business sends a certificate', () => {
  test('it waits in the queue with its copy and shows nowhere; the other business knows nothing of it', async () => {
    const before = await starOf();
    const id = await sent('502/QĐ-UBND');
    expect(await stateOf(id)).toBe('submitted');
    expect(await starOf()).toBe(before);
    expect((await waiting()).find(({ subject }) => subject.id === id)).toMatchObject({
      path: `/quan-tri/chung-nhan/${id}`,
    });
    expect((await own(other)).map(({ certificateId }) => certificateId)).not.toContain(id);
    const [{ code } = { code: '' }] = (await own()).filter(({ certificateId }) => certificateId === id);
    expect((await node.guest.client.send('GET', `/v1/certificates/${code}`)).status).toBe(404);
    const review = await certifier.expect<{ evidence: { sha256: string }; submittedByName: string; checks: object[] }>(
      200,
      'GET',
      `/v1/staff/certificates/${id}`,
    );
    expect(review).toMatchObject({
      submittedByName: 'Chủ HTX Hành tím Bãi Giồng',
      evidence: { mediaType: 'application/pdf' },
    });
    expect(review.checks).toContainEqual({ check: 'issuer', outcome: 'passed', codes: [] });
  });

  type Bad = {
    readonly code: string;
    readonly status: number;
    readonly over?: Fields;
    readonly copy?: Buffer;
    readonly name?: string;
  };
  const bad: readonly Bad[] = [
    { code: 'star-invalid', status: 422, over: { kind: 'vietgap', decisionNumber: 'VG-1', expiresOn: '2027-01-01' } },
    { code: 'issuer-not-competent', status: 422, over: { star: '5' } },
    { code: 'issuer-not-competent', status: 422, over: { star: '3', issuer: 'UBND huyện Mỹ Tú' } },
    { code: 'certificate-from-the-future', status: 422, over: { issuedOn: '2036-01-01' } },
    { code: 'certificate-lapsed', status: 422, over: { issuedOn: '2023-10-01', issuer: 'UBND tỉnh Sóc Trăng' } },
    { code: 'decision-number-invalid', status: 422, over: { decisionNumber: '1 <script>' } },
    { code: 'invalid-request', status: 400, over: { star: '6' } },
    { code: 'invalid-request', status: 400, over: { status: 'verified' } },
    { code: 'invalid-request', status: 400, over: { businessId: '01900000-0000-7000-8000-00000000dead' } },
    { code: 'evidence-required', status: 422, copy: Buffer.alloc(0) },
    { code: 'file-type-refused', status: 415, copy: Buffer.from('<svg onload="alert(1)"/>'), name: 'giay.jpg' },
    { code: 'upload-too-large', status: 413, copy: Buffer.concat([pdf, Buffer.alloc(10 * 1_048_576)]) },
  ];
  test.each(bad)('$code: nothing is stored', async ({ code, status, over = {}, copy = pdf, name = 'giay.pdf' }) => {
    const before = await node.countRows();
    const answer = await send(seller, { decisionNumber: '590/QĐ-UBND', ...over }, copy, name);
    expect([answer.body.code, answer.status]).toEqual([code, status]);
    expect(await node.countRows()).toMatchObject({
      certificates: before.certificates,
      review_items: before.review_items,
    });
  });

  test('for a product of another business it is the 404 of a missing one', async () => {
    const answer = await send(seller, { productId: theirs.productId, decisionNumber: '503/QĐ-UBND' });
    const missing = await send(seller, {
      productId: '01900000-0000-7000-8000-00000000dead',
      decisionNumber: '503/QĐ-UBND',
    });
    expect([answer.status, answer.body.code]).toEqual([404, 'product-not-found']);
    expect([missing.status, missing.body.code]).toEqual([404, 'product-not-found']);
  });

  test('a decision that is recorded for the product is refused, until it was rejected', async () => {
    const id = await sent('504/QĐ-UBND');
    expect((await send(seller, { decisionNumber: '504/QĐ-UBND' })).body.code).toBe('decision-already-recorded');
    const reason = 'Ảnh chụp không đọc được số quyết định.';
    await hold(certifier, id);
    expect(
      (await certifier.send('POST', `/v1/staff/certificates/${id}/reject`, { body: { reason: 'xấu' } })).status,
    ).toBe(400);
    expect((await certifier.send('POST', `/v1/staff/certificates/${id}/reject`, { body: { reason } })).status).toBe(
      204,
    );
    expect((await own()).find(({ certificateId }) => certificateId === id)).toMatchObject({
      status: 'rejected',
      rejectionReason: reason,
    });
    expect((await verify(certifier, id)).status).toBe(409);
    expect((await send(seller, { decisionNumber: '504/QĐ-UBND' })).status).toBe(201);
  });
});

describe('a certifier decides', () => {
  test('only with the whole checklist and a score within the stars; the score is seen by certifiers alone', async () => {
    const id = await sent('505/QĐ-UBND');
    await hold(certifier, id);
    expect(await verify(certifier, id, { checked: CHECKLIST.slice(1) })).toMatchObject({
      status: 422,
      body: { code: 'checklist-incomplete' },
    });
    expect(await verify(certifier, id, { checked: CHECKLIST, score: 69.9 })).toMatchObject({
      status: 422,
      body: { code: 'score-outside-star' },
    });
    expect((await verify(seller, id)).status).toBe(403);
    expect(await stateOf(id)).toBe('submitted');
    expect((await verify(certifier, id, { checked: CHECKLIST, score: 72.5 })).status).toBe(204);
    expect(await starOf()).toBe(4);
    expect(await certifier.expect(200, 'GET', `/v1/staff/certificates/${id}`)).toMatchObject({ score: 72.5 });
    const [{ code } = { code: '' }] = (await own()).filter(({ certificateId }) => certificateId === id);
    for (const [client, path] of [
      [seller, '/v1/seller/certificates?limit=100'],
      [node.guest.client, `/v1/certificates/${code}`],
      [node.guest.client, `/v1/products/${bare.slug}`],
    ] as const)
      expect((await client.send('GET', path)).text).not.toMatch(/72\.5|"score/i);
    expect((await waiting()).map(({ subject }) => subject.id)).not.toContain(id);
  });

  test('never on what they entered themselves, even as administrator and owner at once', async () => {
    const { accountId } = await admin.expect<{ accountId: string }>(200, 'GET', '/v1/me');
    await node.db.execute(
      sql`insert into business_members (business_id, account_id, role) values (${bare.business.businessId}, ${accountId}, 'owner')`,
    );
    const id = (await send(admin, { decisionNumber: '506/QĐ-UBND' })).body.certificateId;
    expect(await verify(admin, id)).toMatchObject({ status: 409, body: { code: 'certificate-four-eyes' } });
    await expect(
      node.db.execute(
        sql`update certificates set status = 'verified', verified_by = submitted_by, verified_at = now() where id = ${id}`,
      ),
    ).rejects.toThrow();
    expect((await verifyHeld(certifier, id)).status).toBe(204);
  });

  test('not by one who does not hold the item, or no longer, or while another holds it', async () => {
    const id = await sent('507/QĐ-UBND');
    const refused = { status: 409, body: { code: 'claim-required' } };
    const reject = () =>
      certifier.send('POST', `/v1/staff/certificates/${id}/reject`, { body: { reason: 'Bản chụp bị mờ.' } });
    expect(await verify(certifier, id)).toMatchObject(refused);
    expect(await reject()).toMatchObject(refused);
    expect((await hold(certifier, id)).status).toBe(200);
    node.clock.advance(minutes(16));
    expect(await verify(certifier, id)).toMatchObject(refused);
    expect(await reject()).toMatchObject(refused);
    expect((await hold(admin, id)).status).toBe(200);
    expect(await hold(certifier, id)).toMatchObject({ status: 409, body: { code: 'item-claimed' } });
    expect(await verify(certifier, id)).toMatchObject(refused);
    expect(await stateOf(id)).toBe('submitted');
    expect((await verify(admin, id)).status).toBe(204);
  });

  test('two verdicts at once: one stands', async () => {
    const id = await sent('508/QĐ-UBND');
    await hold(certifier, id);
    const answers = await Promise.all([verify(certifier, id), verify(certifier, id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  test('revocation takes star, facet, feed and copies in one transaction; the product stays sold, and the log has all of it', async () => {
    const slug = 'hanh-tim-vinh-chau-tui-luoi';
    const { rows } = await node.db.execute<{ id: string; code: string }>(
      sql`select c.id, c.code from certificates c join products p on p.id = c.product_id where p.slug = ${slug} and c.kind = 'ocop' and c.status = 'verified'`,
    );
    const { id = '', code = '' } = rows[0] ?? {};
    const entry = {
      cause: 'mark-misused',
      reason: 'In 5 sao trên bao bì trong khi được 3 sao.',
      decisionNumber: '91/QĐ-UBND',
      decidedOn: '2026-11-20',
    };
    expect(await revoke(certifier, id, { ...entry, decidedOn: '2036-11-20' })).toMatchObject({
      body: { code: 'revocation-incomplete' },
    });
    expect(await revoke(certifier, id, { cause: entry.cause, reason: entry.reason })).toMatchObject({
      body: { code: 'revocation-incomplete' },
    });
    expect((await node.guest.product(slug)).star).toBe(3);
    const queued = sql`select count(*)::int as count from pgboss.job where state < 'active' and name in ('search-index', 'federation-export')`;
    await node.runJobs();
    expect((await revoke(certifier, id, entry)).status).toBe(204);
    expect((await node.db.execute<{ count: number }>(queued)).rows[0]?.count).toBeGreaterThan(0);
    expect((await node.guest.product(slug)).star).toBeNull();
    await node.runJobs();
    const found = await node.guest.client.expect<{ hits: Product[] }>(
      200,
      'GET',
      '/v1/search?q=hanh+tim+vinh+chau&stars=3',
    );
    expect(found.hits.map((hit) => hit.slug)).not.toContain(slug);
    const { rows: exported } = await node.db.execute<{ ocop: unknown }>(
      sql`select record -> 'ocop' as ocop from federation_changes where record ->> 'landingUrl' like ${`%${slug}`} and op <> 'delete'`,
    );
    expect(exported).toEqual([{ ocop: null }]);
    expect((await node.guest.product(slug)).variants[0]?.available).toBeGreaterThan(0);
    expect(await node.guest.client.expect(200, 'GET', `/v1/certificates/${code}`)).toMatchObject({
      status: 'revoked',
      revocationCause: 'mark-misused',
      revocationDecisionNumber: '91/QĐ-UBND',
      revocationDecidedOn: '2026-11-20',
    });
    expect(await revoke(certifier, id, entry)).toMatchObject({
      status: 409,
      body: { code: 'certificate-not-in-force' },
    });
    const { rows: acts } = await node.db.execute(
      sql`select action, reason from audit_entries where subject_id = ${id} order by happened_at`,
    );
    expect(acts).toEqual([{ action: 'certificate.revoked', reason: entry.reason }]);
    const { rows: told } = await node.db.execute(
      sql`select kind from notices where kind = 'certificate.revoked' and "values" ->> 'code' = ${code}`,
    );
    expect(told).toHaveLength(1);
  });

  test('a mistyped one is taken back as our own slip, leaves no trace on the product, and may be entered anew', async () => {
    const id = await sent('509/QĐ-UBND', { star: '3' });
    await verifyHeld(certifier, id);
    expect(
      (await revoke(certifier, id, { cause: 'recorded-in-error', reason: 'Quyết định ghi 4 sao, nhập nhầm 3 sao.' }))
        .status,
    ).toBe(204);
    expect(
      (await node.services.products.getProduct(bare.slug)).certificates.map(({ decisionNumber }) => decisionNumber),
    ).not.toContain('509/QĐ-UBND');
    expect((await send(seller, { decisionNumber: '509/QĐ-UBND', star: '4' })).status).toBe(201);
  });
});

describe('on the pages', () => {
  const signedIn = async (login: string): Promise<Visitor> => {
    const visitor = createVisitor(node.url);
    await visitor.get('/dang-nhap');
    expect((await visitor.post('/dang-nhap', { login, password: demoPassword })).status).toBe(303);
    return visitor;
  };

  test('a form that is refused comes back with what was typed and says where; a right one waits for the certifier', async () => {
    const visitor = await signedIn('nguoiban@cho-noi.example');
    await visitor.get('/ban-hang/chung-nhan/moi?kind=ocop');
    const fields = {
      ...good,
      productId: bare.productId,
      decisionNumber: '510/QĐ-UBND',
      issuer: '<b>UBND</b> huyện Mỹ Tú',
      star: '3',
    };
    const wrong = await visitor.post('/ban-hang/chung-nhan/moi', formOf({ ...fields, issuer: 'UBND huyện Mỹ Tú' }));
    expect([wrong.status, wrong.fieldValue('decisionNumber')]).toEqual([422, '510/QĐ-UBND']);
    expect(wrong.html).toContain('href="#issuer"');
    const hostile = await visitor.post('/ban-hang/chung-nhan/moi', formOf({ ...fields, decisionNumber: '"><script>' }));
    expect(hostile.html).not.toContain('"><script>');
    const right = await visitor.post(
      '/ban-hang/chung-nhan/moi',
      formOf({ ...fields, issuer: good.issuer }, png, 'a.png'),
    );
    expect([right.status, right.location]).toEqual([303, '/ban-hang/chung-nhan?gui=1']);
    expect((await visitor.get('/ban-hang/chung-nhan')).text).toMatch(/Chờ thẩm tra[\s\S]*510\/QĐ-UBND/);
  });

  test('the certifier opens the paper, ticks, and verifies; what was not ticked comes back as it was', async () => {
    const id = await sent('511/QĐ-UBND');
    const visitor = await signedIn('thamtra@cho-noi.example');
    const path = `/quan-tri/chung-nhan/${id}`;
    const before = await visitor.get(path);
    expect(before.text).toContain('Cơ quan cấp có thẩm quyền vào ngày ký');
    expect(before.html).not.toContain('name="checked"');
    expect((await visitor.post(path, { do: 'claim' })).status).toBe(303);
    expect((await visitor.get(path)).html).toContain('name="checked"');
    const form = (checked: readonly string[]): FormData => {
      const data = new FormData();
      data.set('do', 'verify');
      for (const item of checked) data.append('checked', item);
      return data;
    };
    const sentForm = (checked: readonly string[]) => visitor.post(path, Object.fromEntries(form(checked)) as Fields);
    const refused = await sentForm(CHECKLIST.slice(0, 1));
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/value="evidence-read" checked/);
    expect((await visitor.get(`${path}/giay`)).html).toContain('%PDF');
    const copy = await signedIn('nguoiban2@cho-noi.example');
    expect((await copy.get(`${path}/giay`)).status).toBe(403);
    expect((await verify(certifier, id)).status).toBe(204);
    expect((await visitor.get(`${path}?xong=xac-nhan`)).text).toContain('Đã xác nhận');
  });
});

test('a picture is evidence as well', async () => {
  expect((await send(seller, { decisionNumber: '512/QĐ-UBND' }, png, 'a.png')).status).toBe(201);
});
