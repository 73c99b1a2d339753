import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, phone } from './browser.ts';
import { axeFaults, listen, markupFaults, sidewaysScroll } from './inspect.ts';
import { buyer, codeOn, fillCart, fillCheckout, order, playBank, products } from './purchase.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let heard: string[];

beforeAll(async () => {
  [shop, browser] = await Promise.all([openShop(), openBrowser()]);
  context = await browser.newContext(phone);
  page = await context.newPage();
  heard = await listen(page);
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

/** Nothing wrong, in the words of whatever finds a fault, so that a failure says what and where. */
async function expectSound(path: string, status = 200): Promise<void> {
  heard.length = 0;
  const response = await page.goto(shop.url + path);
  if (!response) throw new Error(`${path} gave no answer`);
  expect(response.status(), path).toBe(status);
  expect(await markupFaults(response), path).toEqual([]);
  expect(await axeFaults(page), path).toEqual([]);
  expect(heard, path).toEqual([]);
  expect(await sidewaysScroll(page), `${path} scrolls sideways`).toBeLessThanOrEqual(0);
}

const openPages = [
  '/',
  '/tim-kiem?q=banh+pia',
  '/tim-kiem?stars=4&inStock=true&sort=price',
  '/tim-kiem?q=qwertyzzz',
  `/san-pham/${products[0]}`,
  '/danh-muc/che-bien-tu-gao-ngu-coc',
  '/co-so',
  '/co-so/htx-hanh-tim-bai-giong',
  '/ban-do',
  '/da-luu',
  `/so-sanh?sp=${products[0]}&sp=${products[1]}`,
  '/xa-phuong/31795',
  '/chung-nhan',
  '/tra-cuu',
  '/dang-nhap',
  '/gio-hang',
  '/problems',
  '/problems/stock-short',
  '/en',
  '/km',
];

test.each(openPages)('%s is sound at 360 px', (path) => expectSound(path));

test.each([
  ['/khong-co-gi-o-day', 404],
  ['/san-pham/khong-co', 404],
  ['/tim-kiem?cursor=x', 400],
  ['/ban-hang', 401],
  ['/quan-tri', 401],
] as const)('%s says %i on a page that is sound', (path, status) => expectSound(path, status));

test('the stars of a product lead to its certificate', async () => {
  await page.goto(`${shop.url}/san-pham/${products[0]}`);
  const href = await page
    .getByRole('link', { name: /Quyết định số/ })
    .first()
    .getAttribute('href');
  await expectSound(href ?? '');
  expect(await page.textContent('main')).toContain('Đang có hiệu lực');
});

test('each language has its own address and its own words', async () => {
  await page.goto(`${shop.url}/san-pham/${products[0]}`);
  await page.getByRole('link', { name: 'EN' }).click();
  expect(page.url()).toBe(`${shop.url}/en/san-pham/${products[0]}`);
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  expect(await page.getByRole('button', { name: 'Add to cart' }).count()).toBe(1);
});

test('where scripts run, the cart and the facets change in place', async () => {
  await fillCart(page, shop.url);
  await page.evaluate('window.stillHere = true');
  await page.getByRole('spinbutton').first().fill('3');
  await page.getByRole('button', { name: /^Sửa/ }).first().click();
  await page.locator('#cart-count', { hasText: '4' }).waitFor();
  expect(await page.evaluate('window.stillHere')).toBe(true);
  await page.goto(`${shop.url}/tim-kiem?q=banh+pia`);
  await page.evaluate('window.stillHere = true');
  await page.getByText('Lọc kết quả').click();
  await page.getByRole('link', { name: /^Còn hàng/ }).click();
  await page.waitForURL(/inStock=true/);
  await page.getByRole('link', { name: /Bỏ chọn Còn hàng/ }).waitFor();
  expect(await page.evaluate('window.stillHere')).toBe(true);
  expect(heard).toEqual([]);
  await page.goto(`${shop.url}/gio-hang`);
  for (let left = products.length; left > 0; left -= 1) {
    await page
      .getByRole('button', { name: /^Bỏ ra/ })
      .first()
      .click();
    await page.waitForTimeout(200);
    await page
      .getByRole('button', { name: /^Bỏ ra/ })
      .nth(left - 1)
      .waitFor({ state: 'detached' });
  }
});

test('a form that is sent without a line stays where it is and says so, and goes when the line is back', async () => {
  await page.goto(`${shop.url}/san-pham/${products[0]}`);
  await page.fill('#quantity', '2');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Bỏ vào giỏ' }).click();
  await page.locator('#offline').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  expect(await page.inputValue('#quantity')).toBe('2');
  await context.setOffline(false);
  await page.locator('#offline').waitFor({ state: 'hidden' });
});

describe('a purchase', () => {
  test('goes from shelf to payment, and each page on the way is sound', async () => {
    await fillCart(page, shop.url);
    await expectSound('/gio-hang');
    await expectSound('/thanh-toan');
    await order(page);
    // Nothing was filled in: the form comes back and says so, where it is.
    expect(await page.getByText('Nhập tên người nhận.').count()).toBe(2);
    await fillCheckout(page);
    await order(page);
    const code = codeOn(page);
    await expectSound(`/thanh-toan/${code}`);
    await expectSound(`/minh-hoa/ngan-hang/${code}`);
  });

  test('a payment seen in another window moves this one on by itself', async () => {
    await fillCart(page, shop.url);
    await page.goto(`${shop.url}/thanh-toan`);
    await fillCheckout(page);
    await order(page);
    const code = codeOn(page);
    const bank = await context.newPage();
    await playBank(bank, shop.url, code, /^Trả đúng/);
    await bank.close();
    await page.waitForURL(`**/don-hang/${code}`, { timeout: 5_000 });
    await expectSound(`/don-hang/${code}`);
  });

  test('needs no script, and a short transfer is asked for again', async () => {
    const plain = await browser.newContext({ ...phone, javaScriptEnabled: false });
    const without = await plain.newPage();
    await fillCart(without, shop.url);
    await without.goto(`${shop.url}/thanh-toan`);
    await fillCheckout(without);
    await order(without);
    const code = codeOn(without);
    await playBank(without, shop.url, code, 'Trả thiếu một nửa');
    expect(await without.textContent('main')).toContain('còn thiếu');
    await playBank(without, shop.url, code, /^Trả đúng/);
    expect(without.url()).toBe(`${shop.url}/don-hang/${code}`);
    await without.goto(`${shop.url}/tra-cuu`);
    await without.getByLabel('Mã đơn').fill(code);
    await without.getByLabel('Số điện thoại').fill(buyer.phone);
    await without.getByRole('button', { name: 'Xem đơn' }).click();
    expect(await without.textContent('main')).toContain(buyer.name);
    await plain.close();
  });
});

describe('the desks', () => {
  const signInAs = async (name: RegExp): Promise<void> => {
    await context.clearCookies();
    await page.goto(`${shop.url}/dang-nhap`);
    await page.getByRole('button', { name }).click();
    await page.waitForLoadState();
  };

  test('a seller confirms, packs, sends and counts', async () => {
    await signInAs(/Bãi Giồng/);
    await expectSound('/ban-hang/don-hang');
    for (const step of ['Nhận đơn', 'Đã gói xong', 'Đã gửi đi']) {
      await page.getByRole('button', { name: step }).first().click();
      await page.waitForLoadState();
    }
    await expectSound('/ban-hang');
    await expectSound('/ban-hang/kho');
    await page
      .getByLabel(/Trong kho/)
      .first()
      .fill('77');
    await page.getByRole('button', { name: /^Lưu/ }).first().click();
    await page.waitForLoadState();
    expect(
      await page
        .getByLabel(/Trong kho/)
        .first()
        .inputValue(),
    ).toBe('77');
  });

  test('staff see the whole', async () => {
    await signInAs(/Cán bộ Sàn/);
    await expectSound('/quan-tri');
  });
});
