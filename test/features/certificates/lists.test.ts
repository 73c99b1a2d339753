import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
import { CHECKLIST } from '#features/certificates/types.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, signIn } from '#test/support/people.ts';
import { workbook } from '#test/support/zip.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

type ListBody = {
  readonly importId: string;
  readonly recordedCount: number | null;
  readonly waiting: number;
  readonly verified: number;
  readonly code?: string;
  readonly rows: readonly {
    readonly line: number;
    readonly outcome: string;
    readonly product: { readonly sku: string } | null;
    readonly candidates: readonly { readonly productId: string; readonly sku: string }[];
  }[];
};

const path = '/v1/staff/certificates/imports';
const decision = { issuer: 'UBND thành phố Cần Thơ', decisionNumber: '801/QĐ-UBND', issuedOn: '2026-10-05' };
const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n');
const head = ['STT', 'Mã hàng', 'Mã vạch', 'Tên sản phẩm', 'Chủ thể', 'MST', 'Hạng sao', 'Điểm'];

let node: TestNode;
let clerk: Client;
let certifier: Client;
beforeAll(async () => {
  node = await startNode();
  [clerk, certifier] = await Promise.all([
    signIn(node.url, 'quantri@cho-noi.example', demoPassword),
    signIn(node.url, 'thamtra@cho-noi.example', demoPassword),
  ]);
});
afterAll(() => node.close());

const csv = (rows: readonly (readonly string[])[], top: readonly string[] = head): Buffer =>
  Buffer.from([top, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n'));
const formOf = (list: Buffer, name: string, over: Partial<typeof decision> = {}): FormData => {
  const form = new FormData();
  for (const [key, value] of Object.entries({ ...decision, ...over })) form.set(key, value);
  form.set('list', new File([new Uint8Array(list)], name));
  form.set('evidence', new File([new Uint8Array(pdf)], 'quyet-dinh.pdf'));
  return form;
};
const start = (client: Client, list: Buffer, name = 'danh-sach.csv', over = {}) =>
  client.send<ListBody>('POST', path, { body: formOf(list, name, over), headers: fresh() });
const read = (id: string) => certifier.expect<ListBody>(200, 'GET', `${path}/${id}`);
const outcomesOf = ({ rows }: ListBody) =>
  rows.map(({ line, outcome, product }) => [line, outcome, product?.sku ?? null]);

const rows = [
  ['1', 'ST-0002', '', 'Hành tím để chùm nguyên tép', '', '', '3 sao', '62,5'],
  ['2', '', '', 'dau hanh phi', 'Hộ kinh doanh Hành phi Cô Sáu Giồng', '', '4', ''],
  ['3', '', '', 'Hành tím ngâm giấm đường', '', '', '3', ''],
  ['4', 'ST-0002', '', '', '', '', '3', ''],
  ['5', 'KHONG-CO', '', 'Không có gì như vậy', 'HTX Không có', '', '3', ''],
  ['6', 'ST-0012', '', '', '', '', '5', ''],
  ['7', 'ST-0014', '', '', '', '', '3', '71'],
  ['8', 'ST-0015', '', '', 'HTX Hành tím Bãi Giồng', '', '3', ''],
  ['9', 'ST-0016', '', '', '', '', '2', ''],
];

describe('the list of a decision', () => {
  test('is previewed line by line, nothing guessed and nothing recorded; then recorded whole, and verified by another in one act', async () => {
    const before = await node.countRows();
    const { importId } = (await start(clerk, csv(rows))).body;
    const preview = await read(importId);
    expect(outcomesOf(preview)).toEqual([
      [2, 'new', 'ST-0002'],
      [3, 'new', 'ST-0007'],
      [4, 'ambiguous', null],
      [5, 'twice', 'ST-0002'],
      [6, 'unknown', null],
      [7, 'wrong-star', 'ST-0012'],
      [8, 'wrong-score', 'ST-0014'],
      [9, 'contradiction', null],
      [10, 'wrong-star', 'ST-0016'],
    ]);
    expect((await node.countRows()).certificates).toBe(before.certificates);

    const [line] = preview.rows.filter(({ outcome }) => outcome === 'ambiguous');
    const choice = { line: line?.line ?? 0, productId: line?.candidates[0]?.productId ?? '' };
    const strange = { line: 6, productId: choice.productId };
    const chosen = await clerk.expect<ListBody>(200, 'PUT', `${path}/${importId}/choices`, {
      body: { choices: [choice, strange] },
    });
    expect(outcomesOf(chosen).slice(2, 5)).toEqual([
      [4, 'new', 'ST-0008'],
      [5, 'twice', 'ST-0002'],
      [6, 'unknown', null],
    ]);

    expect(await certifier.send('POST', `${path}/${importId}/verify`, { body: { checked: CHECKLIST } })).toMatchObject({
      status: 409,
      body: { code: 'certificate-import-not-confirmed' },
    });
    expect(await clerk.expect(200, 'POST', `${path}/${importId}/confirm`)).toEqual({ recorded: 3 });
    expect(await clerk.send('POST', `${path}/${importId}/confirm`)).toMatchObject({
      status: 409,
      body: { code: 'certificate-import-confirmed' },
    });
    expect(await read(importId)).toMatchObject({ recordedCount: 3, waiting: 3, verified: 0 });
    expect((await node.guest.product('dau-hanh-phi')).star).toBeNull();

    const verify = (client: Client) =>
      client.send('POST', `${path}/${importId}/verify`, { body: { checked: CHECKLIST } });
    expect(await verify(clerk)).toMatchObject({ status: 409, body: { code: 'certificate-four-eyes' } });
    expect(await verify(certifier)).toMatchObject({ status: 409, body: { code: 'claim-required' } });
    const { items } = await certifier.expect<{ items: { itemId: string; subject: { id: string } }[] }>(
      200,
      'GET',
      '/v1/staff/queues/certificates?limit=100',
    );
    const item = items.find(({ subject }) => subject.id === importId);
    await certifier.expect(200, 'POST', `/v1/staff/review-items/${item?.itemId}/claim`, { body: {} });
    expect(await verify(certifier)).toMatchObject({ status: 200, body: { verified: 3 } });
    expect(await verify(certifier)).toMatchObject({ status: 409, body: { code: 'certificate-not-submitted' } });
    expect((await node.guest.product('dau-hanh-phi')).star).toBe(4);
    const queue = await certifier.expect<{ items: { subject: { kind: string } }[] }>(
      200,
      'GET',
      '/v1/staff/queues/certificates?limit=100',
    );
    expect(queue.items.map(({ subject }) => subject.kind)).not.toContain('certificate-import');
    const { rows: codes } = await node.db.execute<{ codes: number; numbers: number; score: number }>(
      sql`select count(distinct code)::int as codes, count(distinct decision_number)::int as numbers, max(score_tenths)::int as score from certificates where import_id = ${importId}`,
    );
    expect(codes[0]).toEqual({ codes: 3, numbers: 1, score: 625 });

    // Sent again, it finds all of it in the register.
    const again = await start(clerk, csv(rows.slice(0, 2)));
    expect(outcomesOf(await read(again.body.importId)).map(([, outcome]) => outcome)).toEqual(['recorded', 'recorded']);
    expect(await clerk.send('POST', `${path}/${again.body.importId}/confirm`)).toMatchObject({
      status: 422,
      body: { code: 'decision-nothing-new' },
    });
  });

  test('is read from a workbook whose table begins below its title', async () => {
    const cell = (value: string) => ({ value, type: String });
    const sheet = [
      [cell('DANH SÁCH SẢN PHẨM')],
      [cell('(kèm quyết định)')],
      head.map(cell),
      ...rows.slice(5, 7).map((row) => row.map(cell)),
    ];
    const bytes = await writeWorkbook(sheet as never).toBuffer();
    const { importId } = (await start(clerk, bytes, 'a.xlsx', { decisionNumber: '802/QĐ-UBND' })).body;
    expect(outcomesOf(await read(importId))).toEqual([
      [4, 'wrong-star', 'ST-0012'],
      [5, 'wrong-score', 'ST-0014'],
    ]);
  });

  test.each<readonly [string, () => Buffer, string]>([
    ['decision-sheet-unreadable', () => csv(rows, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']), 'a.csv'],
    ['decision-sheet-too-long', () => csv(Array.from({ length: 2_100 }, () => rows[0] ?? [])), 'a.csv'],
    ['workbook-active', () => workbook({ name: 'xl/vbaProject.bin', bytes: 'x' }), 'a.xlsx'],
    [
      'archive-bomb',
      () => workbook({ name: 'xl/worksheets/sheet1.xml', bytes: Buffer.alloc(120_000_000, 0x20) }),
      'a.xlsx',
    ],
    ['sheet-type-refused', () => pdf, 'a.xlsx'],
    ['decision-sheet-required', () => Buffer.alloc(0), 'a.csv'],
  ])('%s: nothing is kept', async (code, make, name) => {
    const before = await node.countRows();
    const answer = await start(clerk, make(), name, { decisionNumber: '803/QĐ-UBND' });
    expect(answer.body.code).toBe(code);
    expect(answer.status).toBeGreaterThanOrEqual(413);
    expect(answer.status).toBeLessThan(423);
    expect((await node.countRows()).certificate_imports).toBe(before.certificate_imports);
  });

  test('of tomorrow, or by a district that is no more, is refused at once', async () => {
    expect((await start(clerk, csv(rows), 'a.csv', { issuedOn: '2036-01-01' })).body.code).toBe(
      'certificate-from-the-future',
    );
    expect((await start(clerk, csv(rows), 'a.csv', { issuer: 'UBND huyện Mỹ Tú' })).body.code).toBe(
      'issuer-not-competent',
    );
  });

  test('on its page: choices are kept, the result is guarded against formulas', async () => {
    const visitor: Visitor = createVisitor(node.url);
    await visitor.get('/dang-nhap');
    await visitor.post('/dang-nhap', { login: 'quantri@cho-noi.example', password: demoPassword });
    await visitor.get('/quan-tri/chung-nhan/nhap');
    const evil = [['1', '', '', '=HYPERLINK("x")', '<script>', '', '3', '']].map((row) =>
      row.map((cell) => cell.replaceAll('"', '""')),
    );
    const sent = await visitor.post(
      '/quan-tri/chung-nhan/nhap',
      formOf(csv([...rows.slice(2, 3), ...evil]), 'a.csv', { decisionNumber: '804/QĐ-UBND' }),
    );
    expect(sent.status).toBe(303);
    const page = await visitor.get(sent.location);
    expect(page.text).toContain('Hợp với nhiều sản phẩm: chọn một (1)');
    expect(page.html).not.toContain('<script>');
    const option = /name="dong-2"[\s\S]*?<option value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? '';
    expect((await visitor.post(sent.location, { do: 'choose', 'dong-2': option })).status).toBe(303);
    expect((await visitor.get(sent.location)).text).toMatch(/(Đã ghi từ trước|Sẽ ghi) \(1\)/);
    const result = (await visitor.get(`${sent.location}/ket-qua.csv`)).html;
    expect(result).toContain(`'=HYPERLINK`);
    expect((await visitor.get('/quan-tri/chung-nhan/nhap/mau.csv')).html).toContain('Mã hàng,Mã vạch,Tên sản phẩm');
  });
});

describe('what ends', () => {
  test('stands in the calendar with its urgency in words, filtered by kind and ward, and goes out as ICS and CSV', async () => {
    const visitor = createVisitor(node.url);
    await visitor.get('/dang-nhap');
    await visitor.post('/dang-nhap', { login: 'thamtra@cho-noi.example', password: demoPassword });
    node.clock.set(new Date('2026-11-23T05:00:00Z'));
    const page = await visitor.get('/quan-tri/chung-nhan/lich?kind=vietgap');
    expect(page.text).toMatch(/Trong 30 ngày [\s\S]*Nhãn xuồng cơm vàng/);
    expect(page.text).not.toContain('9113/QĐ-UBND');
    const ics = (await visitor.get('/quan-tri/chung-nhan/lich.ics?kind=vietgap')).html;
    expect(ics).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2.0/);
    expect(ics).toContain('DTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20261220');
    expect(ics.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    expect((await visitor.get('/quan-tri/chung-nhan/lich.csv?kind=vietgap')).html).toContain('2026-12-19,VietGAP');
    const { items } = await certifier.expect<{ items: { kind: string; wardCode: string }[] }>(
      200,
      'GET',
      '/v1/staff/certificates/calendar?months=12&ward=31795',
    );
    expect(new Set(items.map(({ wardCode }) => wardCode))).toEqual(new Set(['31795']));
  });

  test('is told to business and certifiers once at each threshold, late ones after the job was away', async () => {
    const { rows: next } = await node.db.execute<{ id: string; until: string; others: number }>(
      sql`select c.id, c.valid_until as until, (select count(*)::int from certificates o where o.decision_number = c.decision_number and o.issuer = c.issuer and o.status = 'verified') as others
        from certificates c where c.decision_number = '9113/QĐ-UBND' and c.status = 'verified' limit 1`,
    );
    const { id = '', until = '' } = next[0] ?? {};
    const keys = async (like: string) =>
      (
        await node.db.execute<{ key: string }>(sql`select key from notices where key like ${like} order by key`)
      ).rows.map(({ key }) => key);
    const at = (days: number) => node.clock.set(new Date(new Date(until).getTime() - days * 86_400_000 + 1_000));
    const remind = () => node.runScheduled('certificates.remind');
    at(181);
    await remind();
    expect(await keys(`certificate-expiry:${id}:%`)).toEqual([]);
    at(179);
    await remind();
    await remind();
    expect(await keys(`certificate-expiry:${id}:%`)).toEqual([`certificate-expiry:${id}:180`]);
    // The worker was away from 179 to 20 days: what is told is what is true now.
    at(20);
    await remind();
    at(6);
    await remind();
    await remind();
    expect(await keys(`certificate-expiry:${id}:%`)).toEqual([
      `certificate-expiry:${id}:180`,
      `certificate-expiry:${id}:30`,
      `certificate-expiry:${id}:7`,
    ]);
    // One for the decision, however many products it covers.
    expect(await keys('certificate-expiry:ocop|%|9113/QĐ-UBND|%')).toHaveLength(3);
    expect(next[0]?.others).toBeGreaterThan(10);
    at(-1);
    await node.runScheduled('certificates.expire');
    expect(await keys(`certificate-expired:${id}`)).toHaveLength(1);
  });
});
