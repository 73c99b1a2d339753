import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/** Somebody of the demonstration, signed in by the button under the form. */
async function as(name: RegExp): Promise<Reader> {
  const reader = await openReader(browser, shop.url);
  readers.push(reader);
  await reader.page.goto(`${shop.url}/dang-nhap`);
  await reader.page.getByRole('button', { name }).click();
  await reader.page.waitForURL((url) => url.pathname !== '/dang-nhap');
  return reader;
}
const press = async ({ page }: Reader, name: string | RegExp): Promise<void> => {
  await page.locator('main').getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};
const pathOf = ({ page }: Reader): string => new URL(page.url()).pathname;
const pdf = (name: string) => ({
  name: `${name}.pdf`,
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.7\nmau\n%%EOF'),
});

describe('a household with a phone', () => {
  let household: Reader;
  test('applies step by step; each page is sound, each step is kept, and what is wrong is said where it is', async () => {
    household = await as(/Bà Tư Bánh Ống/);
    const { page, expectSound } = household;
    await expectSound('/ban-hang/dang-ky');
    await press(household, 'Bắt đầu đăng ký');
    expect(await page.getByText('Chọn loại cơ sở').count()).toBeGreaterThan(1);
    await page.getByLabel('Tên cơ sở').fill('Hộ Cốm dẹp Bảy Thơm');
    await page.getByLabel('Loại cơ sở').selectOption('household');
    await page.getByLabel('Số điện thoại').fill('0912 345 670');
    await press(household, 'Bắt đầu đăng ký');
    await expectSound(pathOf(household));
    await page.getByLabel('Họ tên người đứng tên').fill('Nguyễn Thị Bảy');
    await page.getByLabel('Mã số thuế hoặc số định danh').fill('12345');
    await press(household, 'Lưu và sang bước sau');
    expect(await page.getByText('Mã số thuế không đúng').count()).toBe(2);
    expect(await page.getByLabel('Họ tên người đứng tên').inputValue()).toBe('Nguyễn Thị Bảy');
    await page.getByLabel('Mã số thuế hoặc số định danh').fill('094170004321');
    await press(household, 'Lưu và sang bước sau');
    await expectSound(pathOf(household));
    await page.getByLabel('Gõ tên xã, phường').fill('Lạc Hòa');
    await press(household, 'Tìm');
    await page.getByLabel(/Phường Vĩnh Châu/).check();
    await page.getByLabel('Số nhà, đường hoặc ấp').fill('Ấp Đại Bái');
    await press(household, 'Lưu và sang bước sau');
    expect(pathOf(household)).toMatch(/giay-to$/);
  });

  test('sends its papers, its account and a first product, and then the whole', async () => {
    const { page, expectSound } = household;
    await expectSound(pathOf(household));
    for (const kind of ['registration', 'personal-id']) {
      await page.locator(`#file-${kind}`).setInputFiles(pdf(kind));
      await page.locator(`#number-${kind}`).fill('59A8-1');
      await page.locator(`#issuer-${kind}`).fill('UBND phường');
      await page.locator(`#issuedOn-${kind}`).fill('2025-03-01');
      await page.locator(`form:has(#file-${kind}) button`).click();
      await page.waitForLoadState();
    }
    expect(await page.getByText('Chờ xem').count()).toBe(2);
    await page.getByRole('link', { name: 'Lưu và sang bước sau' }).click();
    await expectSound(pathOf(household));
    await page.getByRole('link', { name: 'Để sau' }).click();
    await expectSound(pathOf(household));
    await page.getByLabel('Tên món hàng').fill('Cốm dẹp');
    await page.getByLabel('Giá bán').fill('45k');
    await page.getByLabel('Bán theo').fill('gói 300 g');
    await press(household, 'Lưu và sang bước sau');
    await expectSound(pathOf(household));
    await press(household, 'Gửi hồ sơ');
    expect(await page.textContent('main')).toContain('Chờ cán bộ xem');
    await expectSound('/ban-hang/co-so');
    await expectSound('/ban-hang/thanh-vien');
  });

  test('an officer sees everything side by side, sends it back, and the remark stands beside the field', async () => {
    const officer = await as(/kiểm duyệt/);
    await officer.expectSound('/quan-tri/co-so');
    await officer.page.getByRole('link', { name: 'Hộ Cốm dẹp Bảy Thơm' }).click();
    await officer.page.waitForLoadState();
    await officer.expectSound(pathOf(officer));
    await press(officer, 'Duyệt cơ sở');
    expect(await officer.page.getByText('Còn giấy tờ bắt buộc chưa được chấp nhận').count()).toBe(1);
    await officer.page.getByLabel('Nhận xét cho mục này: Số nhà').fill('Ghi thêm số nhà');
    await officer.page.getByLabel('Lý do (cơ sở đọc được)').fill('Thiếu số nhà');
    await press(officer, 'Nhờ bổ sung');
    const { page } = household;
    await page.goto(page.url().replace(/\/ban-hang.*/, '/ban-hang/dang-ky'));
    await page.getByRole('link', { name: 'Hộ Cốm dẹp Bảy Thơm' }).click();
    await page.getByRole('link', { name: 'Ở đâu' }).click();
    await page.waitForLoadState();
    expect(await page.textContent('main')).toContain('Cán bộ ghi: Ghi thêm số nhà');
    await household.expectSound(pathOf(household));
    for (const state of ['approved', 'suspended', 'closed', 'rejected'])
      await officer.expectSound(`/quan-tri/co-so?trang-thai=${state}`);
    await officer.page.goto(`${shop.url}/quan-tri/co-so?trang-thai=suspended`);
    await officer.page.locator('main li h2 a').first().click();
    await officer.page.waitForLoadState();
    await officer.expectSound(pathOf(officer));
    await officer.expectSound('/quan-tri/to-ho-tro');
  });
});

test('an assistant sees the household that consented, and the household sees what was done', async () => {
  const assistant = await as(/Lê Văn Tổ/);
  await assistant.expectSound('/ho-tro');
  await assistant.page.getByRole('link', { name: /Mở hồ sơ của hộ/ }).click();
  await assistant.page.waitForLoadState();
  expect(await assistant.page.textContent('main')).toContain('Lê Văn Tổ hỗ trợ, thay mặt');
  await assistant.expectSound(pathOf(assistant));
  const household = await as(/Cô Sáu Giồng/);
  await household.expectSound('/ban-hang/co-so');
  await press(household, /^Thu hồi/);
  await assistant.page.goto(`${shop.url}/ban-hang/co-so`);
  expect(await assistant.page.textContent('main')).not.toContain('Cô Sáu');
});

test('what shoppers see of a business is sound, with its place among the wards', async () => {
  const reader = await openReader(browser, shop.url);
  readers.push(reader);
  await reader.expectSound('/co-so/htx-hanh-tim-bai-giong');
  expect(await reader.page.locator('.ward-map .here').count()).toBe(1);
  expect(await reader.page.textContent('main')).toContain('Tổ 3, ấp Giồng Nổi, Xã Vĩnh Hải');
  await reader.expectSound('/co-so/ho-kho-ca-keo-ut-man');
  await reader.expectSound('/co-so/ho-chieu-lac-ba-xuyen', 410);
});
