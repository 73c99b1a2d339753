import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import readWorkbook from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fresh } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { formatIn } from '#web/format.ts';
import {
  dateSale,
  draft,
  freeze,
  get,
  giveBack,
  market,
  next,
  officer,
  openForm,
  openOffice,
  quarter,
  type Report,
  type Row,
  type Sold,
  second,
  sell,
  sum,
  totalOf,
} from './stage.ts';

let sales: readonly Sold[];
let [early, last, after]: Sold[] = [];
beforeAll(async () => {
  await openOffice();
  const { node } = market;
  node.clock.set(new Date('2026-11-30T03:00:00Z'));
  const [transferred, carded] = [await sell('vietqr', 2), await sell('stripe', 1)];
  early = await sell('vietqr', 3);
  node.clock.set(new Date('2026-12-31T16:50:00Z'));
  last = await sell('vietqr', 1);
  after = await sell('stripe', 2);
  await dateSale(last, '2026-12-31T16:59:59.999Z');
  await dateSale(after, '2026-12-31T17:00:00.000Z');
  sales = [transferred, carded, early, last];
  await giveBack(carded, 10_000);
}, 120_000);
afterAll(() => market.close());

describe('a draft', () => {
  test('of a quarter that runs counts what was paid in it, and cannot be frozen', async () => {
    const open = await freeze({ period: quarter });
    expect(open).toMatchObject({
      status: 409,
      body: { code: 'report-period-open', endsAt: '2026-12-31T17:00:00.000Z' },
    });
    expect(await market.node.countRows()).toMatchObject({ periodic_reports: 0 });
    const { body } = await officer.send<{ isOver: boolean; standing: null }>(
      'GET',
      `/v1/staff/reports/draft?period=${quarter}`,
    );
    expect(body).toMatchObject({ isOver: false, standing: null });
  });

  test('of a quarter before the exchange opened is all nothing', async () => {
    const figures = await draft('2025-Q2');
    expect(figures.sales).toMatchObject({ orders: 0, totalVnd: 0, refundedVnd: 0 });
    expect(figures.sellers).toEqual({ registered: 0, joined: 0, selling: 0, suspended: 0 });
    expect(figures.complaints).toMatchObject({ filed: 0, meanMinutes: null });
    const { sellersByWard, productsBySet, salesByStar, payments, certificates } = figures;
    expect([sellersByWard, productsBySet, salesByStar, payments, certificates].flat()).toEqual([]);
  });

  test('of a period of no calendar is refused with what to write instead', async () => {
    for (const period of ['2026-13', '2099', 'hôm nay'])
      expect(
        (await officer.send('GET', `/v1/staff/reports/draft?period=${encodeURIComponent(period)}`)).body,
      ).toMatchObject({
        code: 'report-period-invalid',
      });
  });
});

test('the overview answers in sentences that are worked out from what was sold', async () => {
  const { text } = await officer.send('GET', '/quan-tri/tong-quan');
  const recent = [last, after].flatMap((one) => one ?? []);
  const format = formatIn('vi');
  expect(text).toContain(`2 đơn đã trả, ${format.vnd(totalOf(recent))}.`);
  // Both came by a bank or a provider, and nobody is late.
  expect(text).toContain(`<b>100%</b>`);
  expect(text).toContain('Không có đơn nào quá hạn.');
  const { rows } = await market.node.db.execute<{ sellers: number }>(
    sql`select count(*)::int as sellers from businesses where code is not null and status = 'approved'`,
  );
  const sellers = rows[0]?.sellers ?? 0;
  expect(text).toContain(`${sellers - 2} trên ${sellers} cơ sở không có đơn nào.`);
  // The last millisecond of the year is that day's; the first of the next one is not.
  const paid = format.vnd(last?.group.totalVnd ?? 0);
  expect(text).toContain(`<td>31/12/2026</td><td class="number">1</td><td class="number">${paid}</td>`);
});

describe('a quarter that is over', () => {
  beforeAll(async () => {
    market.node.clock.set(new Date('2027-01-04T03:00:00Z'));
    // Decided after the period: it belongs to the next one.
    if (early) await giveBack(early, 7_000);
  });

  test('adds up to what guests paid, with its first and last millisecond and nothing beyond', async () => {
    const { sales: told, payments, salesByMonth, books } = await draft(quarter);
    expect(told).toMatchObject({
      orders: 4,
      totalVnd: totalOf(sales),
      goodsVnd: sum(sales.map(({ goodsVnd }) => goodsVnd)),
      collectedVnd: totalOf(sales),
      directVnd: 0,
      refunds: 1,
      refundedVnd: 10_000,
    });
    expect(Number(told.goodsVnd) - Number(told.discountVnd) + Number(told.shippingVnd)).toBe(told.totalVnd);
    const [transferred, carded, third, fourth] = sales as [Sold, Sold, Sold, Sold];
    expect(payments).toEqual([
      { way: 'stripe', orders: 1, totalVnd: carded.group.totalVnd },
      { way: 'vietqr', orders: 3, totalVnd: totalOf([transferred, third, fourth]) },
    ]);
    expect(salesByMonth).toEqual([
      { month: '2026-11', orders: 3, totalVnd: totalOf([transferred, carded, third]) },
      { month: '2026-12', orders: 1, totalVnd: fourth.group.totalVnd },
    ]);
    expect(books).toMatchObject({ saleVnd: told.collectedVnd, refundVnd: 10_000 });
    // The fee is frozen on each order; what went back took its share of it.
    const { rows } = await market.node.db.execute<{ fee: string }>(
      sql`select -sum(e.amount_vnd) as fee from entries e join journals j on j.id = e.journal_id where e.account = 'commission' and j.at < '2026-12-31T17:00:00Z'`,
    );
    expect(books.commissionVnd).toBe(Number(rows[0]?.fee));
  });

  test('gives the next quarter what came at its first instant, and the refund of an earlier sale', async () => {
    const { sales: told } = await draft(next);
    expect(told).toMatchObject({ orders: 1, totalVnd: after?.group.totalVnd, refunds: 1, refundedVnd: 7_000 });
    expect((await draft('2027-01')).sales).toEqual(told);
  });

  test('divides by ward, set and star as the goods’ own pages do', async () => {
    const figures = await draft(quarter);
    const shown = await Promise.all(
      sales.map(async ({ variantId, quantity, goodsVnd, group }) => {
        const { rows } = await market.node.db.execute<{ slug: string }>(
          sql`select p.slug from products p join variants v on v.product_id = p.id where v.id = ${variantId}`,
        );
        const product = await market.guest.client.expect<{
          ward: { code: string };
          category: { id: number };
          star: number | null;
        }>(...([200, 'GET', `/v1/products/${rows[0]?.slug}`] as const));
        return { ...product, quantity, goodsVnd, totalVnd: group.totalVnd };
      }),
    );
    const fold = (
      keyOf: (one: (typeof shown)[number]) => string | number,
      of: (one: (typeof shown)[number]) => number,
    ) => {
      const sums = new Map<string, number>();
      for (const one of shown) sums.set(String(keyOf(one)), (sums.get(String(keyOf(one))) ?? 0) + of(one));
      return Object.fromEntries([...sums].sort());
    };
    const told = (rows: readonly Row[], key: string, value: string) =>
      Object.fromEntries(rows.map((row) => [String(row[key]), row[value]] as const).sort());
    expect(told(figures.salesByWard, 'wardCode', 'totalVnd')).toEqual(
      fold(
        ({ ward }) => ward.code,
        ({ totalVnd }) => totalVnd,
      ),
    );
    expect(told(figures.salesBySet, 'setId', 'goodsVnd')).toEqual(
      fold(
        ({ category }) => category.id,
        ({ goodsVnd }) => goodsVnd,
      ),
    );
    expect(told(figures.salesByStar, 'star', 'pieces')).toEqual(
      fold(
        ({ star }) => star ?? 0,
        ({ quantity }) => quantity,
      ),
    );
  });

  test('counts sellers, products and certificates as the catalogue does', async () => {
    const figures = await draft(quarter);
    const { rows } = await market.node.db.execute<{ sellers: number; suspended: number; products: number }>(
      sql`select (select count(*)::int from businesses where code is not null and status in ('approved', 'suspended')) as sellers,
        (select count(*)::int from businesses where status = 'suspended') as suspended,
        (select count(*)::int from products p where p.partner_key is null and p.status = 'listed') as products`,
    );
    expect(figures.sellers).toMatchObject({
      registered: rows[0]?.sellers,
      joined: rows[0]?.sellers,
      selling: 4,
      suspended: rows[0]?.suspended,
    });
    expect(figures.products.listed).toBe(rows[0]?.products);
    for (const of of ['productsByWard', 'productsBySet'] as const)
      expect(
        sum(figures[of].map(({ star5, star4, star3, unstarred }) => sum([star5, star4, star3, unstarred].map(Number)))),
      ).toBe(rows[0]?.products);
    for (const of of ['sellersByType', 'sellersByWard'] as const)
      expect(sum(figures[of].map(({ registered }) => Number(registered)))).toBe(rows[0]?.sellers);
    const ocop = figures.certificates.find(({ kind }) => kind === 'ocop');
    const holding = await market.node.db.execute<{ count: number }>(
      sql`select count(*)::int as count from certificates where kind = 'ocop' and verified_at is not null and revoked_at is null and valid_until >= '2026-12-31T17:00:00Z'`,
    );
    expect(ocop?.holding).toBe(holding.rows[0]?.count);
    expect(figures.endingCertificates.map(({ lastDay }) => lastDay)).toEqual(
      figures.endingCertificates.map(({ lastDay }) => lastDay).toSorted(),
    );
  });
});

let number = '';

describe('freezing', () => {
  test('by two officers at once makes one report; the other is told its number', async () => {
    const both = await Promise.all([freeze({ period: quarter }), freeze({ period: quarter }, second)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const made = both.find(({ status }) => status === 201)?.body;
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'report-frozen',
      number: made?.number,
    });
    expect(made?.number).toBe('BC-2027-0001');
    number = made?.number ?? '';
  });

  test('asked again with the same key gives the same report; numbers leave no gap', async () => {
    const headers = fresh();
    const [one, again] = [
      await freeze({ period: '2026-11' }, officer, headers),
      await freeze({ period: '2026-11' }, officer, headers),
    ];
    expect([one.body, again.status]).toEqual([again.body, 201]);
    expect(one.body.number).toBe('BC-2027-0002');
    expect((await freeze({ period: '2026-11' })).status).toBe(409);
    expect((await freeze({ period: '2025-Q4' })).body.number).toBe('BC-2027-0003');
    expect((await freeze({ period: '2026' })).body.number).toBe('BC-2027-0004');
  });

  test('keeps the figures, whatever happens later', async () => {
    const report = await get(number);
    expect(report.figures).toEqual(await draft(quarter));
    if (last) await dateSale(last, '2027-01-02T00:00:00Z');
    expect((await draft(quarter)).sales.orders).toBe(3);
    expect((await get(number)).figures).toEqual(report.figures);
    expect(report.figures.sales.orders).toBe(4);
  });

  test('cannot be undone: not by the application, not by the owner of the database', async () => {
    const { db, database } = market.node;
    for (const wish of [sql`update periodic_reports set content = '{}'`, sql`delete from periodic_reports`])
      await expect(db.execute(wish)).rejects.toMatchObject({ cause: { code: '42501' } });
    const asOwner = (text: string) => inDatabase(database.url, (client) => client.query(text));
    await expect(asOwner(`update periodic_reports set reason = 'x'`)).rejects.toThrow('append-only');
    await expect(asOwner('truncate periodic_reports cascade')).rejects.toThrow('append-only');
    const copy = (seq: number, text: string, name = `BC-2027-00${seq}`) =>
      `insert into periodic_reports select gen_random_uuid(), '${name}', year, ${seq}, '2026-10', 'month', starts_at, ends_at, null, null, ${text}, encode(sha256(convert_to(${text}, 'UTF8')), 'hex'), frozen_by, frozen_at from periodic_reports where seq = 1`;
    await expect(asOwner(copy(9, `'{"number":"BC-2027-009","period":"2026-10"}'`))).rejects.toThrow('leaves a gap');
    await expect(asOwner(copy(5, `'{"number":"BC-2027-0006","period":"2026-10"}'`))).rejects.toThrow(
      'periodic_reports_content',
    );
    await expect(
      asOwner(
        copy(5, `'{"number":"BC-2027-005","period":"2026-10"}'`).replace('encode(sha256', "'0' || encode(sha256"),
      ),
    ).rejects.toThrow('periodic_reports_hash');
  });

  test('a correction is a new report that names the one it replaces, and says why', async () => {
    expect((await freeze({ period: quarter, replaces: number })).body.code).toBe('report-reason-missing');
    expect((await freeze({ period: quarter, replaces: 'BC-2027-0002', reason: 'Ghi nhầm ngày' })).body).toMatchObject({
      ...{ code: 'report-not-standing', number },
    });
    const made = await freeze({ period: quarter, replaces: number, reason: 'Một đơn ghi nhầm ngày' });
    expect(made.body.number).toBe('BC-2027-0005');
    expect(await get(number)).toMatchObject({ replacedBy: made.body.number, replaces: null });
    expect(await get(made.body.number)).toMatchObject({
      replaces: number,
      replacedBy: null,
      figures: { sales: { orders: 3 } },
    });
    // Once replaced it is out of the way: only the one that stands can be replaced.
    expect((await freeze({ period: quarter, replaces: number, reason: 'Một đơn ghi nhầm ngày' })).body.code).toBe(
      'report-not-standing',
    );
    const listed = await officer.expect<{ items: Report[]; nextCursor: string }>(
      200,
      'GET',
      '/v1/staff/reports?limit=2',
    );
    expect(listed.items.map((one) => one.number)).toEqual(['BC-2027-0005', 'BC-2027-0004']);
    const more = await officer.expect<{ items: Report[]; nextCursor: null }>(
      200,
      'GET',
      `/v1/staff/reports?cursor=${listed.nextCursor}`,
    );
    expect(more.items.map((one) => one.number)).toEqual(['BC-2027-0003', 'BC-2027-0002', 'BC-2027-0001']);
    const acts = await market.node.db.execute<{ id: string }>(
      sql`select subject_id as id from audit_entries where action = 'report.frozen' order by id`,
    );
    expect(acts.rows).toHaveLength(5);
  });
});

describe('the files of a report', () => {
  const file = async (format: string, lang = 'vi') =>
    Buffer.from(
      await (await officer.fetch(`/v1/staff/reports/${number}/file?format=${format}&lang=${lang}`)).arrayBuffer(),
    );

  test('are of the figures of the API, and carry its number and hash', async () => {
    const report = await get(number);
    const json = await file('json');
    expect(createHash('sha256').update(json).digest('hex')).toBe(report.sha256);
    expect(JSON.parse(json.toString())).toMatchObject({ number, period: quarter, figures: report.figures });

    const rows: string[][] = parse(await file('csv'), { bom: true, relax_column_count: true, skip_empty_lines: true });
    const cell = (name: string) => rows.find(([first]) => first === name)?.[1];
    expect([cell('Số báo cáo'), cell('Mã băm SHA-256')]).toEqual([number, report.sha256]);
    expect(cell('Khách đã trả')).toBe(String(report.figures.sales.totalVnd));
    expect(rows.filter(([first]) => first === 'Tổng cộng').length).toBeGreaterThan(6);
    const wardRows = rows.slice(rows.findIndex(([first]) => first === 'Đơn và giá trị theo xã, phường của cơ sở') + 2);
    expect(wardRows.slice(0, report.figures.salesByWard.length).map((row) => Number(row[3]))).toEqual(
      report.figures.salesByWard.map(({ totalVnd }) => totalVnd),
    );
  });

  test('open as a workbook with numbers that are numbers', async () => {
    const report = await get(number);
    const sheets = await readWorkbook(await file('xlsx'));
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      ...['Tổng hợp', 'Cơ sở', 'Sản phẩm', 'Bán hàng', 'Khiếu nại', 'Chứng nhận', 'Đối chiếu sổ cái'],
    ]);
    const summary = sheets[0]?.data ?? [];
    const cell = (name: string) => summary.find(([first]) => first === name)?.[1];
    expect(cell('Số báo cáo')).toBe(number);
    expect(cell('Mã băm SHA-256')).toBe(report.sha256);
    expect(cell('Khách đã trả')).toBe(report.figures.sales.totalVnd);
    expect(cell('Cơ sở trên sàn cuối kỳ')).toBe(report.figures.sellers.registered);
    const books = sheets[6]?.data ?? [];
    expect(books.find(([first]) => first === 'Tiền bán sàn thu hộ')?.slice(1)).toEqual([
      ...[report.figures.sales.collectedVnd, report.figures.books.saleVnd, 0],
    ]);
  });

  test('print in Vietnamese and in Khmer, the same bytes each time', async () => {
    const [one, again, khmer] = [await file('pdf'), await file('pdf'), await file('pdf', 'km')];
    expect(one.subarray(0, 5).toString()).toBe('%PDF-');
    expect(one.equals(again)).toBe(true);
    expect(khmer.length).toBeGreaterThan(one.length / 2);
  });
});

test('whoever holds a report checks it without an account, and learns nobody’s name', async () => {
  const { client } = market.guest;
  const known = await client.expect<Record<string, unknown>>(200, 'GET', `/v1/reports/${number}`);
  expect(known).toMatchObject({
    number,
    period: quarter,
    replacedBy: 'BC-2027-0005',
    sha256: (await get(number)).sha256,
  });
  expect(Object.keys(known).filter((key) => /figures|name|by$/i.test(key) && key !== 'replacedBy')).toEqual([]);
  expect((await client.send('GET', '/v1/reports/BC-2027-0099')).body).toMatchObject({
    code: 'periodic-report-not-found',
  });
  const typed = await client.send('GET', `/bao-cao?so=${encodeURIComponent(' bc–2027–0001 ')}`);
  expect([typed.status, typed.headers.get('location')]).toEqual([303, '/bao-cao/BC-2027-0001']);
  const page = await client.send('GET', '/bao-cao/BC-2027-0001');
  expect(page.text).toContain(String(known.sha256));
  expect(page.text).not.toContain('Cán bộ');
  expect((await client.send('GET', '/bao-cao?so=BC-2027-0099')).status).toBe(404);
});

describe('the officer’s pages', () => {
  test('freeze after a tick, once, and keep what was typed when something is missing', async () => {
    const path = '/quan-tri/bao-cao/ky/2026-12';
    const form = await openForm(path);
    expect(form.text).toContain('Chốt báo cáo');
    const unticked = await form.send({});
    expect([unticked.status, unticked.text.includes('Đánh dấu là đã xem số liệu')]).toEqual([422, true]);
    const [one, again] = [await form.send({ confirm: '1' }), await form.send({ confirm: '1' })];
    expect([one.status, one.headers.get('location')]).toEqual([303, '/quan-tri/bao-cao/BC-2027-0006']);
    expect(again.headers.get('location')).toBe(one.headers.get('location'));
    const short = await form.send({ confirm: '1', replaces: 'BC-2027-0006', reason: 'sai' });
    expect([short.status, short.text.includes('>sai</textarea>')]).toEqual([422, true]);
    const open = await form.send({ confirm: '1' }, '/quan-tri/bao-cao/ky/2027');
    expect([open.status, open.text.includes('Kỳ báo cáo chưa kết thúc')]).toEqual([409, true]);
    const other = await officer.send('GET', '/quan-tri/bao-cao?ky=2026-q2');
    expect(other.headers.get('location')).toBe('/quan-tri/bao-cao/ky/2026-Q2');
    const wrong = await officer.send('GET', '/quan-tri/bao-cao?ky=2026-44');
    expect([wrong.status, wrong.text.includes('value="2026-44"')]).toEqual([422, true]);
  });
});
