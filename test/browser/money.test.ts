import { sql } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { openBrowser } from './browser.ts';
import { openReader, type Reader } from './sound.ts';

let market: Market;
let browser: Browser;
let officer: Reader;
const desk = '/quan-tri/doi-soat';

const idsIn = async (table: string): Promise<readonly string[]> => {
  const { rows } = await market.node.db.execute<{ id: string }>(
    sql`select id from ${sql.identifier(table)} order by ${sql.identifier(table === 'bank_transfers' ? 'received_at' : 'id')}`,
  );
  return rows.map(({ id }) => id);
};

beforeAll(async () => {
  [market, browser] = await Promise.all([openMarket(), openBrowser()]);
  const { node, bank, stripe } = market;
  officer = await openReader(browser, node.url);
  await officer.signIn('quantri@cho-noi.example', demoPassword);
  const { group, memo } = await market.awaitTransfer();
  // A code with one letter wrong, money to give back, and a claim of a card's bank.
  const typo = memo.slice(0, -1) + (memo.endsWith('A') ? 'B' : 'A');
  await bank.transfer(node.url, {
    memo: '',
    amountVnd: group.totalVnd,
    content: `MBVCB.1234.${typo}.chuyen tien mua banh pia`,
  });
  await bank.transfer(node.url, { memo, amountVnd: group.totalVnd + 7_000 });
  const card = await market.awaitCard();
  await stripe.tell(node.url, stripe.pay(card.sessionId));
  const dueBy = new Date(node.clock.now().getTime() + 7 * 86_400_000);
  await stripe.tell(node.url, stripe.dispute(card.sessionId, card.group.totalVnd, dueBy));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await market?.close();
});

test('finance’s desk and each kind of case are sound', async () => {
  const { services, db } = market.node;
  const [transfer] = await idsIn('bank_transfers');
  const [refund] = await idsIn('refunds');
  const [dispute] = await idsIn('disputes');
  await officer.expectSound(`${desk}/${transfer}`);
  await officer.expectSound(`${desk}/hoan/${refund}`);
  await officer.expectSound(`${desk}/doi-lai/${dispute}`);
  const payee = { bankBin: '970436', accountNumber: '0123456789', name: 'Nguyễn Văn A' };
  const draft = { refundId: refund as never, payee, reason: 'Khách gửi ảnh tài khoản' };
  const by = { actor: 'account:01900000-0000-7000-8000-0000000000a1' };
  const proposal = await services.payments.proposeAccount(by, draft);
  await officer.expectSound(`${desk}/de-xuat/${proposal}`);
  await officer.expectSound(desk);
  await services.payments.approve({ actor: 'account:01900000-0000-7000-8000-0000000000b2' }, proposal);
  await officer.expectSound(`${desk}/hoan/${refund}`);
  expect(await officer.page.textContent('main')).toContain('0123456789');
  const { rows } = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from audit_entries where action = 'personal-data.read' and subject_id = ${refund}`,
  );
  expect(rows[0]?.count).toBe(1);
});

test('a transfer with a wrong letter: the code is suggested, what was typed comes back, another officer is asked', async () => {
  const { page } = officer;
  const [transfer] = await idsIn('bank_transfers');
  await page.goto(`${market.node.url}${desk}/${transfer}`);
  await page.fill('input[name=code1]', 'STZZZZZZZZZZ');
  await page.fill('input[name=amount1]', '1.000');
  await page.fill('input[name=reason]', 'Khách gọi điện');
  await page.click('main form button[type=submit]');
  expect(await page.inputValue('input[name=code1]')).toBe('STZZZZZZZZZZ');
  expect(await page.inputValue('input[name=reason]')).toBe('Khách gọi điện');
  await page.fill('input[name=code1]', '');
  await page.fill('input[name=amount1]', '');
  await page.click('main form button[type=submit]');
  await page.waitForURL('**/doi-soat?xong=2');
  // Whoever proposed finds no button to approve it with.
  await page.click('main section li a');
  expect(await page.getByRole('button', { name: 'Duyệt', exact: true }).count()).toBe(0);
});

test('a statement is read from the page', async () => {
  const { page } = officer;
  await page.goto(`${market.node.url}${desk}`);
  const line = market.bank.move({ memo: '', content: 'tien thue mat bang', amountVnd: 300_000 });
  const file = { name: 'sao-ke.csv', mimeType: 'text/csv', buffer: market.bank.statement([line]) };
  await page.setInputFiles('input[name=statement]', file);
  await page.getByRole('button', { name: 'Đối chiếu sao kê' }).click();
  await page.waitForURL('**/doi-soat?xong=1');
  expect(await page.textContent('main')).toContain('tien thue mat bang');
});
