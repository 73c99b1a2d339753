import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LegId } from '#features/exchange-orders/types.ts';
import { type Legs, openLegs } from '#test/features/exchange-orders/stage.ts';
import { minutes } from '#test/support/clock.ts';
import { openBrowser } from './browser.ts';
import { buyer, fillCheckout } from './purchase.ts';
import { openReader, picture, type Reader } from './sound.ts';

/** A shopper's walk with goods of ours and of a partner exchange in one cart, and the page of a leg in each of its states. */
let stage: Legs;
let browser: Browser;
let shopper: Reader;

beforeAll(async () => {
  [stage, browser] = await Promise.all([openLegs(), openBrowser()]);
  shopper = await openReader(browser, stage.node.url);
  await stage.fresh();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

const go = (path: string) => shopper.page.goto(stage.node.url + path);
const press = async (name: string | RegExp): Promise<void> => {
  await shopper.page.getByRole('button', { name }).first().click();
  await shopper.page.waitForLoadState();
};
const main = (): Promise<string> => shopper.page.locator('main').innerText();
const counted = async (): Promise<string> => (await shopper.page.locator('#cart-count').innerText()).trim();

test('own goods and those of another exchange lie in one cart; ordering the ones keeps the others', async () => {
  const { page } = shopper;
  const { rows } = await stage.node.db.execute<{ slug: string }>(
    sql`select p.slug from variants v join products p on p.id = v.product_id where v.id = ${stage.variantId}`,
  );
  const slug = rows[0]?.slug ?? '';
  await shopper.expectSound(`/san-pham/${slug}`);
  await picture(shopper, 'leg-product');
  await press('Thêm vào giỏ');
  expect(page.url()).toContain('/gio-hang');
  expect(await counted()).toMatch(/^1/);
  await shopper.expectSound('/gio-hang');
  expect(await main()).not.toContain('Giỏ đang trống');
  await picture(shopper, 'leg-cart-alone');
  await go('/san-pham/hanh-tim-vinh-chau-tui-luoi');
  await press('Bỏ vào giỏ');
  expect(await counted()).toMatch(/^2/);
  await shopper.expectSound('/gio-hang');
  await picture(shopper, 'leg-cart');
  await page.locator('#cart input[name=quantity]').first().fill('3');
  await page.locator('#cart button[value=set]').first().click();
  await page.locator('#cart-count', { hasText: '4' }).waitFor();
  await go('/');
  expect(await counted()).toMatch(/^4/);
  await go('/thanh-toan');
  await fillCheckout(page);
  await press(/^Đặt hàng và trả/);
  expect(await counted()).toMatch(/^1/);
  await go('/gio-hang');
  expect(await main()).toContain('Bánh tét');
  await go('/san-pham/hanh-tim-vinh-chau-tui-luoi');
  await press('Bỏ vào giỏ');
  expect(await main()).toContain('Bánh tét');
  expect(await counted()).toMatch(/^2/);
});

test('quoted, dearer, accepted and paid; what was not bought stays in the cart', async () => {
  const { page } = shopper;
  await shopper.expectSound('/dat-lien-san/can-tho');
  await picture(shopper, 'leg-checkout');
  await fillCheckout(page);
  await page.getByLabel('Số điện thoại').fill('12');
  await press('Hỏi giá và phí giao');
  expect(await page.getByLabel('Số điện thoại').inputValue()).toBe('12');
  expect(await page.getByLabel('Họ và tên').inputValue()).toBe(buyer.name);
  await page.getByLabel('Số điện thoại').fill(buyer.phone);
  await press('Hỏi giá và phí giao');
  expect(await main()).toContain('70.000');
  await picture(shopper, 'leg-terms');
  stage.partner.set.unit = 60_000;
  await page.getByLabel('Thẻ quốc tế').check();
  await press('Đồng ý và đặt hàng');
  expect(await main()).toContain('80.000');
  await picture(shopper, 'leg-dearer');
  await shopper.expectSound('/dat-lien-san/can-tho');
  expect(await main()).toContain('80.000');
  expect(await page.getByLabel('Họ và tên').inputValue()).toBe(buyer.name);
  const { rows } = await stage.node.db.execute<{ id: LegId }>(
    sql`select id from exchange_legs order by created_at desc limit 1`,
  );
  const legId = rows[0]?.id ?? ('' as LegId);
  await stage.legs.acceptLeg({ legId, shippingCode: 'standard', totalVnd: 80_000, ageConfirmed: false });
  await shopper.expectSound(`/mua-lien-san/${legId}`);
  await picture(shopper, 'leg-authorising');
  stage.stripe.pay(await stage.sessionOf(legId));
  await shopper.expectSound(`/mua-lien-san/${legId}?tra=1`);
  await picture(shopper, 'leg-authorised');
  expect(await counted()).toMatch(/^1/);
  await stage.legs.advance(legId);
  await shopper.expectSound(`/mua-lien-san/${legId}`);
  await picture(shopper, 'leg-confirmed');
  await go('/gio-hang');
  expect(await main()).toContain('Sàn bán đã nhận đơn');
  await picture(shopper, 'leg-cart-after');
  stage.partner.set.unit = 50_000;
});

test('by transfer: the code is shown while the goods are held, and the page follows what comes', async () => {
  const { market, node, legs } = stage;
  const { legId, totalVnd } = await stage.quote();
  const yes = {
    legId,
    shippingCode: 'standard',
    totalVnd: totalVnd ?? 0,
    ageConfirmed: false,
    method: 'vietqr',
  } as const;
  await legs.acceptLeg(yes);
  await legs.advance(legId);
  await shopper.expectSound(`/mua-lien-san/${legId}`);
  expect(await main()).toContain('70.000');
  await picture(shopper, 'leg-transfer');
  const { memo = '' } = (await node.services.exchangeOrders.getLeg(legId)).transfer ?? {};
  await market.bank.transfer(node.url, { memo, amountVnd: 30_000 });
  await shopper.expectSound(`/mua-lien-san/${legId}`);
  expect(await main()).toContain('40.000');
  await picture(shopper, 'leg-transfer-part');
  await market.bank.transfer(node.url, { memo, amountVnd: 40_000 });
  await shopper.expectSound(`/mua-lien-san/${legId}`);
  expect(await main()).toContain('Đang xác nhận');
});

test('what cannot be had is said in words, and nothing is charged', async () => {
  const { partner, node } = stage;
  const { stock } = partner.set;
  const show = async (name: string, legId: LegId, words: string) => {
    await shopper.expectSound(`/mua-lien-san/${legId}`);
    expect(await main()).toContain(words);
    await picture(shopper, `leg-${name}`);
  };
  partner.set.stock = 0;
  const out = await stage.authorise();
  await stage.legs.advance(out.legId);
  await show('void', out.legId, 'không còn đủ hàng');
  partner.set.stock = stock;
  partner.trouble('reserve', 'lost');
  partner.trouble('orderState', 'silent', 'silent');
  const unknown = await stage.authorise();
  await stage.legs.advance(unknown.legId);
  await show('resolving', unknown.legId, 'Chưa rõ kết quả');
  const sold = await stage.authorise();
  await stage.legs.advance(sold.legId);
  const order = [...partner.orders.values()].find(({ key }) => key === `leg:${sold.legId}`);
  node.clock.advance(minutes(1));
  partner.callOff(order?.orderId ?? '');
  await stage.legs.followOrders();
  await show('refunding', sold.legId, 'Sàn bán đã hủy đơn');
  await stage.legs.advance(sold.legId);
  await show('refunded', sold.legId, 'Đã hoàn tiền');
});
