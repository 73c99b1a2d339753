import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { recipient } from '#test/support/people.ts';
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
/** An order of two pieces that was delivered a moment ago. */
let order: string;

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
  const { guest, services } = node;
  const { items } = await guest.products('limit=100&inStock=true&business=htx-hanh-tim-bai-giong');
  const variant = items.flatMap(({ variants }) => variants).find(({ available }) => available > 60);
  const group = await guest.order([variant?.variantId ?? '', Math.max(2, variant?.minOrder ?? 2)]);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await createBank().transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  order = group.orders[0]?.code ?? '';
  for (const step of ['confirmOrder', 'shipOrder', 'deliverOrder'] as const)
    await services.orders[step](order, { actor: 'test' });
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

test('a shopper gives back what came broken, from the page of the order, and the seller and an officer answer', async () => {
  const { page } = shopper;
  await shopper.expectSound('/chinh-sach-doi-tra');
  await shopper.expectSound(`/doi-tra?ma=${order}`);
  await page.goto(`${node.url}/tra-cuu`);
  await page.fill('input[name=code]', order);
  await page.fill('input[name=phone]', phone);
  await page.click('main button[type=submit]');
  await page.click('form[action="/doi-tra"] button');
  await expectSoundHere(shopper);
  await page.fill('input[name^="q-"]', '1');
  await page.selectOption('select[name=reason]', 'damaged');
  await page.fill('textarea[name=note]', 'Một hũ bị vỡ nắp, nước chảy ra ngoài hộp.');
  await page.click('form[action="/doi-tra/gui"] button[type=submit]');
  await page.waitForURL(/\/doi-tra\/ST/);
  const path = new URL(page.url()).pathname;
  await shopper.expectSound(path);
  const code = path.split('/').at(-1) ?? '';

  await seller.expectSound('/ban-hang/doi-tra');
  await seller.expectSound(`/ban-hang/doi-tra/${code}`);
  await seller.page.fill('textarea[name=note]', 'Ảnh chưa rõ, hũ đã mở nắp.');
  await seller.page.click('button[value=refuse]');
  await seller.page.waitForLoadState();

  await shopper.expectSound(path);
  await page.fill('input[name=phone]', '0987654321');
  await page.fill('textarea[name=note]', 'Hũ vỡ trước khi tôi mở hộp.');
  await page.click('button[value=appeal]');
  // The wrong number keeps what was written.
  expect(await page.inputValue('textarea[name=note]')).toBe('Hũ vỡ trước khi tôi mở hộp.');
  await expectSoundHere(shopper);
  await page.fill('input[name=phone]', phone);
  await page.click('button[value=appeal]');
  await page.waitForLoadState();

  await officer.expectSound('/quan-tri/hang-doi/complaints');
  await officer.expectSound('/quan-tri/doi-tra?called=1');
  await officer.expectSound(`/quan-tri/doi-tra/${code}`);
  await officer.page.fill('textarea[name=note]', 'Ảnh cho thấy hũ vỡ khi giao.');
  await officer.page.click('button[value=refund]');
  await officer.page.waitForLoadState();
  await shopper.expectSound(path);
  expect(await page.textContent('main')).toContain('Đã hoàn tiền');
});
