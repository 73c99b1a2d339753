import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { recipient } from '#test/support/people.ts';
import { photograph } from '#test/support/pictures.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { openBrowser } from './browser.ts';
import { axeFaults, sidewaysScroll } from './inspect.ts';
import { openReader, type Reader } from './sound.ts';

const { phone } = recipient;
let node: TestNode;
let browser: Browser;
let shopper: Reader;
let seller: Reader;
let officer: Reader;
let slug: string;
/** Two orders of the same product that were delivered a moment ago. */
let orders: readonly string[];

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
  const { guest, services } = node;
  const { items } = await guest.products('limit=100&inStock=true&business=htx-hanh-tim-bai-giong');
  const product = items.find(({ variants }) => (variants[0]?.available ?? 0) > 60);
  slug = product?.slug ?? '';
  const codes: string[] = [];
  const bank = createBank();
  for (let made = 0; made < 2; made += 1) {
    const group = await guest.order([product?.variants[0]?.variantId ?? '', product?.variants[0]?.minOrder ?? 1]);
    const { qr } = await guest.pay(group.code, 'vietqr');
    await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    const code = group.orders[0]?.code ?? '';
    for (const step of ['confirmOrder', 'shipOrder', 'deliverOrder'] as const)
      await services.orders[step](code, { actor: 'test' });
    codes.push(code);
  }
  orders = codes;
  [shopper, seller, officer] = [
    await openReader(browser, node.url),
    await openReader(browser, node.url),
    await openReader(browser, node.url),
  ];
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  await officer.signIn('kiemduyet@cho-noi.example', demoPassword);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

/** What a form led to, which no address shows again. */
async function expectSoundHere({ page }: Reader): Promise<void> {
  expect(await axeFaults(page)).toEqual([]);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
}
/** From the page where an order is tracked to the form of its one product. */
async function openForm({ page }: Reader, code: string): Promise<void> {
  await page.goto(`${node.url}/tra-cuu`);
  await page.fill('input[name=code]', code);
  await page.fill('input[name=phone]', phone);
  await page.click('main button[type=submit]');
  await page.click('form[action="/danh-gia"] button');
  await expectSoundHere({ page } as Reader);
  await page.click('form[action="/danh-gia"] button');
  await page.waitForSelector('input[name=points]');
}

test('a buyer says what they got, everybody reads it, the seller answers and an officer hides what should not be shown', async () => {
  const { page } = shopper;
  await shopper.expectSound('/danh-gia');
  await openForm(shopper, orders[0] ?? '');
  await expectSoundHere(shopper);
  await page.check('input[name=points][value="4"]');
  await page.fill('textarea[name=text]', 'Hành thơm, củ chắc, gói cẩn thận. Lần sau sẽ mua nữa.');
  const bytes = await photograph(800, 600);
  await page.setInputFiles('input[name=photos]', { name: 'hanh.jpg', mimeType: 'image/jpeg', buffer: bytes });
  await page.click('form[action="/danh-gia/gui"] button[type=submit]');
  await page.waitForURL(/\/san-pham\/.*\/danh-gia\?cam-on=1/);
  await node.runJobs();
  await shopper.expectSound(`/san-pham/${slug}/danh-gia`);
  for (const path of [`/san-pham/${slug}`, `/en/san-pham/${slug}`, `/km/san-pham/${slug}/danh-gia?sort=detailed`])
    await shopper.expectSound(path);
  await page.goto(`${node.url}/san-pham/${slug}`);
  expect(await page.textContent('main')).toContain('4,0/5 điểm người mua (1)');

  await seller.expectSound('/ban-hang/danh-gia');
  await seller.page.click('main h2 a');
  await seller.page.waitForSelector('textarea[name=text]');
  await seller.expectSound(new URL(seller.page.url()).pathname);
  await seller.page.click('button[value=reply]');
  await seller.page.waitForSelector('[role=alert]');
  await seller.page.fill('textarea[name=text]', 'Cảm ơn quý khách đã ủng hộ hợp tác xã.');
  await seller.page.click('button[value=reply]');
  await seller.page.waitForLoadState();
  await seller.page.fill('textarea[name=reason]', 'Ảnh không phải hàng của chúng tôi.');
  await seller.page.click('button[value=flag]');
  await seller.page.waitForLoadState();
  await seller.expectSound(new URL(seller.page.url()).pathname);

  // What the filter marks waits, and its buyer is told so.
  await openForm(shopper, orders[1] ?? '');
  await page.check('input[name=points][value="1"]');
  await page.fill('textarea[name=text]', 'Gọi 0912 345 678 để mua rẻ hơn');
  await page.click('form[action="/danh-gia/gui"] button[type=submit]');
  await page.waitForURL(/\/danh-gia\/da-gui/);
  await shopper.expectSound('/danh-gia/da-gui');

  await officer.expectSound('/quan-tri/hang-doi/reviews');
  await officer.expectSound('/quan-tri/danh-gia?loc=waiting');
  await officer.page.click('main h2 a');
  await officer.page.waitForSelector('button[value=hide]');
  const path = new URL(officer.page.url()).pathname;
  await officer.expectSound(path);
  await officer.page.click('button[value=hide]');
  await officer.page.waitForSelector('[role=alert]');
  await officer.page.fill('textarea[name=reason]', 'Có số điện thoại.');
  await officer.page.click('button[value=hide]');
  await officer.page.waitForLoadState();
  await officer.expectSound(path);
  expect(await officer.page.textContent('main')).toContain('Đã ẩn');
  await openForm(shopper, orders[1] ?? '');
  expect(await page.textContent('main')).toContain('Có số điện thoại.');
  await officer.expectSound('/quan-tri/danh-gia?loc=flagged');
});
