import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { openBrowser } from './browser.ts';
import { openReader, type Reader } from './sound.ts';

let node: TestNode;
let browser: Browser;

beforeAll(async () => {
  [node, browser] = await Promise.all([startNode(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await node?.close();
});
/** What the eye is to see of it, where somebody asks for pictures. */
const draw = async ({ page }: Reader, name: string): Promise<void> => {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

test('a shopper sees where goods can be collected, chooses it, and pays no freight', async () => {
  const reader = await openReader(browser, node.url);
  const { page, expectSound } = reader;
  await page.goto(`${node.url}/san-pham/hanh-tim-de-chum-nguyen-tep`);
  await page.locator('form.buy button[type=submit]').first().click();
  await page.waitForURL('**/gio-hang');
  await expectSound('/gio-hang');
  expect(await page.textContent('main')).toContain('Có thể tự đến lấy');
  await draw(reader, 'cart');
  await expectSound('/thanh-toan');
  await page.fill('input[name=name]', 'Nguyễn Thị Sen');
  await page.fill('input[name=phone]', '0912345678');
  await page.selectOption('select[name=wardCode]', '31507');
  await page.fill('input[name=line]', '12 Lê Lợi');
  await page.check('input[value=pickup]');
  await draw(reader, 'checkout');
  await page.click('button[value=order]');
  await page.getByText('Phí giao đã tính lại').waitFor();
  await draw(reader, 'checkout-again');
  expect(await page.isChecked('input[value=pickup]')).toBe(true);
  await page.click('button[value=order]');
  await page.waitForURL('**/thanh-toan/ST*');
  const { rows } = await node.db.execute(sql`select delivery_method, shipping_vnd::int from orders`);
  expect(rows).toEqual([{ delivery_method: 'pickup', shipping_vnd: 0 }]);
  await reader.close();
}, 60_000);

test('goods that would spoil are named on the cart and at checkout', async () => {
  const { rows } = await node.db.execute<{ slug: string; name: string }>(
    sql`select p.slug, p.name_vi as name from products p join variants v on v.product_id = p.id join stock s on s.variant_id = v.id
      where p.storage = 'chilled' and p.status = 'listed' and v.position = 0 and s.on_hand > 0 order by p.sku limit 1`,
  );
  const [{ slug, name } = { slug: '', name: '' }] = rows;
  const reader = await openReader(browser, node.url);
  const { page, expectSound } = reader;
  await page.goto(`${node.url}/san-pham/${slug}`);
  await page.locator('form.buy button[type=submit]').first().click();
  await page.waitForURL('**/gio-hang');
  await page.goto(`${node.url}/thanh-toan`);
  await page.fill('input[name=name]', 'Nguyễn Thị Sen');
  await page.fill('input[name=phone]', '0912345678');
  await page.selectOption('select[name=provinceCode]', '01');
  await page.locator('input[name=ward]').waitFor();
  await page.fill('input[name=ward]', 'Phường Cửa Nam');
  await page.fill('input[name=line]', '5 Tràng Tiền');
  await page.click('button[value=order]');
  await page.getByText(`${name}: chỉ chịu được 24 giờ`).first().waitFor();
  await draw(reader, 'spoils');
  expect(await page.inputValue('input[name=line]')).toBe('5 Tràng Tiền');
  for (const path of ['/gio-hang', '/en/gio-hang', '/km/gio-hang']) await expectSound(path);
  await draw(reader, 'spoils-cart');
  await reader.close();
}, 60_000);

test('a seller says what the business offers, and an officer keeps the tariff', async () => {
  const seller = await openReader(browser, node.url);
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  for (const path of ['/ban-hang/giao-hang', '/en/ban-hang/giao-hang', '/km/ban-hang/giao-hang'])
    await seller.expectSound(path);
  await draw(seller, 'seller');
  await seller.expectSound('/ban-hang/van-chuyen');
  const officer = await openReader(browser, node.url);
  await officer.signIn('quantri@cho-noi.example', demoPassword);
  for (const path of ['/quan-tri/phi-giao', '/en/quan-tri/phi-giao', '/km/quan-tri/phi-giao'])
    await officer.expectSound(path);
  await draw(officer, 'tariff');
  await seller.close();
  await officer.close();
}, 60_000);
