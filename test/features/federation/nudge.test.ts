import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { queueTurn } from '#features/federation/partners.ts';
import { beginTurn, findPartner, saveBreaker } from '#features/federation/queries.ts';
import type { BreakerState } from '#federation/engine/breaker.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

let here: TestNode;
let there: TestNode;
beforeAll(async () => {
  [here, there] = await Promise.all([startNode(), startNode()]);
  await introduce(here, there);
  await takeTurns();
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
});

const copies = async (): Promise<number> =>
  (await there.products.listProducts({ filters: {}, sort: 'name', limit: 100 })).items.filter(({ partner }) => partner)
    .length;

const takeTurns = () => there.run('federation.pull');
/** The hints that news of now gave; transactions of other tests may have some repeated. */
const tell = async () => (await here.run('federation.nudge')).filter((after) => after === 0);
const waitFor = (seconds: number): void => {
  there.clock.now = new Date(there.clock.now.getTime() + seconds * 1_000);
};

test('what is new here is told to partners, who pull it before their next turn', async () => {
  await here.addProducts(draftOf('Bánh in'), draftOf('Bánh ống'));
  waitFor(5);
  expect(await tell()).toHaveLength(2);
  // The old turn is still to come; the new one is taken at once, and the old one finds itself over.
  expect(await takeTurns()).toEqual([60, 0]);
  expect(await copies()).toBe(2);
});

test('a hint that is given while a slow transaction holds the news back is given again', async () => {
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const { promise: running, resolve: runs } = Promise.withResolvers<void>();
  const slow = transact(here.db, 'test', async (tx) => {
    await tx.execute(sql`select pg_current_xact_id()`);
    runs();
    await mayEnd;
  });
  await running;
  await here.addProducts(draftOf('Bánh cam'));
  waitFor(5);
  await tell();
  await takeTurns();
  expect(await copies(), 'pulled too early').toBe(2);
  expect(here.queued('federation.nudge')).toEqual([2]);
  end();
  await slow;
  waitFor(5);
  await expect
    .poll(async () => {
      await tell();
      return here.queued('federation.nudge');
    })
    .toEqual([]);
  await takeTurns();
  expect(await copies()).toBe(3);
});

test('a hundred nudges are one pull', async () => {
  waitFor(5);
  for (let time = 0; time < 100; time += 1) await there.federation.nudged('a', ['offer']);
  expect(await takeTurns()).toEqual([60, 0]);
  expect(await takeTurns()).toEqual([60]);
});

test('between two pulls that were nudged for lies a second, however short they are', async () => {
  waitFor(0.25);
  await there.federation.nudged('a', ['offer']);
  expect(await takeTurns()).toEqual([60, 0.75]);
  await there.federation.nudged('a', ['offer']);
  expect(await takeTurns()).toEqual([60, 1]);
});

test('news that come during a pull are looked for a second after it', async () => {
  const { turn } = (await findPartner(there.db, 'a')) ?? { turn: 0 };
  await beginTurn(there.db, 'a', turn, there.clock.now);
  await there.federation.nudged('a', ['offer']);
  await there.federation.nudged('a', ['offer']);
  const deps = { jobs: there.jobs, now: () => there.clock.now };
  await transact(there.db, 'test', (tx) => queueTurn(tx, deps, 'a', { ended: turn }));
  // What was queued for the turn that has just ended, and one of the next.
  expect(await takeTurns()).toEqual([60, 1]);
  expect(await takeTurns()).toEqual([60]);
});

test('one that could not be reached is tried again by its back-off, and by its breaker, and not later than by its turn', async () => {
  const at = there.clock.now.getTime();
  const failing = { failures: 3, outages: 3, firstOutageAt: at, isOpen: false, nextAttemptAt: at + 12_500 };
  const after = async (breaker: BreakerState | null) => {
    await saveBreaker(there.db, 'a', breaker);
    await takeTurns();
    return there.queued('federation.pull');
  };
  expect(await after(failing)).toEqual([12.5]);
  expect(await after({ ...failing, isOpen: true, nextAttemptAt: at + 300_000 }), 'its own turn comes first').toEqual([
    60,
  ]);
  expect(await after({ ...failing, outages: 0 }), 'it answered, though not well').toEqual([60]);
  expect(await after(null)).toEqual([60]);
});

test('news of orders are for whoever buys there, and begin no pull', async () => {
  waitFor(5);
  await there.federation.nudged('a', ['orders']);
  await there.federation.nudged('a', ['orders', 'catalogue']);
  expect(there.queued('exchange-orders.news')).toEqual([0, 0]);
  expect(await takeTurns()).toEqual([60, 0]);
});

test('a partner that is shut out nudges nobody, and one that is away costs nothing', async () => {
  await there.federation.suspend('test', 'a');
  await there.run('federation.pull');
  await there.federation.nudged('a', ['offer']);
  expect(await takeTurns()).toEqual([]);
  await here.addProducts(draftOf('Cốm dẹp'));
  expect(await tell()).toHaveLength(1);
});
