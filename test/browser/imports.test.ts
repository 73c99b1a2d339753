import { sql } from 'drizzle-orm';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { openBrowser } from './browser.ts';
import { openReader, type Reader } from './sound.ts';

let node: TestNode;
let browser: Browser;
let seller: Reader;
let page: Page;
let sheet: string;
const part = '/ban-hang/nhap-hang';

type Own = { sku: string; name: string; price: number; stock: number };

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
  seller = await openReader(browser, node.url);
  page = seller.page;
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  const { rows } = await node.db.execute<Own>(
    sql`select p.sku, p.name_vi as name, pr.price_vnd::int as price, s.on_hand as stock from products p join businesses b on b.id = p.business_id
      join variants v on v.product_id = p.id join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id
      where b.code = 'B001' and v.position = 0 and s.held = 0 order by p.sku limit 2`,
  );
  const line = ({ sku, name, price, stock }: Own, more: Partial<Own> = {}): string =>
    `${sku},"${more.name ?? name}",,${more.price ?? price},${more.stock ?? stock}`;
  const [first, second] = rows;
  if (!first || !second) throw new Error('The business has too few goods');
  sheet = [
    'Mã hàng,Tên sản phẩm,Nhóm hàng,Giá bán,Tồn kho',
    line(first, { stock: first.stock + 12, price: first.price + 1_000 }),
    line(second),
    'MOI-1,Gạo huyết rồng Mỹ Xuyên túi 5 kg,"Gạo, ngũ cốc, hạt sơ chế khác",125k,40',
    'LOI-1,Khô cá kèo,Không có nhóm này,giá liên hệ,nhiều',
    'LOI-2,=HYPERLINK(1),"Gạo, ngũ cốc, hạt sơ chế khác",25k,-4',
  ].join('\n');
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});

const here = (): string => page.url().slice(node.url.length).split('?')[0] ?? '';
async function send(name: string, content: string | Buffer): Promise<string> {
  await page.goto(node.url + part);
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  await page.click('main form[enctype] button');
  await page.waitForURL(`**${part}/*`);
  return here();
}

describe('a sheet of goods, on a phone', () => {
  test('is sent, watched while it is read, looked at in its groups, confirmed, and comes back with reasons', async () => {
    await seller.expectSound(part);
    const at = await send('Bảng hàng tháng 11.csv', sheet);
    await seller.expectSound(at);
    expect(await page.locator('progress').count()).toBe(1);
    await node.runJobs();
    // The page that watches finds out by itself.
    await page.getByRole('heading', { name: 'Xác nhận' }).waitFor();
    for (const verdict of ['error', 'new', 'changed', 'unchanged']) await seller.expectSound(`${at}?xem=${verdict}`);
    expect(await page.locator('.tile b').allTextContents()).toEqual(['2', '1', '1', '1']);
    await seller.expectSound(`/en${at}?xem=error`);
    await seller.expectSound(`/km${at}?xem=error`);
    await page.goto(node.url + at);
    await page.getByRole('button', { name: 'Chỉ ghi 2 dòng hợp lệ' }).click();
    await page.locator('progress').waitFor();
    await seller.expectSound(at);
    await node.runJobs();
    await page.getByRole('heading', { name: 'Tệp kết quả' }).waitFor();
    await seller.expectSound(at);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Tải CSV')]);
    expect(download.suggestedFilename()).toBe('ket-qua.csv');
    await seller.expectSound(part);
    expect(await page.textContent('main')).toContain('Bảng hàng tháng 11.csv');
  });

  test('whose columns are not known is asked about, and what was said is remembered', async () => {
    const strange = 'Ký hiệu nhà,Món,Xu\nABC-1,Gạo tám,25k\n';
    const at = await send('la.csv', strange);
    await node.runJobs();
    await seller.expectSound(at);
    const choose = (column: number, value: string) => page.selectOption(`#column-${column}`, value);
    for (const [column, value] of ['sku', 'nameVi', 'priceVnd'].entries()) await choose(column, value);
    await page.getByRole('button', { name: 'Đọc lại theo cách ghép này' }).click();
    await node.runJobs();
    await page.getByRole('heading', { name: 'Xác nhận' }).waitFor();
    await send('la.csv', `${strange}ABC-2,Gạo lài,30k\n`);
    await node.runJobs();
    await page.getByRole('heading', { name: 'Xác nhận' }).waitFor();
  });

  test('that is none is refused in words, in each language', async () => {
    const at = await send('hang.csv', Buffer.from('%PDF-1.7\n\u0000\u0001 %%EOF'));
    await node.runJobs();
    await page.getByText('Không phải bảng tính đọc được').waitFor();
    await seller.expectSound(at);
    await seller.expectSound(`/en${at}`);
    expect(await page.textContent('main')).toContain('This is not a sheet that can be read');
    await seller.expectSound(`/km${at}`);
  });
});

test('prices and stock of many goods are changed in one table, and taken back', async () => {
  const table = '/ban-hang/bang-gia';
  await seller.expectSound(table);
  const price = page.locator('input[name^=price-]').first();
  const before = await price.inputValue();
  await price.fill('abc');
  await page.getByRole('button', { name: 'Lưu các ô đã sửa' }).click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  expect(await price.inputValue()).toBe('abc');
  await price.fill(String(Number(before) + 1_000));
  await page.getByRole('button', { name: 'Lưu các ô đã sửa' }).click();
  await page.getByText('Đã lưu 1 dòng.').waitFor();
  await seller.expectSound(page.url().slice(node.url.length));
  await page.getByRole('button', { name: 'Hoàn tác lần lưu này' }).click();
  await page.getByText('Đã hoàn tác.').waitFor();
  expect(await price.inputValue()).toBe(before);
  await seller.expectSound(`${table}?phan-tram=-5`);
  await seller.expectSound(`/km${table}`);
});

test('everything of the business is there to be taken along', async () => {
  await seller.expectSound('/ban-hang/xuat-du-lieu');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Excel, mỗi bảng một trang')]);
  expect(download.suggestedFilename()).toBe('xuat-du-lieu.xlsx');
  await seller.expectSound('/en/ban-hang/xuat-du-lieu');
  await seller.expectSound('/km/ban-hang/xuat-du-lieu');
});
