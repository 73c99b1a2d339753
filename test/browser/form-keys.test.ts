import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { openBrowser } from './browser.ts';
import { codeOn, fillCart, fillCheckout } from './purchase.ts';
import { openReader } from './sound.ts';

let market: Market;
let browser: Browser;
beforeAll(async () => {
  [market, browser] = await Promise.all([openMarket(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
  await browser?.close();
  await market?.close();
});

const countOrders = async (): Promise<number> => {
  const { rows } = await market.node.db.execute<{ n: number }>(sql`select count(*)::int as n from order_groups`);
  return rows[0]?.n ?? 0;
};

test.each([false, true])(
  'an order that is pressed twice, gone back to, reloaded and pressed in a second tab is one order (scripts: %s)',
  async (javaScriptEnabled) => {
    const { url } = market.node;
    const { page, close } = await openReader(browser, url, { javaScriptEnabled });
    const before = await countOrders();
    await fillCart(page, url);
    await page.goto(`${url}/thanh-toan`);
    await fillCheckout(page);
    const tab = await page.context().newPage();
    await tab.goto(`${url}/thanh-toan`);
    await fillCheckout(tab);

    await page.getByRole('button', { name: /^Đặt hàng và trả/ }).dblclick();
    await page.waitForURL(/\/thanh-toan\/ST/);
    const code = codeOn(page);
    const at = new URL(page.url()).pathname;

    await page.goBack();
    const button = page.getByRole('button', { name: /^Đặt hàng và trả/ });
    // The browser shows the form again as it was, or asks and is told where the order is by now.
    if ((await button.count()) > 0) {
      if (!(await page.getByLabel('Họ và tên').inputValue())) await fillCheckout(page);
      await button.click();
    } else await page.goto(url + at);
    await page.waitForURL(/\/thanh-toan\/ST/);
    expect(codeOn(page)).toBe(code);
    await page.reload();
    expect(codeOn(page)).toBe(code);

    await tab.getByRole('button', { name: /^Đặt hàng và trả/ }).dblclick();
    await tab.waitForURL(/\/thanh-toan\/ST/);
    expect(new URL(tab.url()).pathname).toBe(at);
    expect((await countOrders()) - before).toBe(1);
    await close();
  },
);
