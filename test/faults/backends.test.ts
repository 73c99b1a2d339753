import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { type Cart, fresh, type Group, home, recipient } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { counted, limitMs, many, seeded, shared } from '#test/support/scale.ts';

const random = seeded('backends killed');
const calmSeconds = many(3, 30);
const killingSeconds = shared(6, 600);
const lanes = 8;

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());

/** Ends a session of the application on the server every 300 ms, until `done`. */
async function killBackends(url: string, done: () => boolean): Promise<number> {
  let killed = 0;
  await inDatabase(url, async (client) => {
    while (!done()) {
      const next = sleep(300);
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and application_name like 'cho-noi%' and pid <> pg_backend_pid()`,
      );
      if (rows.length > 0) {
        await client.query('select pg_terminate_backend($1)', [random.pick(rows).pid]);
        killed += 1;
      }
      await next;
    }
  });
  return killed;
}

const seen = new Map<string, number>();
const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);

/** Asks until it is answered, as a client with an idempotency key would. */
async function persist<Body>(method: string, path: string, body: object): Promise<Body> {
  const headers = fresh();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await market.guest.client.send<Body>(method, path, { body, headers });
    if (answer.status < 300) return answer.body;
    note(`answers of ${answer.status}`);
    // 409: the connection broke while the key was held; it is given back or its lease ends.
    expect([409, 503]).toContain(answer.status);
    if (answer.status === 409) market.node.clock.advance(61_000);
    await sleep(20);
  }
  throw new Error(`${path} was never answered`);
}

/** From an empty cart to a paid order. */
async function buy(variantId: string): Promise<string> {
  const { bank, node } = market;
  const { cartId } = await persist<Cart>('POST', '/v1/carts', {});
  await persist('PUT', `/v1/carts/${cartId}/lines/${variantId}`, { quantity: 1 });
  await persist('PUT', `/v1/carts/${cartId}/delivery`, { recipient, address: home });
  const group = await persist<Group>('POST', `/v1/carts/${cartId}/checkout`, {});
  const paying = { method: 'vietqr' };
  const { qr } = await persist<{ qr: { memo: string } }>('POST', `/v1/order-groups/${group.code}/payments`, paying);
  const payload = bank.move({ memo: qr.memo, amountVnd: group.totalVnd });
  for (let told = 0; told !== 200; ) {
    told = await bank.tell(node.url, payload);
    expect([200, 503]).toContain(told);
    if (told !== 200) note('webhooks of 503');
  }
  return group.code;
}

/** Shoppers in so many lanes for so long, each buying one order after the other; the codes of what they bought. */
async function trade(variantId: string, seconds: number): Promise<{ codes: readonly string[]; perSecond: number }> {
  const codes: string[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < until) codes.push(await buy(variantId));
    }),
  );
  return { codes, perSecond: codes.length / ((performance.now() - startedAt) / 1_000) };
}

test(`for ${killingSeconds} s a session dies every 300 ms under checkouts and payments: a 503 or an answer, never half of anything`, {
  timeout: limitMs,
}, async () => {
  const { node } = market;
  const { variantId } = await market.scarce(1_000_000);
  const uncaught: unknown[] = [];
  const keep = (error: unknown): void => void uncaught.push(error);
  const kinds = ['uncaughtException', 'unhandledRejection'];
  for (const kind of kinds) process.on(kind, keep);
  await trade(variantId, 1);
  const calm = await trade(variantId, calmSeconds);
  let done = false;
  const killing = killBackends(node.database.url, () => done);
  const killed = await trade(variantId, killingSeconds);
  done = true;
  const sessions = await killing;
  // What died last may still be on its way up.
  await sleep(500);
  for (const kind of kinds) process.off(kind, keep);
  expect(uncaught).toEqual([]);
  expect(sessions).toBeGreaterThan(killingSeconds);
  const { rows } = await node.db.execute(
    sql`select count(distinct code)::int as paid from order_groups where status = 'paid' and code = any(${sql.param([...killed.codes])}::text[])`,
  );
  expect(rows).toEqual([{ paid: killed.codes.length }]);
  await node.runJobs();
  await expectSound(node.db, { ...market, interrupted: true });
  const counts = { 'seconds of killing': killingSeconds, 'sessions ended': sessions, uncaught: uncaught.length };
  const toCalm = killed.perSecond / calm.perSecond;
  counted(
    'T6',
    { ...counts, checkouts: killed.codes.length, ...Object.fromEntries(seen) },
    { 'checkouts/s calm': calm.perSecond, 'throughput to calm': toCalm },
  );
});
