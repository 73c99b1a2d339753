import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';
import { type Door, startDoor } from '#test/support/door.ts';
import { expectSound } from '#test/support/invariants.ts';
import { inHand, isWorkedOn, openJobs, overlook, untilAllDone, untilTrue } from '#test/support/job-watch.ts';
import { demo, startNode, type TestNode } from '#test/support/node.ts';
import { pickVariants, type Variant } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { type StripeSimulator, startStripe } from '#test/support/providers/stripe.ts';
import { counted, limitMs, many, seeded, shared } from '#test/support/scale.ts';
import { startLoad } from '#test/support/steady-load.ts';
import { type WebProcesses, webProcesses } from '#test/support/web.ts';

const random = seeded('kill -9 of the worker');
const bank = createBank(random.between(1, 1_000_000));

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
  variants = pickVariants((await node.guest.products()).items, 6);
  for (const { variantId } of variants) await node.setStock(variantId, 100_000);
}, 120_000);
afterAll(async () => {
  await processes?.close();
  await node?.close();
  await database?.drop();
  await door?.close();
  await stripe?.close();
});

test.each(Array.from({ length: shared(1, 20) }, (_, round) => round + 1))(
  'round %i: a worker is killed amid refunds and what events queue, and another goes on: nothing is lost, nothing is sent twice',
  { timeout: limitMs },
  async (round) => {
    const web = await processes.start();
    const worker = await processes.start({ ROLE: 'worker' });
    const load = startLoad({
      url: () => web.url,
      variants,
      random,
      bank,
      stripe,
      lanes: 4,
      pauseMs: 300,
      cancelsOneIn: 2,
    });
    // Each refund takes a while at Stripe: the worker has some in hand when it dies.
    await untilTrue('refunds are sent', async () => stripe.calls('POST /v1/refunds') >= random.between(2, 5));
    await door.set({ slowMs: 300 });
    await untilTrue('jobs are in hand', async () => inHand(await openJobs(database.url)) > 0);
    const { signal } = await worker.kill();
    expect(signal).toBe('SIGKILL');
    const active = inHand(await openJobs(database.url));
    await door.set('none');

    const killedAt = new Date();
    const started = performance.now();
    // Shoppers go on meanwhile, so that work piles up.
    const next = await processes.start({ ROLE: 'worker' });
    await load.end();
    await untilTrue('jobs are done again', () => isWorkedOn(database.url, killedAt));
    const resumedMs = performance.now() - started;
    // What piled up is done one after the other, and does not wait for a signal each.
    await untilTrue('what piled up is done', async () =>
      (await openJobs(database.url)).every(({ state }) => state !== 'created'),
    );
    const backlogMs = performance.now() - started;
    // The first round of the long form waits for the signs of life that do not come; the others are spared the minute.
    const isTimed = many(0, 1) === 1 && round === 1;
    if (isTimed) await untilAllDone(database.url);
    else await overlook(database.url);
    const orphansMs = performance.now() - started;

    const calledOff = load.deals.filter((deal) => deal.calledOff);
    expect(calledOff.length).toBeGreaterThan(0);
    const asked = calledOff.filter(({ method }) => method === 'stripe').length;
    expect(asked).toBeGreaterThan(0);
    await web.kill();
    await next.stop();
    expect((await node.runJobs('soon')).errors).toEqual([]);
    await expectSound(node.db, { bank, stripe, interrupted: true });
    counted(
      'T5',
      { 'kills of worker': 1, 'jobs in hand at the kill': active, 'orders under load': load.deals.length },
      {
        'jobs resumed (s)': resumedMs / 1_000,
        'all that waited done (s)': backlogMs / 1_000,
        ...(isTimed && { 'what the dead had in hand done (s)': orphansMs / 1_000 }),
      },
    );
  },
);
