import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { cake } from '#test/support/desks.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { openBrowser } from './browser.ts';
import { axeFaults } from './inspect.ts';
import { openReader, picture, type Reader } from './sound.ts';

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

/** Ten new products wait, and nothing else does. */
async function proposeTen(): Promise<void> {
  await node.db.execute(sql`delete from review_items where queue = 'changes'`);
  const seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { rows } = await node.db.execute<{ id: string }>(sql`select id from businesses where code = 'B001'`);
  for (let turn = 1; turn <= 10; turn += 1) {
    const fields = { ...cake, nameVi: `Bánh ống số ${turn}` };
    const { productId } = await seller.expect<{ productId: string }>(201, 'POST', '/v1/seller/products', {
      body: { businessId: rows[0]?.id, fields },
    });
    await seller.expect(204, 'POST', `/v1/seller/products/${productId}/submit`, { body: {} });
    node.clock.advance(1_000);
  }
}

test('a queue of ten is cleared with nothing but a keyboard', async () => {
  await proposeTen();
  const { page } = admin;
  const pressAndGo = async (key: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
  };
  await page.goto(`${node.url}/quan-tri/hang-doi/changes`);
  await page.keyboard.press('j');
  await pressAndGo('Enter');
  for (let turn = 1; turn <= 10; turn += 1) {
    expect(await page.textContent('h1')).toBe(`Bánh ống số ${turn}`);
    if (turn === 3 || turn === 7) {
      // What is asked for or refused needs a reason: the third of the list, and the ninth.
      await page.keyboard.press(turn === 3 ? 'q' : 'r');
      await page.getByRole('group', { name: /chọn lý do/ }).waitFor();
      await pressAndGo(turn === 3 ? '3' : '9');
    } else await pressAndGo('a');
    const verdict = turn === 3 ? 'đã nhờ sửa lại' : turn === 7 ? 'đã từ chối' : 'đã duyệt';
    expect(await page.getByRole('status').first().textContent()).toContain(verdict);
  }
  await page.getByText('Không có việc nào đang chờ').waitFor();
  const { rows } = await node.db.execute<{ name: string; status: string; reason: string | null }>(
    sql`select product_name as name, status, reason from change_sets where product_name like 'Bánh ống số %' and status <> 'approved' order by 1`,
  );
  expect(rows).toEqual([
    { name: 'Bánh ống số 3', status: 'changes-requested', reason: 'medical-claim' },
    { name: 'Bánh ống số 7', status: 'rejected', reason: 'prohibited-goods' },
  ]);
});

test('no key counts while somebody types, or once they are switched off', async () => {
  await proposeTen();
  const { page } = admin;
  await page.goto(`${node.url}/quan-tri/hang-doi/changes`);
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Nhận việc cũ nhất' }).click()]);
  const { href } = new URL(page.url());
  await page.locator('#reasonText').focus();
  await page.keyboard.type('a r q n c?');
  expect([page.url(), await page.inputValue('#reasonText')]).toEqual([href, 'a r q n c?']);
  // The keys are found, read and switched off by keyboard as well.
  await page.locator('h1').click();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Phím tắt' });
  await dialog.getByLabel('Dùng phím tắt một chữ').focus();
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.keyboard.press('?');
  expect([page.url(), await dialog.isVisible()]).toEqual([href, false]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Phím tắt' }).click();
  await dialog.getByLabel('Dùng phím tắt một chữ').check();
  await picture(admin, 'keys');
  await dialog.getByRole('button', { name: 'Đóng' }).click();
  await page.keyboard.press('r');
  await page.getByRole('group', { name: /chọn lý do/ }).waitFor();
  await picture(admin, 'reasons');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('group', { name: /chọn lý do/ }).count()).toBe(0);
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
