import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '#db/migrate.ts';
import { type Embedded, startEmbedded } from '#embedded/index.ts';
import { createClient } from '#test/support/client.ts';
import { migrations, type TestDatabase } from '#test/support/database.ts';
import { expectSound } from '#test/support/invariants.ts';
import { isWorkedOn, overlook, untilTrue } from '#test/support/job-watch.ts';
import { demo, startNode } from '#test/support/node.ts';
import { type Group, pickVariants, type Variant } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { counted, inParallel, limitMs, many, seeded, shared } from '#test/support/scale.ts';
import { startLoad } from '#test/support/steady-load.ts';
import { webProcesses } from '#test/support/web.ts';

const random = seeded('kill -9 of PostgreSQL');
const bank = createBank(random.between(1, 1_000_000));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cho-noi-killed-')));

/** A server of this test's own, which keeps what it acknowledges, on the same data each time. */
const open = (): Promise<Embedded> => startEmbedded({ dataDir: folder, search: false, durable: true });
const databaseOf = ({ databaseUrl }: Embedded): TestDatabase => ({ url: databaseUrl, drop: async () => {} });
const postmaster = (): number =>
  Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

let variants: readonly Variant[];

beforeAll(async () => {
  const server = await open();
  await migrate({ url: server.databaseUrl, folder: migrations });
  await demo.build(server.databaseUrl);
  const node = await startNode({ database: databaseOf(server) });
  variants = pickVariants((await node.guest.products()).items, 6);
  for (const { variantId } of variants) await node.setStock(variantId, 100_000);
  await node.close();
  await server.stop();
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Array.from({ length: shared(1, 20) }, (_, round) => round + 1))(
  'round %i: PostgreSQL is killed under checkouts and payments, and comes back: nothing acknowledged is lost, nothing is there twice',
  { timeout: limitMs },
  async () => {
    const server = await open();
    const database = databaseOf(server);
    const processes = webProcesses(database);
    try {
      const web = await processes.start();
      const worker = await processes.start({ ROLE: 'worker' });
      const load = startLoad({ url: () => web.url, variants, random, bank, lanes: 6 });
      await untilTrue('orders are paid', async () => load.count('money') >= random.between(5, 30));
      await sleep(random.between(0, 300));

      const before = load.deals.filter(({ paidAt }) => paidAt !== undefined).length;
      const killedAt = performance.now();
      const since = new Date();
      process.kill(postmaster(), 'SIGKILL');
      await untilTrue('a checkout is answered', async () => load.firstAfter(killedAt, 'checkout') !== undefined);
      const backMs = (load.firstAfter(killedAt, 'checkout') ?? 0) - killedAt;
      await overlook(server.databaseUrl);
      await untilTrue('jobs are done again', () => isWorkedOn(server.databaseUrl, since));
      const resumedMs = performance.now() - killedAt;
      await sleep(many(500, 3_000));
      await load.end();

      // Whoever was told of an order finds it, and is told the same again.
      const client = createClient(web.url);
      await inParallel(load.deals, 8, async ({ cart, code, paidAt }) => {
        const group = await client.expect<Group>(200, 'GET', `/v1/order-groups/${code}`);
        expect([group.status, paidAt !== undefined]).toEqual(['paid', true]);
        expect(await client.expect(200, 'GET', `/v1/carts/${cart}`)).toMatchObject({ status: 'ordered' });
      });
      expect(new Set(load.deals.map(({ code }) => code)).size).toBe(load.deals.length);
      await worker.stop();
      await processes.close();

      const node = await startNode({ database });
      expect((await node.runJobs('soon')).errors).toEqual([]);
      await expectSound(node.db, { bank, interrupted: true });
      await node.close();
      const broken = [...load.answers].filter(([answer]) => !/^(200|201|webhook 200)$/.test(answer));
      console.log(`answers besides 200 and 201: ${broken.map(([answer, count]) => `${count} × ${answer}`).join(', ')}`);
      counted(
        'T5',
        { 'kills of PostgreSQL': 1, 'orders under load': load.deals.length, 'paid before the kill': before },
        { 'service back (s)': backMs / 1_000, 'jobs resumed (s)': resumedMs / 1_000 },
      );
    } finally {
      await processes.close();
      await server.stop();
    }
  },
);
