import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser, phone } from './browser.ts';
import { codeOn, fillCart, fillCheckout, order, playBank, products } from './purchase.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [shop, browser] = await Promise.all([openShop(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});
beforeEach(async () => {
  context = await browser.newContext(phone);
  page = await context.newPage();
});
afterEach(() => context.close());

async function toCheckout(): Promise<void> {
  await fillCart(page, shop.url);
  await page.goto(`${shop.url}/thanh-toan`);
  await fillCheckout(page);
}

const orderButton = () => page.getByRole('button', { name: /^Đặt hàng và trả/ }).first();

/** What the shopper's cart holds, as the cart itself says. */
async function linesInCart(): Promise<number> {
  await page.goto(`${shop.url}/gio-hang`);
  return page.getByRole('button', { name: /^Bỏ ra/ }).count();
}

test('two clicks on "order" make one order', async () => {
  await toCheckout();
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
  });
  await orderButton().dblclick();
  await page.waitForURL(/\/thanh-toan\/ST/);
  const code = codeOn(page);
  await page.goBack();
  await page.goForward();
  expect(codeOn(page)).toBe(code);
  expect(posts.length).toBeGreaterThan(0);
  expect(await linesInCart()).toBe(0);
});

test('whoever goes back after ordering and orders again is not charged for a second cart', async () => {
  await toCheckout();
  await order(page);
  const code = codeOn(page);
  await page.goBack();
  const again = orderButton();
  if (await again.count()) {
    await again.click();
    await page.waitForLoadState();
  }
  const main = await page.textContent('main');
  // Either the same order, or a cart that says it is empty: no second order.
  expect(codeOn(page) === code || /giỏ.*trống|chưa có gì|đã đặt/i.test(main ?? ''), main ?? '').toBe(true);
});

test('two tabs of one checkout make one order', async () => {
  await toCheckout();
  const second = await context.newPage();
  await second.goto(`${shop.url}/thanh-toan`);
  await fillCheckout(second);
  await Promise.all([order(page), order(second)]);
  const codes = new Set([codeOn(page), codeOn(second)].filter(Boolean));
  expect(codes.size).toBe(1);
});

test('each step may be read again', async () => {
  await fillCart(page, shop.url);
  await page.goto(`${shop.url}/gio-hang`);
  await page.reload();
  expect(await page.getByRole('button', { name: /^Bỏ ra/ }).count()).toBe(products.length);
  await page.goto(`${shop.url}/thanh-toan`);
  await page.reload();
  await fillCheckout(page);
  await order(page);
  const code = codeOn(page);
  await page.reload();
  expect(codeOn(page)).toBe(code);
  await playBank(page, shop.url, code, /^Trả đúng/);
  await page.goto(`${shop.url}/don-hang/${code}`);
  await page.reload();
  expect(await page.textContent('main')).toContain(code);
});

test('what was typed is still there when one thing was wrong', async () => {
  await toCheckout();
  await page.getByLabel('Số điện thoại').fill('12');
  await order(page);
  expect(await page.getByLabel('Họ và tên').inputValue()).toBe('Nguyễn Thị Sen');
  expect(await page.getByLabel('Số nhà, đường, ấp').inputValue()).toBe('12 Lê Lợi');
});

/** Presses Tab until what has the focus answers to the words; says what was met on the way when it does not. */
async function tabTo(words: RegExp, most = 120): Promise<void> {
  const met: string[] = [];
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate<string>(
      `(() => { const one = document.activeElement; if (!one) return ''; const label = one.labels && one.labels[0]; return ((label && label.innerText) || one.getAttribute('aria-label') || one.innerText || one.value || '').trim().replace(/\\s+/g, ' '); })()`,
    );
    if (words.test(name)) return;
    met.push(name.slice(0, 40));
  }
  throw new Error(`Tab never came to ${words}: ${met.join(' | ')}`);
}

test('from search to payment with nothing but a keyboard', async () => {
  await page.goto(shop.url);
  await tabTo(/Tìm|bánh pía/i);
  await page.keyboard.type('banh pia');
  await page.keyboard.press('Enter');
  await page.waitForURL(/tim-kiem/);
  await page.goto(`${shop.url}/san-pham/${products[1]}`);
  await tabTo(/^Bỏ vào giỏ/);
  await page.keyboard.press('Enter');
  await page.locator('#cart-count', { hasText: '1' }).waitFor();
  await page.goto(`${shop.url}/gio-hang`);
  await tabTo(/^Đặt hàng/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/thanh-toan/);
  await tabTo(/Họ và tên/);
  await page.keyboard.type('Nguyễn Thị Sen');
  await tabTo(/Số điện thoại/);
  await page.keyboard.type('0912345678');
  await tabTo(/Số nhà, đường, ấp/);
  await page.keyboard.type('12 Lê Lợi');
  await tabTo(/^Xã, phường$/);
  await page.keyboard.press('ArrowDown');
  await tabTo(/^Đặt hàng và trả/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/thanh-toan\/ST/);
});
