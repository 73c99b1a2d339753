import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Db, disconnect, transact } from '#db/client.ts';
import { createJobs, type Jobs } from '#db/jobs.ts';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';

const queue = 'test.turns';
let database: TestDatabase;
let db: Db;
let jobs: Jobs;
const seen: { readonly name: string; readonly at: number }[] = [];
let letGo = (): void => {};
const held = new Promise<void>((resolve) => {
  letGo = resolve;
});

beforeAll(async () => {
  database = await createDatabase();
  db = connect(database.url, { applicationName: 'test', onError: () => {}, statementTimeoutMs: 5_000 });
  jobs = createJobs(database.url, () => {});
  jobs.handle({
    queue,
    options: { concurrency: 4, pollSeconds: 120 },
    run: async ([job]) => {
      const { name } = job as { name: string };
      seen.push({ name, at: performance.now() });
      if (name.startsWith('dead')) await held;
    },
  });
  await jobs.open();
  await jobs.work();
}, 60_000);
afterAll(async () => {
  letGo();
  await jobs.stop();
  await disconnect(db);
  await database.drop();
}, 60_000);

const add = (names: readonly string[], afterSeconds?: number): Promise<void> =>
  transact(db, 'test', (tx) =>
    jobs.add(
      tx,
      queue,
      names.map((name) => ({ name })),
      afterSeconds === undefined ? {} : { afterSeconds },
    ),
  );
const until = async (name: string): Promise<number> => {
  for (let look = 0; look < 400; look += 1) {
    const found = seen.find((one) => one.name === name);
    if (found) return found.at;
    await sleep(25);
  }
  throw new Error(`${name} was never taken up`);
};

test('what is queued for later is taken up when its time has come, however few of the workers rest', async () => {
  await add(['dead-1', 'dead-2']);
  await Promise.all([until('dead-1'), until('dead-2')]);
  const began = performance.now();
  await Promise.all([add(['dead-3'], 1), add(['living'], 1)]);
  // One after the other would be two minutes later, or never: the third of the dead keeps its worker.
  await Promise.all([until('dead-3'), until('living')]);
  expect((await until('living')) - began).toBeGreaterThan(900);
  letGo();
});
