import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { openBrowser } from './browser.ts';
import { openReader, type Reader } from './sound.ts';

let node: TestNode;
let browser: Browser;
let seller: Reader;
let certifier: Reader;

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
  [seller, certifier] = [await openReader(browser, node.url), await openReader(browser, node.url)];
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  await certifier.signIn('thamtra@cho-noi.example', demoPassword);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

const idOf = async (status: string): Promise<{ id: string; code: string }> => {
  const { rows } = await node.db.execute<{ id: string; code: string }>(
    sql`select id, code from certificates where status = ${status} order by id limit 1`,
  );
  return rows[0] ?? { id: '', code: '' };
};

test.each(['verified', 'revoked'])('the public page of a %s one is sound', async (status) => {
  await seller.expectSound(`/chung-nhan/${(await idOf(status)).code}`);
});

test.each(['', '/moi', '/moi?kind=ocop', '/moi?kind=gi'])('the seller’s %s is sound', (path) =>
  seller.expectSound(`/ban-hang/chung-nhan${path}`),
);

test.each(['', '?status=submitted&kind=ocop', '?status=rejected'])('the certifier’s list %s is sound', (query) =>
  certifier.expectSound(`/quan-tri/chung-nhan${query}`),
);

test.each(['/lich', '/lich?kind=vietgap', '/nhap'])('the certifier’s %s is sound', (path) =>
  certifier.expectSound(`/quan-tri/chung-nhan${path}`),
);

test('a list is looked at on a page that is sound, whatever stands in it', async () => {
  const entry = { issuer: 'UBND thành phố Cần Thơ', decisionNumber: '701/QĐ-UBND', issuedOn: '2026-10-01' };
  const lines = [
    'Mã hàng,Tên sản phẩm,Hạng sao',
    'ST-0002,,3',
    ',Hành tím ngâm giấm đường,3',
    'X,<b>không có</b>,3',
    'ST-0012,,5',
  ];
  const list = { bytes: Buffer.from(lines.join('\n')), name: 'a.csv' };
  const copy = { bytes: Buffer.from('%PDF-1.4\n%%EOF\n'), name: 'a.pdf' };
  const id = await node.services.certificates.startImport({ actor: 'account:test' }, entry, list, copy);
  await certifier.expectSound(`/quan-tri/chung-nhan/nhap/${id}`);
  await certifier.page.getByRole('button', { name: /Ghi 1 sản phẩm/ }).click();
  await certifier.expectSound(`/quan-tri/chung-nhan/nhap/${id}`);
});

test('a certifier verifies by hand on a phone, page by page', async () => {
  const { id } = await idOf('submitted');
  await certifier.expectSound(`/quan-tri/chung-nhan/${id}`);
  const { page } = certifier;
  await page.getByRole('button', { name: 'Nhận xử lý' }).click();
  await certifier.expectSound(`/quan-tri/chung-nhan/${id}`);
  await page.locator('input[name=checked]').first().check();
  await page.getByRole('button', { name: 'Xác nhận' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('Chưa đánh dấu đủ');
  for (const box of await page.locator('input[name=checked]').all()) await box.check();
  await page.getByRole('button', { name: 'Xác nhận' }).click();
  expect(await page.getByRole('status').textContent()).toContain('đã duyệt');
  await certifier.expectSound(`/quan-tri/chung-nhan/${id}`);
});

test('a paper that is refused keeps what was typed', async () => {
  const { page } = seller;
  await page.goto(`${node.url}/ban-hang/chung-nhan/moi?kind=ocop`);
  await page.selectOption('select[name=productId]', { index: 1 });
  await page.selectOption('select[name=star]', '5');
  await page.fill('input[name=issuer]', 'UBND thành phố Cần Thơ');
  await page.fill('input[name=decisionNumber]', '700/QĐ-UBND');
  await page.fill('input[name=issuedOn]', '2026-10-01');
  await page.setInputFiles('input[name=evidence]', {
    name: 'a.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4'),
  });
  await page.getByRole('button', { name: 'Gửi thẩm tra' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('không cấp hạng sao đó');
  expect(await page.inputValue('input[name=decisionNumber]')).toBe('700/QĐ-UBND');
});
