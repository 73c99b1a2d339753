import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { queueTurn } from '#features/federation/partners.ts';
import { beginTurn, findPartner } from '#features/federation/queries.ts';
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
const waitFor = (seconds: number): void => {
  there.clock.now = new Date(there.clock.now.getTime() + seconds * 1_000);
};

test('what is new here is told to partners, who pull it before their next turn', async () => {
  await here.addProducts(draftOf('Bánh in'), draftOf('Bánh ống'));
  waitFor(5);
  expect(await here.run('federation.nudge')).toHaveLength(2);
  // The old turn is still to come; the new one is taken at once, and the old one finds itself over.
  expect(await takeTurns()).toEqual([60, 0]);
  expect(await copies()).toBe(2);
});

test('a hundred nudges are one pull', async () => {
  waitFor(5);
  for (let time = 0; time < 100; time += 1) await there.federation.nudged('a');
  expect(await takeTurns()).toEqual([60, 0]);
  expect(await takeTurns()).toEqual([60]);
});

test('between two pulls that were nudged for lies a second, however short they are', async () => {
  waitFor(0.25);
  await there.federation.nudged('a');
  expect(await takeTurns()).toEqual([60, 0.75]);
  await there.federation.nudged('a');
  expect(await takeTurns()).toEqual([60, 1]);
});

test('news that come during a pull are looked for a second after it', async () => {
  const { turn } = (await findPartner(there.db, 'a')) ?? { turn: 0 };
  await beginTurn(there.db, 'a', turn, there.clock.now);
  await there.federation.nudged('a');
  await there.federation.nudged('a');
  const deps = { jobs: there.jobs, now: () => there.clock.now };
  await transact(there.db, 'test', (tx) => queueTurn(tx, deps, 'a', { ended: turn }));
  // What was queued for the turn that has just ended, and one of the next.
  expect(await takeTurns()).toEqual([60, 1]);
  expect(await takeTurns()).toEqual([60]);
});

test('a partner that is shut out nudges nobody, and one that is away costs nothing', async () => {
  await there.federation.suspend('test', 'a');
  await there.run('federation.pull');
  await there.federation.nudged('a');
  expect(await takeTurns()).toEqual([]);
  await here.addProducts(draftOf('Cốm dẹp'));
  expect(await here.run('federation.nudge')).toHaveLength(1);
});
