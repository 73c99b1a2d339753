import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { loadDesk } from '../../src/demo/desk.ts';
import { openBrowser } from './browser.ts';
import { axeFaults } from './inspect.ts';
import { openReader } from './sound.ts';

const seller = 'nguoiban@cho-noi.example';
let node: TestNode;
let browser: Browser;
beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
  await loadDesk(node.services);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

const pages = ['', '/kho', '/thanh-vien', '/webhook', '/khoa-api', '/co-so', '/dang-ky'];
test('the pages of a seller’s desk are sound, and so are what a mistaken form and a stranger’s link lead to', async () => {
  const { page, signIn, expectSound, close } = await openReader(browser, node.url);
  for (const missing of ['/loi-moi', '/dat-lai-mat-khau', '/moi/khong-co']) await expectSound(missing, 410);
  await expectSound('/uy-quyen/khong-co', 404);
  await signIn(seller, demoPassword);
  for (const one of pages) await expectSound(`/ban-hang${one}`);
  await expectSound('/tai-khoan/thong-bao');
  const { rows } = await node.db.execute<{ id: string }>(
    sql`select v.id from variants v join products p on p.id = v.product_id where p.slug = 'hanh-tim-giong-chon-loc'`,
  );
  await expectSound(`/ban-hang/kho/${rows[0]?.id}`);
  await page.goto(`${node.url}/ban-hang/kho`);
  await page
    .getByLabel(/^Trong kho/)
    .first()
    .fill('-4');
  await page.getByRole('button', { name: /^Lưu/ }).first().click();
  await page.getByText('Tồn kho là số nguyên từ 0').first().waitFor();
  expect(
    await page
      .getByLabel(/^Trong kho/)
      .first()
      .inputValue(),
  ).toBe('-4');
  expect(await axeFaults(page)).toEqual([]);
  await close();
});

const path = '/ban-hang/chung-nhan/moi?kind=vietgap';

test('a session that ended in the middle of a form costs a sign-in and nothing that was typed', async () => {
  const { page, signIn, close } = await openReader(browser, node.url);
  await signIn(seller, demoPassword);
  await page.goto(node.url + path);
  await page.getByLabel('Cho sản phẩm').selectOption({ index: 2 });
  const product = await page.getByLabel('Cho sản phẩm').inputValue();
  await page.getByLabel('Cơ quan cấp').fill('Trung tâm Chứng nhận Sóc Trăng');
  await page.getByLabel('Số giấy').fill('VG-77-2026');
  await page.getByLabel('Ngày ký').fill('2026-10-05');
  await page
    .locator('#evidence')
    .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%%EOF') });
  await node.db.execute(sql`delete from sessions`);
  await page.getByLabel('Có giá trị đến ngày').fill('2028-10-04');
  await page.getByRole('button', { name: 'Gửi thẩm tra' }).click();
  await page.getByText('Những gì bạn vừa gõ chưa mất').waitFor();
  await page.locator('main').getByRole('link', { name: 'Đăng nhập' }).click();
  await page.fill('input[name=login]', seller);
  await page.fill('input[name=password]', demoPassword);
  await page.click('main button[type=submit]');
  await page.waitForURL(node.url + path);
  await page.getByText('Những gì bạn gõ đã được điền lại').waitFor();
  expect([
    await page.getByLabel('Cho sản phẩm').inputValue(),
    await page.getByLabel('Cơ quan cấp').inputValue(),
    await page.getByLabel('Số giấy').inputValue(),
    await page.getByLabel('Ngày ký').inputValue(),
    await page.getByLabel('Có giá trị đến ngày').inputValue(),
  ]).toEqual([product, 'Trung tâm Chứng nhận Sóc Trăng', 'VG-77-2026', '2026-10-05', '2028-10-04']);
  // Once only: what was given back is not put over another form later.
  await page.goto(node.url + path);
  expect(await page.getByLabel('Số giấy').inputValue()).toBe('');
  await close();
});

test('a form whose proof has expired opens again as it was typed', async () => {
  const { page, signIn, close } = await openReader(browser, node.url);
  await signIn('quantri@cho-noi.example', demoPassword);
  await page.goto(`${node.url}/quan-tri/to-ho-tro`);
  await page.getByLabel('Danh sách tổ').fill('CNS-99; Tổ ấp Mới; 31507');
  await page.context().clearCookies({ name: '_csrf' });
  await page.getByRole('button', { name: 'Thêm tổ' }).click();
  await page.getByRole('link', { name: 'Mở lại biểu mẫu' }).click();
  await page.getByText('Những gì bạn gõ đã được điền lại').waitFor();
  expect(await page.getByLabel('Danh sách tổ').inputValue()).toBe('CNS-99; Tổ ấp Mới; 31507');
  await page.getByRole('button', { name: 'Thêm tổ' }).click();
  await page.getByText('Đã thêm 1 tổ').waitFor();
  await close();
});

test('a typed text is given to nobody else who signs in on the same telephone', async () => {
  const { page, signIn, close } = await openReader(browser, node.url);
  await signIn(seller, demoPassword);
  await page.goto(`${node.url}/ban-hang/dang-ky`);
  await page.getByLabel('Tên cơ sở').fill('Hộ Bảy Thơm');
  await node.db.execute(sql`delete from sessions`);
  await page.getByRole('button', { name: 'Bắt đầu đăng ký' }).click();
  await page.getByText('Những gì bạn vừa gõ chưa mất').waitFor();
  await page.locator('main').getByRole('link', { name: 'Đăng nhập' }).click();
  await page.fill('input[name=login]', 'nguoiban2@cho-noi.example');
  await page.fill('input[name=password]', demoPassword);
  await page.click('main button[type=submit]');
  await page.waitForURL('**/ban-hang/dang-ky');
  expect(await page.getByLabel('Tên cơ sở').inputValue()).toBe('');
  await close();
});

const photo = {
  name: 'anh.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC',
    'base64',
  ),
};

test('without a script a household lists a product just the same: photograph, name, price as it is said, unit', async () => {
  const { page, signIn, close } = await openReader(browser, node.url, { javaScriptEnabled: false });
  await signIn(seller, demoPassword);
  await page.goto(`${node.url}/ban-hang/san-pham/moi`);
  // The photograph comes first, and nothing else has to be unfolded.
  expect(await page.locator('#editor input:visible').first().getAttribute('id')).toBe('pictures');
  await page.locator('#pictures').setInputFiles(photo);
  await page.getByLabel('Tên sản phẩm').fill('Hành phi giòn');
  await page.locator('[name="v0-price"]').fill('125k');
  await page.getByLabel('Bán theo').fill('hũ 200 g');
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  expect(page.url()).toContain('luu=gui');
  expect(await page.locator('[name="v0-price"]').inputValue()).toBe('125.000');
  expect(await page.locator('.photo').count()).toBe(1);
  await close();
});

test('a draft that cannot be saved says so while one types, and is saved once it can be', async () => {
  const { page, signIn, close } = await openReader(browser, node.url);
  await signIn(seller, demoPassword);
  const { rows } = await node.db.execute<{ id: string }>(
    sql`select id from products where slug = 'hanh-tim-say-lat-gion'`,
  );
  await page.goto(`${node.url}/ban-hang/san-pham/${rows[0]?.id}`);
  await page.context().setOffline(true);
  await page.getByLabel('Tên sản phẩm').fill('Hành tím sấy giòn');
  await page.getByText('Chưa lưu được').waitFor();
  await page.context().setOffline(false);
  await page.getByLabel('Tên sản phẩm').fill('Hành tím sấy giòn tan');
  await page.getByText('Đã tự lưu nháp').waitFor();
  await close();
});
