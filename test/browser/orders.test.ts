import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { recipient, signIn } from '#test/support/people.ts';
import { openBrowser } from './browser.ts';
import { axeFaults, sidewaysScroll } from './inspect.ts';
import { openReader, picture, type Reader } from './sound.ts';

let market: Market;
let browser: Browser;
let seller: Reader;
let shopper: Reader;
/** A paid order, one that is confirmed, and one of which a part is packed. */
let codes: readonly string[];
let slug: string;

beforeAll(async () => {
  [market, browser] = await Promise.all([openMarket(), openBrowser()]);
  const { node, guest, bank } = market;
  const api = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await api.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  const [one = '', two = ''] = items.map(({ variantId }) => variantId);
  for (const variantId of [one, two]) await node.setStock(variantId, 500);
  const made: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    const group = await guest.order([one, 3], [two, 2]);
    const { qr } = await guest.pay(group.code, 'vietqr');
    await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    made.push(group.orders[0]?.code ?? '');
  }
  const act = (code: string | undefined, verb: string, body: object = {}) =>
    api.expect(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body });
  for (const code of made.slice(1)) await act(code, 'confirm');
  await act(made[2], 'pack', { lines: [{ variantId: one, quantity: 2 }] });
  await act(made[3], 'ship', { carrier: 'GHN', trackingNumber: 'GHN123456', lines: [{ variantId: one, quantity: 3 }] });
  codes = made;
  const { business } = await guest.product(
    (await guest.products('business=htx-hanh-tim-bai-giong&limit=1')).items[0]?.slug ?? '',
  );
  slug = business.businessId;
  [seller, shopper] = [await openReader(browser, node.url), await openReader(browser, node.url)];
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await market?.close();
});

test.each([
  '/ban-hang/don-hang',
  '/ban-hang/nhat-hang',
  '/ban-hang/nhan-kien',
  '/km/ban-hang/don-hang',
  '/en/ban-hang/nhan-kien',
])('%s is sound', (path) => seller.expectSound(path));

test.each(['', '/km'])('the first page of a seller’s day is sound in "%s"', async (language) => {
  await seller.expectSound(`${language}/ban-hang`);
  await picture(seller, `today${language.replace('/', '-')}`);
});

test('gift boxes are shown and sold on sound pages', async () => {
  await shopper.expectSound('/hop-qua');
  const { items } = await market.guest.client.expect<{ items: { slug: string }[] }>(200, 'GET', '/v1/bundles');
  for (const { slug: box } of items.slice(0, 1)) await shopper.expectSound(`/hop-qua/${box}`);
  const officer = await openReader(browser, market.node.url);
  await officer.signIn('kiemduyet@cho-noi.example', demoPassword);
  await officer.expectSound('/quan-tri/hop-qua');
  await officer.close();
});

test('the page of a business shows how it delivers', () => shopper.expectSound(`/co-so/${slug}`));

/** Pages that answer a form: what is asked of others is asked of them. */
async function expectSoundNow({ page }: Reader): Promise<void> {
  expect(await axeFaults(page)).toEqual([]);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
}

test('a shopper looks at an order, reads its confirmation and calls one piece off', async () => {
  const { page } = shopper;
  const { url } = market.node;
  const track = async (): Promise<void> => {
    await page.goto(`${url}/tra-cuu?code=${codes[0]}`);
    await page.fill('input[name=phone]', recipient.phone);
    await page.click('main button[type=submit]');
    await page.waitForLoadState();
  };
  await track();
  await expectSoundNow(shopper);
  await page.getByRole('button', { name: 'Xem xác nhận đơn hàng' }).click();
  await page.getByText(/Bản này được lập một lần/).waitFor();
  await expectSoundNow(shopper);
  await track();
  await page.getByText('Hủy đơn, hoặc bớt món').click();
  await page.locator('input[name^=so-]').first().fill('1');
  await page.locator('input[name^=so-]').last().fill('0');
  await page.getByRole('button', { name: /^Hủy các món đã chọn/ }).click();
  await page.getByText(/Đã hủy. Số tiền hoàn lại/).waitFor();
  await expectSoundNow(shopper);
});

test('a seller who has run out is asked for a reason, keeps what was typed, and calls the pieces off', async () => {
  const { page } = seller;
  await page.goto(`${market.node.url}/ban-hang/don-hang`);
  const card = page.locator('li.box', { hasText: codes[1] ?? '' });
  await card.getByText('Hết hàng? Hủy đơn hoặc bớt món').click();
  await card.locator('details:last-of-type input[name^=so-]').first().fill('2');
  await card.getByRole('button', { name: /^Hủy các món đã chọn/ }).click();
  await page.getByText('Viết lý do, bên kia cần biết.').waitFor();
  await card.locator('textarea').fill('Hết hàng');
  await card.getByRole('button', { name: /^Hủy các món đã chọn/ }).click();
  await page.waitForURL(`${market.node.url}/ban-hang/don-hang`);
  await page.getByText('đã hủy').first().waitFor();
});
