import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { openShop, type Shop } from './shop.ts';
import { openReader, type Reader } from './sound.ts';

let shop: Shop;
let browser: Browser;
const readers: Reader[] = [];
beforeAll(async () => {
  [shop, browser] = await Promise.all([openShop(), openBrowser()]);
}, 90_000);
afterAll(async () => {
  for (const reader of readers) await reader.close();
  await browser?.close();
  await shop?.close();
});

async function open(name?: RegExp): Promise<Reader> {
  const reader = await openReader(browser, shop.url);
  readers.push(reader);
  if (!name) return reader;
  await reader.page.goto(`${shop.url}/dang-nhap`);
  await reader.page.getByRole('button', { name }).click();
  await reader.page.waitForURL((url) => url.pathname !== '/dang-nhap');
  return reader;
}

test('a shopper reads all conditions, types a code, sees what it does and what is inside the price', async () => {
  const { page, expectSound } = await open();
  await expectSound('/uu-dai');
  await expectSound('/bieu-phi');
  // Goods of which three may be ordered; what stands first in a list may be fewer.
  await page.goto(`${shop.url}/san-pham/hanh-tim-vinh-chau-tui-luoi`);
  expect(await page.getByText(/thuế GTGT/).count()).toBeGreaterThan(0);
  await page.getByRole('spinbutton').first().fill('3');
  await page.locator('main').getByRole('button', { name: /giỏ/i }).first().click();
  await page.waitForURL(/gio-hang/);
  await page.getByLabel('Nhập mã giảm giá').fill('khongco');
  await page.getByRole('button', { name: 'Dùng mã' }).click();
  await page.waitForLoadState();
  expect(await page.getByText('Mã này không có').count()).toBeGreaterThan(0);
  expect(await page.getByLabel('Nhập mã giảm giá').inputValue()).toBe('khongco');
  await page.getByLabel('Nhập mã giảm giá').fill('chaochonoi');
  await page.getByRole('button', { name: 'Dùng mã' }).click();
  await page.waitForLoadState();
  await expectSound('/gio-hang');
  await expectSound('/thanh-toan');
});

test('a seller gives out a voucher; what cannot be read comes back as typed', async () => {
  const { page, expectSound } = await open(/Chủ HTX Hành tím/);
  await expectSound('/ban-hang/uu-dai');
  await page.getByLabel('Tên ưu đãi').fill('Giảm 5% đầu vụ');
  await page.getByLabel('Mức giảm', { exact: false }).first().fill('năm');
  await page.getByLabel('Đến hết ngày').fill('2027-06-01');
  await page.getByRole('button', { name: 'Công bố ưu đãi' }).click();
  await page.waitForLoadState();
  expect(await page.getByText('Nhập phần trăm').count()).toBeGreaterThan(0);
  expect(await page.getByLabel('Tên ưu đãi').inputValue()).toBe('Giảm 5% đầu vụ');
});

test('officers publish fees and see the tax of each month', async () => {
  const { page, expectSound } = await open(/Cán bộ Sàn/);
  for (const path of ['/quan-tri/uu-dai', '/quan-tri/bieu-phi', '/quan-tri/thue']) await expectSound(path);
  await page.goto(`${shop.url}/quan-tri/bieu-phi`);
  await page.getByLabel('Mức phí (%)').fill('4');
  await page.getByLabel('Áp dụng từ ngày').fill('2026-01-01');
  await page.locator('form[action*="bieu-phi"]').evaluate((form) => form.setAttribute('novalidate', ''));
  await page.getByRole('button', { name: 'Công bố' }).click();
  await page.waitForLoadState();
  expect(await page.getByText('công bố trước ít nhất 20 ngày').count()).toBeGreaterThan(0);
});
