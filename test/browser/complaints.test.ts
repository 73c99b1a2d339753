import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { recipient } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { openBrowser } from './browser.ts';
import { axeFaults, sidewaysScroll } from './inspect.ts';
import { openReader, picture, type Reader } from './sound.ts';

const { phone } = recipient;
let node: TestNode;
let browser: Browser;
let shopper: Reader;
let seller: Reader;
let officer: Reader;
/** An order that was paid a moment ago. */
let order: string;

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
  const { guest } = node;
  const { items } = await guest.products('limit=100&inStock=true&business=htx-hanh-tim-bai-giong');
  const variant = items.flatMap(({ variants }) => variants).find(({ available }) => available > 60);
  const group = await guest.order([variant?.variantId ?? '', Math.max(2, variant?.minOrder ?? 2)]);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await createBank().transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  order = group.orders[0]?.code ?? '';
  [shopper, seller, officer] = [
    await openReader(browser, node.url),
    await openReader(browser, node.url),
    await openReader(browser, node.url),
  ];
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  await officer.signIn('quantri@cho-noi.example', demoPassword);
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

test('a shopper complains of an order, the business offers, and an officer decides', async () => {
  const { page } = shopper;
  await shopper.expectSound('/khieu-nai');
  await picture(shopper, 'start');
  await shopper.expectSound('/khieu-nai?ve=business&ten=htx-hanh-tim-bai-giong');
  await page.goto(`${node.url}/tra-cuu`);
  await page.fill('input[name=code]', order);
  await page.fill('input[name=phone]', phone);
  await page.click('main button[type=submit]');
  await page.click('form[action="/khieu-nai"] button');
  await expectSoundHere(shopper);
  await page.selectOption('select[name=kind]', 'damaged');
  await page.fill('textarea[name=text]', 'Hai hũ bị vỡ nắp, nước chảy ra ngoài hộp, ăn không được.');
  await page.selectOption('select[name=wish]', 'refund-part');
  await page.fill('input[name=wishVnd]', 'nhiều lắm');
  await page.click('form[action="/khieu-nai/gui"] button[type=submit]');
  // What cannot be read keeps all that was typed.
  expect(await page.inputValue('textarea[name=text]')).toContain('Hai hũ bị vỡ nắp');
  await expectSoundHere(shopper);
  await picture(shopper, 'file');
  await page.fill('input[name=wishVnd]', '20k');
  await page.click('form[action="/khieu-nai/gui"] button[type=submit]');
  await page.waitForURL(/\/khieu-nai\/ST/);
  const path = new URL(page.url()).pathname;
  await shopper.expectSound(path);
  const code = path.split('/').at(-1) ?? '';

  await seller.expectSound('/ban-hang/khieu-nai');
  await seller.expectSound(`/ban-hang/khieu-nai/${code}`);
  await picture(seller, 'seller');
  await seller.page.selectOption('select[name=kind]', 'refund');
  await seller.page.fill('input[name=amountVnd]', '10000');
  await seller.page.fill('textarea[name=text]', 'Chúng tôi xin lỗi và hoàn một hũ.');
  await seller.page.click('button[value=offer]');
  await seller.page.waitForLoadState();

  await page.fill('input[name=phone]', '0987654321');
  await page.click('button[value=open]');
  await expectSoundHere(shopper);
  await page.fill('input[name=phone]', phone);
  await page.click('button[value=open]');
  expect(await page.textContent('main')).toContain('Chúng tôi xin lỗi và hoàn một hũ.');
  await expectSoundHere(shopper);
  await picture(shopper, 'offered');
  await page.fill('textarea[name=text]', 'Tôi muốn hoàn hai hũ.');
  await page.click('button[value=ask]');
  await page.waitForLoadState();

  await officer.expectSound('/quan-tri/hang-doi/complaints');
  await officer.expectSound('/quan-tri/khieu-nai?called=1');
  await officer.expectSound(`/quan-tri/khieu-nai/${code}`);
  await picture(officer, 'officer');
  await officer.page.selectOption('select[name=verdict]', 'refund');
  await officer.page.fill('input[name=amountVnd]', '20.000');
  await officer.page.fill('textarea[name=text]', 'Ảnh cho thấy hai hũ vỡ khi giao.');
  await officer.page.check('input[name=warn]');
  await officer.page.click('button[value=decide]');
  await officer.page.waitForLoadState();
  await officer.expectSound(`/quan-tri/khieu-nai/${code}`);
  await seller.expectSound(`/ban-hang/khieu-nai/${code}`);
  await shopper.expectSound(path);
  expect(await page.textContent('main')).toContain('Cán bộ đã quyết định');
  await picture(shopper, 'decided');
}, 120_000);
