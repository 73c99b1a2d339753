import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { days } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { type Counter, openCounter, type Run } from '#test/support/payouts.ts';
import { openBrowser } from './browser.ts';
import { openReader, type Reader } from './sound.ts';

let counter: Counter;
let browser: Browser;
let seller: Reader;
let finance: Reader;
let run: Run;

beforeAll(async () => {
  [counter, browser] = await Promise.all([openCounter(), openBrowser()]);
  await counter.setAccount(counter.own);
  const group = await counter.buy([counter.variants.own, 2], [counter.variants.theirs, 1]);
  for (const { code } of group.orders) await counter.deliver(code);
  counter.node.clock.advance(days(9));
  run = await counter.draft();
  [seller, finance] = [await openReader(browser, counter.node.url), await openReader(browser, counter.node.url)];
  await seller.signIn('nguoiban@cho-noi.example', demoPassword);
  await finance.signIn('thu@thu.example', demoPassword);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await counter?.close();
});

test('a run while it is drafted, with whom it leaves out, is sound', async () => {
  expect(run.skipped).toHaveLength(1);
  await finance.expectSound('/quan-tri/chi-tra');
  await finance.expectSound(`/quan-tri/chi-tra/${run.runId}`);
});

test('and on its way, and in the seller’s eyes', async () => {
  await counter.act(counter.first, run.runId, 'propose');
  await counter.act(counter.second, run.runId, 'approve');
  await finance.expectSound(`/quan-tri/chi-tra/${run.runId}`);
  await seller.expectSound('/ban-hang/chi-tra');
  await seller.expectSound(`/ban-hang/chi-tra/${run.payouts[0]?.code}`);
});

test('the statement of a month is sound', () => seller.expectSound('/ban-hang/doi-soat'));

test('the ledger is sound, before it was proved and after', async () => {
  await finance.expectSound('/quan-tri/so-cai');
  await counter.node.runScheduled('ledger.prove');
  await finance.expectSound('/quan-tri/so-cai');
});
