import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { account } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { amounts, backwards, byHand, names, tellers, times, words } from './transfer-kinds.ts';
import { type Expected, expire, type Kind, lapse, market, openOnce, openStage } from './transfer-stage.ts';

beforeAll(openOnce);
afterEach(async () => {
  // What still waits belongs to this kind and not to the next one.
  lapse();
  await market.node.runScheduled('orders.expire');
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

const balance = async (name: string): Promise<number> => {
  const { rows } = await market.node.db.execute<{ sum: string }>(
    sql`select coalesce(sum(amount_vnd), 0)::bigint as sum from entries where account = ${name}`,
  );
  return Number(rows[0]?.sum);
};

/** Each kind of transfer ends where the table says, and the books say where its money is. */
async function check(play: Kind[1], expected: Expected): Promise<void> {
  const before = { suspense: await balance('suspense'), clearing: await balance('clearing:bank') };
  const stage = await openStage();
  await play(stage);
  const ids = stage.lines.map(({ id }) => String(id));
  const { rows: states } = await market.node.db.execute<{ state: string }>(
    sql`select t.state from bank_transfers t where t.received_at >= (select created_at from order_groups where code = ${stage.group.code}) order by t.received_at, t.id`,
  );
  expect(states.map(({ state }) => state)).toEqual(expected.lines);
  expect(ids.length).toBeGreaterThanOrEqual(1);
  expect((await market.guest.group(stage.group.code)).status).toBe(expected.group);
  const { rows: back } = await market.node.db.execute<{ reason: string; amount: string; status: string }>(
    sql`select reason, amount_vnd as amount, status from refunds where created_at >= (select created_at from order_groups where code = ${stage.group.code}) order by created_at, id`,
  );
  expect(back.map(({ reason, amount, status }) => [reason, Number(amount), status])).toEqual(
    expected.back?.(stage.due) ?? [],
  );
  expect(before.suspense - (await balance('suspense'))).toBe(expected.suspense?.(stage.due) ?? 0);
  // What lies at the bank by our books is what its own lines of our account sum to.
  const ours = stage.lines.filter(
    ({ accountNumber, subAccount }) => accountNumber === account.accountNumber || subAccount === account.accountNumber,
  );
  const known = ours.filter((_line, index) => !['outgoing', 'foreign-account'].includes(expected.lines[index] ?? ''));
  const moved = known.reduce(
    (sum, line) => sum + (line.transferType === 'in' ? line.transferAmount : -line.transferAmount),
    0,
  );
  expect((await balance('clearing:bank')) - before.clearing).toBe(moved);
}

describe.each<readonly [string, readonly Kind[]]>([
  ['what a bank makes of the code', words],
  ['how much', amounts],
  ['when', times],
  ['to whom', names],
  ['who tells of it', tellers],
  ['money that turns round', backwards],
  ['by a person and another one', byHand],
])('%s', (_what, kinds) => {
  test.each(kinds)('%s', (_name, play, expected) => check(play, expected));
});

test('the goods are gone when the money comes: it goes back', async () => {
  const scarce = await market.scarce(1);
  const stage = await openStage(scarce);
  await expire();
  await market.awaitTransfer(scarce);
  await stage.come(stage.due);
  expect(await market.refundsOf(stage.group)).toEqual([{ reason: 'late', amountVnd: stage.due, status: 'queued' }]);
});

test('there are forty kinds and more', () => {
  expect([words, amounts, times, names, tellers, backwards, byHand].flat().length + 1).toBeGreaterThanOrEqual(40);
});
