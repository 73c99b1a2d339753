import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { openBrowser } from './browser.ts';
import { axeFaults, sidewaysScroll } from './inspect.ts';
import { openReader } from './sound.ts';

let node: TestNode;
let browser: Browser;
beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

test('somebody reports a product without scripts, sees what became of it by its code, and the business sees no person', async () => {
  const [reporter, seller, officer] = [
    await openReader(browser, node.url, { javaScriptEnabled: false }),
    await openReader(browser, node.url),
    await openReader(browser, node.url),
  ];
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  await officer.signIn('kiemduyet@cho-noi.example', demoPassword);
  const { items } = await node.guest.products('limit=1&business=htx-hanh-tim-bai-giong');
  const { page } = reporter;
  await page.goto(`${node.url}/san-pham/${items[0]?.slug}`);
  await page.click('a[href^="/phan-anh"]');
  await page.selectOption('select[name=kind]', 'wrong-origin');
  await page.fill('textarea[name=text]', 'Bao bì ghi nơi sản xuất khác.');
  await page.selectOption('select[name=wardCode]', '31795');
  await page.fill('input[name=phone]', '12');
  await page.click('main form[method=post] button[type=submit]');
  // A wrong number keeps what was written and chosen.
  expect(await page.inputValue('textarea[name=text]')).toBe('Bao bì ghi nơi sản xuất khác.');
  expect(await page.inputValue('select[name=wardCode]')).toBe('31795');
  await page.fill('input[name=phone]', '0912000111');
  await page.click('main form[method=post] button[type=submit]');
  await page.waitForURL(/\/phan-anh\/ST/);
  const path = new URL(page.url()).pathname;
  const code = path.split('/').at(-1) ?? '';

  await officer.expectSound('/quan-tri/hang-doi/field-reports');
  await officer.expectSound('/quan-tri/phan-anh');
  await officer.expectSound(`/quan-tri/phan-anh/${code}`);
  await officer.page.click('button[value=claim]');
  await officer.page.waitForSelector('button[value=warned]');
  await officer.expectSound(`/quan-tri/phan-anh/${code}`);
  await officer.page.click('button[value=warned]');
  await officer.page.waitForSelector('[role=alert]');
  expect(await axeFaults(officer.page)).toEqual([]);
  await officer.page.fill('textarea[name=reason]', 'Nhãn phải sửa trong 7 ngày.');
  await officer.page.click('button[value=warned]');
  await officer.page.waitForLoadState();

  await seller.expectSound('/ban-hang/phan-anh');
  expect(await seller.page.textContent('main')).toContain('Nhãn phải sửa trong 7 ngày.');
  expect(await seller.page.textContent('main')).not.toContain('nơi sản xuất khác');
  for (const sound of [
    path,
    '/phan-anh',
    `/phan-anh?sp=${items[0]?.slug}`,
    `/en${path}`,
    `/km/phan-anh?cs=htx-hanh-tim-bai-giong`,
  ])
    await officer.expectSound(sound);
  await page.goto(node.url + path);
  expect(await page.textContent('main')).toContain('Đã nhắc nhở cơ sở');
  expect(await sidewaysScroll(officer.page)).toBeLessThanOrEqual(0);
});
