import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '#test/support/client.ts';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';
import { type Door, startDoor } from '#test/support/door.ts';
import { expectSound } from '#test/support/invariants.ts';
import { inHand, openJobs, overlook, untilAllDone, untilTrue } from '#test/support/job-watch.ts';
import { demo, startNode, type TestNode } from '#test/support/node.ts';
import { createShopper, fresh, type Group, pickVariants, recipient, type Variant } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import type { TestProcess } from '#test/support/processes.ts';
import { type StripeSimulator, startStripe } from '#test/support/providers/stripe.ts';
import { counted, limitMs, seeded, shared } from '#test/support/scale.ts';
import { type WebProcesses, webProcesses } from '#test/support/web.ts';

const random = seeded('a process that was paused');

let stripe: StripeSimulator;
let door: Door;
let database: TestDatabase;
let processes: WebProcesses;
let node: TestNode;
let variants: readonly Variant[];

beforeAll(async () => {
  stripe = await startStripe(random.between(1, 1_000_000));
  door = await startDoor(stripe.url);
  database = await createDatabase({ template: demo });
  const env = { ...stripe.env, STRIPE_API_BASE: door.url };
  processes = webProcesses(database, env);
  node = await startNode({ database, env });
  variants = pickVariants((await node.guest.products()).items, 4);
  for (const { variantId } of variants) await node.setStock(variantId, 10_000);
}, 120_000);
afterAll(async () => {
  await processes?.close();
  await node?.close();
  await database?.drop();
  await door?.close();
  await stripe?.close();
});

/** Stands still as a process on a machine that swaps or is moved, and knows nothing of it when it goes on. */
const pause = ({ pid }: TestProcess): void => void process.kill(pid, 'SIGSTOP');
const goOn = ({ pid }: TestProcess): void => void process.kill(pid, 'SIGCONT');
const rounds = Array.from({ length: shared(1, 6) }, (_, round) => round + 1);

/** As if its lease were over: whoever asks with the same key and request takes over. */
const endLeases = (): Promise<unknown> =>
  node.db.execute(sql`update idempotency_keys set locked_until = now() - interval '1 second' where state = 'running'`);
/** As the owner: the application's role is not shown what others do. */
const isWaiting = (): Promise<boolean> =>
  inDatabase(database.url, async (client) => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return (rowCount ?? 0) > 0;
  });

test.each(rounds)(
  'round %i: a web process that is paused in the midst of a checkout, past its lease, writes nothing when it goes on',
  { timeout: limitMs },
  async () => {
    const [first, second] = await Promise.all([processes.start(), processes.start()]);
    const shopper = createShopper(second.url);
    const cart = await shopper.fillCart(...variants.map(({ variantId }) => [variantId, 1] as const));
    const headers = fresh();
    const path = `/v1/carts/${cart}/checkout`;
    const ask = (url: string) =>
      createClient(url).send<Group & { readonly code: string }>('POST', path, { body: {}, headers });

    // Somebody else holds the cart, so that the first stands in the midst of its transaction.
    let late: ReturnType<typeof ask> | undefined;
    await inDatabase(database.url, async (client) => {
      await client.query('begin');
      await client.query('select from carts where id = $1 for update', [cart]);
      late = ask(first.url);
      late.catch(() => {});
      await untilTrue('the first waits for the cart', isWaiting);
      pause(first);
      await client.query('rollback');
    });
    await endLeases();
    let taken: Awaited<ReturnType<typeof ask>> | undefined;
    // The server ends the transaction of whoever says nothing for ten seconds; until then the cart is not free.
    const tookOverMs = await untilTrue('the second does it', async () => {
      await endLeases();
      taken = await ask(second.url);
      return taken.status === 201;
    });
    goOn(first);
    const answer = await late?.catch(() => undefined);
    // Whatever it says, it is no other order: the one there is, or that it could not.
    if (answer?.status === 201) expect(answer.body.code).toBe(taken?.body.code);
    else expect([409, 503]).toContain(answer?.status ?? 503);
    expect((await ask(first.url)).body.code).toBe(taken?.body.code);
    expect((await ask(second.url)).body.code).toBe(taken?.body.code);
    const { rows } = await node.db.execute<{ n: number }>(
      sql`select count(*)::int as n from order_groups where cart_id = ${cart}`,
    );
    expect(rows[0]?.n).toBe(1);
    await Promise.all([first.kill(), second.kill()]);
    await node.runJobs('soon');
    await expectSound(node.db, { stripe, interrupted: true });
    counted('T18', { 'web processes paused': 1 }, { 'taken over (s)': tookOverMs / 1_000 });
  },
);

/** As if it were half a minute since anybody looked at the calendar. */
const turnLeaf = (): Promise<unknown> =>
  inDatabase(database.url, (client) => client.query('update pgboss.version set cron_on = null'));
/**
 * What the calendar asked for and how often that was queued. By the minute that it is for: a task of the end of one
 * minute may be queued in the next, beside the next's own.
 */
const dueTasks = (): Promise<readonly { readonly name: string; readonly times: number; readonly minutes: number }[]> =>
  inDatabase(database.url, async (client) => {
    const { rows } = await client.query(
      `select j.name, count(distinct j.id)::int as times, count(distinct due.singleton_on)::int as minutes from pgboss.job j
        join pgboss.job due on due.name = '__pgboss__send-it' and due.data ->> 'name' = j.name group by 1`,
    );
    return rows;
  });

/** A paid order whose refund is queued. */
async function calledOff(url: string): Promise<{ readonly sessionId: string; readonly totalVnd: number }> {
  const shopper = createShopper(url);
  const group = await shopper.order([random.pick(variants).variantId, 1]);
  const sessionId = stripe.sessionOf((await shopper.pay(group.code, 'stripe')).redirectUrl);
  expect(await stripe.tell(url, stripe.pay(sessionId))).toBe(200);
  const body = { phone: recipient.phone, reason: 'đổi ý' };
  await shopper.client.expect(200, 'POST', `/v1/orders/${group.orders[0]?.code}/cancel`, { body, headers: fresh() });
  return { sessionId, totalVnd: group.totalVnd };
}

test.each(rounds)(
  'round %i: a worker that is paused with a refund in hand, past its signs of life, sends nothing twice, and no task of the calendar runs twice',
  { timeout: limitMs },
  async () => {
    const web = await processes.start();
    const first = await processes.start({ ROLE: 'worker' });
    // Stripe does it and its answer takes a while: it comes while nobody is there to read it.
    await door.set({ slowMs: 1_500 });
    const before = stripe.calls('POST /v1/refunds');
    // The door is slow for the payment as well.
    const { sessionId, totalVnd } = await calledOff(web.url);
    await untilTrue('Stripe has been asked', async () => stripe.calls('POST /v1/refunds') > before);
    expect(inHand((await openJobs(database.url)).filter(({ name }) => name === 'payments.refund'))).toBe(1);
    pause(first);
    await door.set('none');
    await overlook(database.url);
    await node.db.execute(sql`update pgboss.job set start_after = now() where state = 'retry'`);
    await turnLeaf();
    const second = await processes.start({ ROLE: 'worker' });
    const tookOverMs = await untilAllDone(database.url);
    await turnLeaf();
    goOn(first);
    // It is awake when it works again: what is queued now is done, by either.
    await calledOff(web.url);
    await untilAllDone(database.url);
    expect(stripe.refundsOf(sessionId).map(({ amount }) => amount)).toEqual([totalVnd]);
    await untilTrue('the calendar has come round', async () => (await dueTasks()).length > 0);
    expect((await dueTasks()).filter(({ times, minutes }) => times > minutes)).toEqual([]);
    await Promise.all([first.stop(), second.stop()]);
    await web.kill();
    await node.runJobs('soon');
    await expectSound(node.db, { stripe, interrupted: true });
    counted('T18', { 'workers paused': 1 }, { 'taken over (s)': tookOverMs / 1_000 });
  },
);
