import { sql } from 'drizzle-orm';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cake } from '#test/support/desks.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { signIn } from '#test/support/people.ts';
import { photograph } from '#test/support/pictures.ts';
import { openBrowser } from './browser.ts';
import { type Film, startFilm } from './film.ts';
import { buyer, fillCheckout, products } from './purchase.ts';
import { openReader, type Reader } from './sound.ts';

/** Journeys as a film: each step is a picture of what the person has before them, with nothing below the edge of the screen. */
let market: Market;
let browser: Browser;
beforeAll(async () => {
  [market, browser] = await Promise.all([openMarket({ env: { DEMO: '1' } }), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await market?.close();
});

/** Somebody with a phone, and the camera beside it. */
async function begin(name: string, more: BrowserContextOptions = {}): Promise<Reader & { readonly film: Film }> {
  // A page that fades into the next would be filmed half way.
  const still = { reducedMotion: 'reduce', ...more } as const;
  return { ...(await openReader(browser, market.node.url, still)), film: await startFilm(name) };
}
const go = async (page: Page, path: string): Promise<void> => void (await page.goto(market.node.url + path));
const press = async (page: Page, name: string | RegExp): Promise<void> => {
  await page.locator('main').getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};
const see = async (page: Page, selector: string): Promise<void> =>
  page.locator(selector).first().scrollIntoViewIfNeeded();

/** What an officer does with the application of a household, out of the picture. */
async function approve(businessId: string): Promise<void> {
  const officer = await signIn(market.node.url, 'kiemduyet@cho-noi.example', demoPassword);
  const { items } = await officer.expect<{ items: { itemId: string; subject: { id: string } }[] }>(
    200,
    'GET',
    '/v1/staff/queues/businesses?limit=100',
  );
  const item = items.find(({ subject }) => subject.id === businessId);
  await officer.expect(200, 'POST', `/v1/staff/review-items/${item?.itemId}/claim`, { body: {} });
  const { papers } = await officer.expect<{ papers: { paperId: string }[] }>(
    200,
    'GET',
    `/v1/staff/businesses/${businessId}`,
  );
  for (const { paperId } of papers)
    await officer.expect(204, 'POST', `/v1/staff/papers/${paperId}/verdict`, { body: { verdict: 'accepted' } });
  await officer.expect(204, 'POST', `/v1/staff/businesses/${businessId}/review`, { body: { verdict: 'approved' } });
}

test('a shopper buys by VietQR on a phone without a script', async () => {
  const { page, film, close } = await begin('shopper-vietqr', { javaScriptEnabled: false });
  await go(page, '/');
  await film.shot(page, 'home');
  await page.locator('input[name=q]').first().fill('hanh tim');
  await page.getByRole('button', { name: 'Tìm' }).first().click();
  await film.shot(page, 'search');
  await go(page, `/san-pham/${products[0]}`);
  await film.shot(page, 'product');
  await press(page, 'Bỏ vào giỏ');
  await film.shot(page, 'cart');
  await go(page, '/thanh-toan');
  await film.shot(page, 'checkout');
  await fillCheckout(page);
  await see(page, 'main button[type=submit]');
  await film.shot(page, 'checkout-filled');
  await press(page, /^Đặt hàng và trả/);
  await film.shot(page, 'vietqr');
  const code = /ST[0-9A-Z]{10}/.exec(page.url())?.[0] ?? '';
  const [payment] = await market.node.services.payments.listPaymentsOf(code);
  await market.bank.transfer(market.node.url, { memo: payment?.qr?.memo ?? '', amountVnd: payment?.amountVnd ?? 0 });
  await page.reload();
  await film.shot(page, 'paid');
  await go(page, '/tra-cuu');
  await page.locator('main [name=code]').fill(code);
  await page.locator('main [name=phone]').fill(buyer.phone);
  await press(page, 'Xem đơn');
  await film.shot(page, 'tracked');
  expect(await page.textContent('main')).toContain(buyer.name);
  await film.end();
  await close();
});

test('a household lists its first product with an assistant', async () => {
  const { node } = market;
  const { page, film, signIn: enter, close } = await begin('household-first-product');
  const household = { name: 'Hộ Mắm ruốc Bảy Thuận', phone: '0987612345' } as const;
  const fill = (name: string, value: string): Promise<void> => page.fill(`main [name="${name}"]`, value);
  await enter('totro@cho-noi.example', demoPassword);
  await go(page, '/ho-tro');
  await fill('phone', household.phone);
  await fill('name', household.name);
  await film.shot(page, 'asks-for-consent');
  await press(page, 'Gửi mã cho hộ');
  await node.runJobs();
  const messages = await node.guest.client.send('GET', '/minh-hoa/tin-nhan');
  const [, code = ''] = /Mã đồng ý (\d{6})/.exec(messages.text) ?? [];
  await page.locator('main [name^="code-"]').last().fill(code);
  await film.shot(page, 'types-the-code');
  await page.getByRole('button', { name: `Xác nhận ${household.name}` }).click();
  await go(page, '/ho-tro');
  await page.getByRole('link', { name: household.name }).first().click();
  await page.waitForURL(/dang-ky/);
  const businessId = /dang-ky\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  const step = (name: string): string => `/ban-hang/dang-ky/${businessId}/${name}`;
  await go(page, step('ai'));
  await fill('representative', 'Trần Văn Thuận');
  await fill('taxCode', '094170001234');
  await film.shot(page, 'who');
  await press(page, 'Lưu và sang bước sau');
  await fill('place', 'Vĩnh Phước');
  await press(page, 'Tìm');
  await page.locator('main [name=wardCode]').first().check();
  await fill('addressLine', '12 khóm Biển Dưới');
  await film.shot(page, 'where');
  await press(page, 'Lưu và sang bước sau');
  for (const kind of ['registration', 'personal-id']) {
    await go(page, step('giay-to'));
    const file = {
      name: `${kind}.pdf`,
      mimeType: 'application/pdf',
      buffer: Buffer.from(`%PDF-1.4\n${kind}\n%%EOF\n`),
    };
    await page.setInputFiles(`[name="file-${kind}"]`, file);
    await fill(`number-${kind}`, '59A8-000777');
    await fill(`issuer-${kind}`, 'UBND phường Vĩnh Phước');
    await fill(`issuedOn-${kind}`, '2025-02-10');
    if (kind === 'registration') await film.shot(page, 'papers');
    await page.locator(`form:has([name="file-${kind}"]) button[type=submit]`).click();
    await page.waitForLoadState();
  }
  await go(page, step('xem-lai'));
  await film.shot(page, 'look-over');
  await press(page, 'Gửi hồ sơ');
  await film.shot(page, 'sent');
  await approve(businessId);
  await go(page, '/ban-hang/san-pham/moi');
  const whose = page.locator('select[name=businessId]');
  if ((await whose.count()) > 0) await whose.selectOption(businessId);
  await page.setInputFiles('[name=pictures]', {
    name: 'mam.jpg',
    mimeType: 'image/jpeg',
    buffer: await photograph(1_600, 1_200),
  });
  await page.locator('.shown-pictures canvas').first().waitFor();
  await film.shot(page, 'photo');
  await fill('nameVi', 'Mắm ruốc chưng sả Bảy Thuận');
  await fill('v0-price', '125k');
  await fill('unitVi', 'hũ 250 g');
  await fill('v0-stock', '40');
  await see(page, '[name=v0-price]');
  await film.shot(page, 'product');
  await press(page, 'Gửi duyệt');
  await page.waitForURL(/san-pham\/[0-9a-f-]{36}/);
  await film.shot(page, 'waits-for-an-officer');
  expect(await page.textContent('main')).toContain('Đã gửi duyệt');
  await film.end();
  await close();
});

test('a seller’s morning: confirm, pack, label', async () => {
  const { node, guest, bank } = market;
  const api = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await api.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  const [one = '', two = '', three = ''] = items.map(({ variantId }) => variantId);
  for (const variantId of [one, two]) await node.setStock(variantId, 500);
  await node.setStock(three, 0);
  for (let count = 0; count < 2; count += 1) {
    const group = await guest.order([one, 2], [two, 1]);
    const { qr } = await guest.pay(group.code, 'vietqr');
    await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  }
  const { page, film, signIn: enter, close } = await begin('seller-morning');
  await enter('nguoiban@cho-noi.example', demoPassword);
  await go(page, '/ban-hang');
  await film.shot(page, 'today');
  await see(page, 'button:has-text("Nhận cả")');
  await film.shot(page, 'confirm-all');
  await press(page, /^Nhận cả/);
  await film.shot(page, 'confirmed');
  await page.getByRole('link', { name: 'Mở phiếu nhặt hàng' }).click();
  await film.shot(page, 'picking-list');
  await go(page, '/ban-hang/don-hang');
  await see(page, 'button:has-text("Đã gói xong")');
  await film.shot(page, 'orders');
  for (let left = await page.getByRole('button', { name: /^Đã gói xong/ }).count(); left > 0; left -= 1)
    await press(page, /^Đã gói xong/);
  await go(page, '/ban-hang');
  await film.shot(page, 'packed');
  await page.getByRole('link', { name: 'In nhãn dán kiện' }).click();
  await film.shot(page, 'labels');
  expect(await page.locator('.labels > li').count()).toBeGreaterThanOrEqual(2);
  await go(page, '/ban-hang/van-chuyen');
  await film.shot(page, 'courier');
  await film.end();
  await close();
});

test('an officer clears a queue of ten by keyboard', async () => {
  const { node } = market;
  const seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { rows } = await node.db.execute<{ id: string }>(sql`select id from businesses where code = 'B001'`);
  for (let turn = 1; turn <= 10; turn += 1) {
    const { productId } = await seller.expect<{ productId: string }>(201, 'POST', '/v1/seller/products', {
      body: { businessId: rows[0]?.id, fields: { ...cake, nameVi: `Bánh ống lá dứa số ${turn}` } },
    });
    await seller.expect(204, 'POST', `/v1/seller/products/${productId}/submit`, { body: {} });
    node.clock.advance(1_000);
  }
  const officer = await begin('officer-keyboard', { viewport: { width: 1280, height: 800 } });
  const { page, film } = officer;
  await officer.signIn('kiemduyet@cho-noi.example', demoPassword);
  await go(page, '/quan-tri/hang-doi/changes');
  await film.shot(page, 'queue');
  await page.keyboard.press('?');
  await film.shot(page, 'keys');
  await page.keyboard.press('Escape');
  const pressAndGo = async (key: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
  };
  await page.keyboard.press('j');
  await film.shot(page, 'first');
  await pressAndGo('Enter');
  let turn = 0;
  while (!/hang-doi/.test(page.url())) {
    turn += 1;
    await film.shot(page, `item-${turn}`);
    if (turn === 4) {
      await page.keyboard.press('q');
      await film.shot(page, 'reasons');
      await pressAndGo('5');
    } else await pressAndGo('a');
  }
  await film.shot(page, 'empty');
  expect(turn).toBeGreaterThanOrEqual(10);
  await film.end();
  await officer.close();
});
