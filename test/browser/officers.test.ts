import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { openBrowser } from './browser.ts';
import { openReader, type Reader } from './sound.ts';

const queue = '/quan-tri/hang-doi/businesses';
let node: TestNode;
let browser: Browser;
let admin: Reader;
let certifier: Reader;

const put = (title: string, hoursLeft?: number, path = '/quan-tri/don-hang'): Promise<unknown> =>
  transact(node.db, 'test', (tx) =>
    node.services.queues.put(tx, {
      queue: 'businesses',
      subject: { kind: 'business', id: randomUUID() },
      title,
      path,
      facts: { type: 'Hộ kinh doanh', ward: 'Phường Vĩnh Châu' },
      ...(hoursLeft !== undefined && { dueAt: new Date(node.clock.now().getTime() + hoursLeft * 3_600_000) }),
    }),
  );

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
  // The demonstration has businesses that wait; here only these three do.
  await node.db.execute(sql`delete from review_items where queue = 'businesses'`);
  await put('Tiệm bánh pía Tân Hưng', -3);
  await put('Hộ Trần Thị Sen làm khô cá kèo ở ấp Giồng Dú, phường Vĩnh Châu', 30);
  await put('HTX Nấm rơm Mỹ Tú');
  await transact(node.db, 'system:certificates', (tx) =>
    node.services.audit.record(tx, {
      action: 'business.approved',
      subject: { kind: 'business', id: randomUUID() },
      before: { status: 'submitted', note: '<b>đậm</b>' },
      after: { status: 'approved' },
      reason: 'Đủ giấy tờ',
      address: '203.0.113.7',
    }),
  );
  [admin, certifier] = [await openReader(browser, node.url), await openReader(browser, node.url)];
  await admin.signIn('quantri@cho-noi.example', demoPassword);
  await certifier.signIn('thamtra@cho-noi.example', demoPassword);
  await recall();
  await refer();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

/** Goods that every partner has dropped, and a star that one of them still shows. */
async function recall(): Promise<void> {
  await node.db.execute(sql`
    with made as (insert into federation_recalls (id, product_id, reason, opened_at)
      select gen_random_uuid(), p.id, case when p.n = 1 then 'taken-down' else 'star-lost' end, now() - make_interval(mins => p.n::int)
      from (select id, row_number() over (order by id) as n from products where partner_key is null order by id limit 2) p returning *)
    insert into federation_recall_sends (recall_id, partner_key, tries, tried_at, acknowledged_at, fault)
    select m.id, p.key, 1, now(), case when m.reason = 'star-lost' and p.key = 'ca-mau' then null else m.opened_at + make_interval(secs => length(p.key)) end,
      case when m.reason = 'star-lost' and p.key = 'ca-mau' then 'unreachable: connect ECONNREFUSED' end
    from made m cross join partners p`);
}

const uri = 'ocop://angiang.example/listing/1';
/** Shoppers who went to a partner and came from one, and goods that are gone there. */
async function refer(): Promise<void> {
  await node.db.execute(sql`insert into federation_referrals (id, direction, partner_key, jti, uri, at, converted_at, goods_vnd)
    select gen_random_uuid(), way, key, key, ${uri}, now(), case when way = 'received' then now() end, case when way = 'received' then 1234000 end
    from partners cross join unnest(array['sent', 'received']) as way`);
  await node.db.execute(sql`update partners set origin = 'angiang.example' where key = 'an-giang'`);
  await node.db.execute(sql`update products set partner_key = 'an-giang', origin_uri = ${uri}, landing_url = 'https://angiang.example/1'
    where id = (select id from products order by slug desc limit 1)`);
}

test.each([
  '/quan-tri',
  '/quan-tri/don-hang',
  '/quan-tri/tien-cho',
  queue,
  `${queue}?title=giong+du&pace=late&holder=mine`,
  '/quan-tri/hang-doi/takedowns',
  '/quan-tri/co-so',
  '/quan-tri/thong-bao',
  '/quan-tri/thu-hoi',
  '/km/quan-tri/thu-hoi',
  '/quan-tri/tiep-thi-lien-ket',
  '/quan-tri/nhat-ky',
  '/quan-tri/nhat-ky?actor=khong-co-ai&from=2026-01-01',
  `/en${queue}`,
  '/km/quan-tri',
])('%s is sound', (path) => admin.expectSound(path));

test('goods that are gone at a partner say so, with what is near', async () => {
  for (const prefix of ['', '/km']) await admin.expectSound(`${prefix}/go/${uri.slice('ocop://'.length)}`, 410);
});

test('an officer sees the ways that are open to them, and no others', async () => {
  const waysOf = async ({ page }: Reader): Promise<readonly string[]> => {
    await page.goto(`${node.url}/quan-tri`);
    return page.locator('.desk-ways a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  };
  const [all, few] = [await waysOf(admin), await waysOf(certifier)];
  expect(all).toContain('/quan-tri/nhat-ky');
  expect(few).toContain('/quan-tri/hang-doi/certificates');
  expect(few).not.toContain('/quan-tri/nhat-ky');
  expect(few).not.toContain('/quan-tri/hang-doi/businesses');
  for (const path of all) expect((await admin.page.goto(node.url + path))?.status(), path).toBe(200);
  for (const path of few) expect((await certifier.page.goto(node.url + path))?.status(), path).toBe(200);
});

test('what waits is walked and taken by keyboard, and the item is theirs then', async () => {
  const { page } = admin;
  await page.goto(node.url + queue);
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/quan-tri/don-hang');
  await page.goto(`${node.url}${queue}?holder=mine`);
  expect(await page.locator('.queue-item h2').allTextContents()).toEqual([
    'Hộ Trần Thị Sen làm khô cá kèo ở ấp Giồng Dú, phường Vĩnh Châu',
  ]);
  await page.getByRole('button', { name: /^Trả lại/ }).click();
  expect(await page.locator('.queue-item').count()).toBe(0);
});

test('ten items are taken one after the other with nothing but a keyboard', async () => {
  const { page } = admin;
  const { rows } = await node.db.execute<{ id: string }>(
    sql`select id from businesses where status = 'submitted' limit 1`,
  );
  await node.db.execute(sql`delete from review_items where queue = 'businesses'`);
  for (let turn = 1; turn <= 10; turn += 1) await put(`Hộ số ${turn}`, turn, `/quan-tri/co-so/${rows[0]?.id}`);
  await page.goto(node.url + queue);
  for (let turn = 1; turn <= 10; turn += 1) {
    for (let step = 0; step < turn; step += 1) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/quan-tri/co-so/*');
    await page.keyboard.press('n');
    await page.waitForURL(`**${queue}`);
    await page.locator('.queue-item').first().waitFor();
  }
  await page.goto(`${node.url}${queue}?holder=mine`);
  expect(await page.locator('.queue-item').count()).toBe(10);
  await node.db.execute(sql`delete from review_items where queue = 'businesses'`);
  await put('Tiệm bánh pía Tân Hưng', -3);
});

test('a filter is kept under a name and thrown away again, without a script', async () => {
  const plain = await openReader(browser, node.url, { javaScriptEnabled: false });
  await plain.signIn('quantri@cho-noi.example', demoPassword);
  const { page } = plain;
  await page.goto(node.url + queue);
  await page.getByText('Tìm và lọc').click();
  await page.getByLabel('Hạn xử lý').selectOption('late');
  await page.getByRole('button', { name: 'Lọc' }).click();
  await page.getByLabel('Tên bộ lọc').fill('Trễ hạn');
  await page.getByRole('button', { name: 'Lưu bộ lọc này' }).click();
  await page.goto(node.url + queue);
  await page.getByRole('link', { name: 'Trễ hạn' }).click();
  expect(await page.locator('.queue-item h2').allTextContents()).toEqual(['Tiệm bánh pía Tân Hưng']);
  await page.getByRole('button', { name: 'Xóa bộ lọc Trễ hạn' }).click();
  expect(await page.getByRole('link', { name: 'Trễ hạn' }).count()).toBe(0);
  await plain.close();
});
