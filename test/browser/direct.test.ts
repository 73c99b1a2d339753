import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Client } from '#test/support/client.ts';
import { days } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Counter, openCounter } from '#test/support/payouts.ts';
import { fresh, type Group, recipient } from '#test/support/people.ts';
import { openBrowser } from './browser.ts';
import { openReader, picture, type Reader } from './sound.ts';

const desk = '/ban-hang/nhan-truc-tiep';
const watch = '/quan-tri/nhan-truc-tiep';
let counter: Counter;
let browser: Browser;
let shopper: Reader;
let seller: Reader;
let other: Reader;
let finance: Reader;
/** Of two businesses that are paid themselves, and of one that the exchange collects for. */
let group: Group;
let pay: string;

/** An owner names an account, an officer asks about it, and the owner chooses. */
async function openDirect(owner: Client, businessId: BusinessId, number: string): Promise<void> {
  await counter.setAccount(businessId, number);
  await finance.expectSound(watch);
  await picture(finance, 'officer-unchecked');
  await finance.page.getByLabel('Gọi số nào').fill('Gọi 0912000301, chủ cơ sở trả lời');
  await press(finance.page, /Đã gọi hỏi chủ cơ sở/);
  await owner.expect(204, 'PUT', `/v1/seller/business/${businessId}/settlement`, {
    body: { mode: 'direct', holdHours: 12 },
  });
}

const press = async (page: Page, name: RegExp): Promise<void> => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};
const codeOf = (businessId: BusinessId): string =>
  group.orders.find(({ business }) => business.businessId === businessId)?.code ?? '';

beforeAll(async () => {
  [counter, browser] = await Promise.all([openCounter(), openBrowser()]);
  const { own, theirs, variants } = counter;
  const collected = counter.variant().variantId;
  [shopper, seller, other, finance] = await Promise.all([
    openReader(browser, counter.node.url),
    openReader(browser, counter.node.url),
    openReader(browser, counter.node.url),
    openReader(browser, counter.node.url),
  ]);
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  await other.signIn('nguoiban2@cho-noi.example', demoPassword);
  await finance.signIn('thu@thu.example', demoPassword);
  await seller.expectSound(desk);
  await picture(seller, 'seller-none');
  await seller.expectSound(`${desk}/${own}`);
  await picture(seller, 'mode-no-account');
  await openDirect(counter.seller, own, '0441000123456');
  await openDirect(counter.other, theirs, '19034567890123');
  group = await counter.guest.order([variants.own, 2], [variants.theirs, 1], [collected, 1]);
  pay = `/thanh-toan/${group.code}/truc-tiep`;
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await counter?.close();
});

test('a shopper opens the code of each business, and the exchange’s part comes last', async () => {
  const { page } = shopper;
  await shopper.expectSound(pay);
  await picture(shopper, 'pay-start');
  await press(page, /Lấy mã chuyển khoản/);
  await press(page, /Lấy mã chuyển khoản/);
  await shopper.expectSound(pay);
  expect(await page.locator('.qr svg').count()).toBe(2);
  expect(await page.textContent('main')).toContain('0441000123456');
  await picture(shopper, 'pay-open');
  await shopper.expectSound(`/km${pay}`);
  await picture(shopper, 'pay-open-km');
  await finance.expectSound(watch);
  expect(await finance.page.textContent('main')).toContain(codeOf(counter.own));
  await picture(finance, 'officer-coming');
  // The way that every other page names leads here as long as a part is missing.
  await page.goto(`${counter.node.url}/thanh-toan/${group.code}`);
  expect(page.url()).toContain('/truc-tiep');
});

test('the seller confirms the money, with what was typed kept on a refusal', async () => {
  const { page } = seller;
  await seller.expectSound(desk);
  await picture(seller, 'seller-waits');
  await page.getByLabel('Số tiền đã nhận').fill('0');
  await page.getByLabel('Mã giao dịch').fill('FT26331000124');
  await press(page, /Ghi nhận đã nhận tiền/);
  expect(await page.getByLabel('Mã giao dịch').inputValue()).toBe('FT26331000124');
  await picture(seller, 'seller-refused');
  await page.getByLabel('Số tiền đã nhận').fill('1.000');
  await press(page, /Ghi nhận đã nhận tiền/);
  await seller.expectSound(desk);
  await picture(seller, 'seller-underpaid');
  await press(page, /Ghi nhận đã nhận tiền/);
  await seller.expectSound(desk);
  expect(await page.textContent('main')).not.toContain(codeOf(counter.own));
  await seller.expectSound(`${desk}/${counter.own}`);
  await picture(seller, 'mode-direct');
  await shopper.expectSound(pay);
  await picture(shopper, 'pay-half');
});

test('with the last business paid the exchange’s part is next, and then the order is paid', async () => {
  await other.expectSound(desk);
  await press(other.page, /Ghi nhận đã nhận tiền/);
  const { page } = shopper;
  await shopper.expectSound(pay);
  await picture(shopper, 'pay-done');
  await page.getByRole('link', { name: 'Xem bước tiếp theo' }).click();
  await page.waitForLoadState();
  await picture(shopper, 'next');
  const { qr, amountVnd } = await counter.guest.pay(group.code, 'vietqr');
  await counter.bank.transfer(counter.node.url, { memo: qr?.memo ?? '', amountVnd });
  expect((await counter.guest.group(group.code)).status).toBe('paid');
});

test('the fee is owed on the seller’s statement', async () => {
  const code = codeOf(counter.own);
  await counter.deliver(code);
  await counter.node.runJobs();
  await seller.expectSound('/ban-hang/doi-soat');
  expect(await seller.page.textContent('main')).toContain('Khách đã trả thẳng cho cơ sở');
  await picture(seller, 'statement');
  counter.node.clock.advance(days(9));
  await seller.expectSound('/ban-hang/chi-tra');
  await picture(seller, 'payouts-owing');
  expect(await seller.page.textContent('main')).toContain('Còn nợ sàn');
  // An officer's session is over after so many days.
  await finance.signIn('thu@thu.example', demoPassword);
  await finance.expectSound(watch);
  expect(await finance.page.textContent('main')).toContain('Còn nợ phí sàn');
  await picture(finance, 'officer-owed');
});

test('what is cancelled stands as owed with both', async () => {
  await counter.guest.client.expect(200, 'POST', `/v1/orders/${codeOf(counter.theirs)}/cancel`, {
    body: { phone: recipient.phone },
    headers: fresh(),
  });
  await shopper.expectSound(pay);
  await picture(shopper, 'pay-owed');
  await other.expectSound(desk);
  await picture(other, 'seller-owes');
  await finance.expectSound(`/km${watch}`);
  await picture(finance, 'officer-km');
  await other.page.getByLabel('Mã giao dịch').fill('FT26331000199');
  await press(other.page, /Ghi nhận đã hoàn/);
  await other.expectSound(desk);
  await shopper.expectSound(pay);
  expect(await shopper.page.textContent('main')).toContain('cơ sở báo đã hoàn');
});
