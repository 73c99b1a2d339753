import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Group } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { counted, inParallel, limitMs, many, seeded } from '#test/support/scale.ts';

const random = seeded('backends killed');
let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());

/** Ends sessions of the application on the server, one after the other, until `done`. */
async function killBackends(url: string, done: () => boolean): Promise<number> {
  let killed = 0;
  await inDatabase(url, async (client) => {
    while (!done()) {
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and application_name like 'cho-noi%' and pid <> pg_backend_pid()`,
      );
      if (rows.length > 0) {
        await client.query('select pg_terminate_backend($1)', [random.pick(rows).pid]);
        killed += 1;
      }
      await sleep(random.between(20, 120));
    }
  });
  return killed;
}

test('sessions die under checkouts and payments: a 503 or an answer, never half of anything', {
  timeout: limitMs,
}, async () => {
  const { node, guest, bank } = market;
  const variant = market.variant();
  await node.setStock(variant.variantId, 100_000);
  const count = many(60, 2_000);
  const carts = await inParallel(Array.from({ length: count }), 8, () => guest.fillCart([variant.variantId, 1]));
  let done = false;
  const killing = killBackends(node.database.url, () => done);
  const seen = new Map<number, number>();
  /** Asks until it is answered, as a client with an idempotency key would. */
  const persist = async <Body>(path: string, body: object): Promise<Body> => {
    const headers = fresh();
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const answer = await guest.client.send<Body>('POST', path, { body, headers });
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.status === 201) return answer.body;
      // 409: the connection broke while the key was held; it is given back or its lease ends.
      expect([409, 503]).toContain(answer.status);
      if (answer.status === 409) node.clock.advance(61_000);
      await sleep(20);
    }
    throw new Error(`${path} was never answered`);
  };
  const groups = await inParallel(carts, 8, async (cart) => {
    const group = await persist<Group>(`/v1/carts/${cart}/checkout`, {});
    const payment = await persist<{ qr: { memo: string } }>(`/v1/order-groups/${group.code}/payments`, {
      method: 'vietqr',
    });
    const payload = bank.move({ memo: payment.qr.memo, amountVnd: group.totalVnd });
    for (let told = 0; told !== 200; ) {
      told = await bank.tell(node.url, payload);
      expect([200, 503]).toContain(told);
    }
    return group;
  });
  done = true;
  const killed = await killing;
  expect(killed).toBeGreaterThan(5);
  expect(new Set(groups.map(({ code }) => code)).size).toBe(count);
  for (const { code } of groups) expect((await guest.group(code)).status).toBe('paid');
  await node.runJobs();
  await expectSound(node.db, { ...market, interrupted: true });
  const answers = Object.fromEntries([...seen].map(([status, count]) => [`answers of ${status}`, count]));
  counted('T6', { 'sessions ended': killed, checkouts: count, ...answers });
});
