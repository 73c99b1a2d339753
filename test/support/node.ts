import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { vnd } from '#core/money.ts';
import { type Db, transact } from '#db/client.ts';
import type { JobHandler } from '#db/jobs.ts';
import { freePort } from '#embedded/free-port.ts';
import type { Origins } from '#features/exchange-orders/types.ts';
import type { VariantId } from '#features/products/types.ts';
import type { App } from '#http/app.ts';
import { composeServices, type Overrides, type Services } from '../../src/compose.ts';
import { type Config, loadConfig } from '../../src/config/config.ts';
import { loadDemo } from '../../src/demo/load.ts';
import { jobHandlers } from '../../src/jobs.ts';
import { composeApp } from '../../src/server.ts';
import { createLog, openStores, type Stores } from '../../src/stores.ts';
import { createClock, type TestClock } from './clock.ts';
import { createDatabase, migrated, type Template, type TestDatabase } from './database.ts';
import { demoPassword, exchangeEnv } from './exchange-env.ts';
import { createShopper, type Shopper } from './people.ts';

export { demoPassword };

type Env = Readonly<Record<string, string>>;
type Opened = { readonly config: Config; readonly stores: Stores; readonly services: Services };

async function open(env: Env, overrides: Overrides = {}): Promise<Opened> {
  const config = loadConfig({ ROLE: 'web', ...exchangeEnv, ...env });
  const stores = await openStores(config, createLog('silent'));
  const services = composeServices(stores, config, overrides);
  for (const handler of jobHandlers(services)) stores.jobs.handle(handler);
  await stores.jobs.open();
  return { config, stores, services };
}

async function close({ stores, services }: Opened): Promise<void> {
  await stores.jobs.stop();
  await services.close();
  await stores.close();
}

/** The demonstration's 90 businesses and 244 products, indexed, with no job left to run. */
export const demo: Template = {
  name: 'demo',
  from: migrated,
  build: async (url) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'cho-noi-template-'));
    const opened = await open({ DATABASE_URL: url, DATA_DIR: dataDir });
    try {
      await opened.services.federation.prepare();
      await loadDemo(opened.services, { password: demoPassword });
      await opened.services.indexing.reindex();
      await opened.stores.db.execute(sql`delete from pgboss.job`);
    } finally {
      await close(opened);
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export type NodeOptions = {
  /** Variables beside `exchangeEnv`, such as where Stripe is. */
  readonly env?: Env;
  /** Another database than a fresh copy of the demonstration's, which the caller drops. */
  readonly database?: TestDatabase;
  readonly template?: Template;
  /**
   * Whether staff and owners owe a second factor, as they do wherever money is real. Off unless a test is about it: the
   * demonstration's people sign in with a password alone.
   */
  readonly secondFactor?: boolean;
  /** What partner exchanges answer to who buys there. */
  readonly origins?: (now: () => Date) => Origins;
};
export type JobRun = { readonly done: number; readonly errors: readonly Error[] };

/** `soon` takes jobs that wait for another try as well, as if their time had come. */
export type Patience = 'in time' | 'soon';

export type TestNode = {
  /** Without a slash at the end. */
  readonly url: string;
  readonly app: App;
  readonly db: Db;
  readonly services: Services;
  readonly clock: TestClock;
  readonly database: TestDatabase;
  readonly guest: Shopper;
  /** The environment in which a command of ours finds this exchange. */
  readonly env: Env;
  /** Runs what is queued, as a worker would, until nothing is; jobs that throw are failed and told. */
  readonly runJobs: (patience?: Patience) => Promise<JobRun>;
  /** Runs one of the jobs that the calendar starts. */
  readonly runScheduled: (queue: string) => Promise<void>;
  /** Rows of each table of ours, by name. */
  readonly countRows: () => Promise<Readonly<Record<string, number>>>;
  /** Does to the catalogue what a seller's form will do once it exists. */
  readonly setPrice: (variantId: string, priceVnd: number) => Promise<void>;
  readonly setStock: (variantId: string, onHand: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

async function runJobs({ stores }: Opened, handlers: readonly JobHandler[], patience: Patience): Promise<JobRun> {
  const { boss } = stores.jobs;
  const ignoreStartAfter = patience === 'soon';
  const errors: Error[] = [];
  let done = 0;
  const work = async ({ queue, options = {}, run }: JobHandler): Promise<number> => {
    const jobs = await boss.fetch<object>(queue, { batchSize: 500, ignoreStartAfter });
    const batches = options.batchSize ? [jobs] : jobs.map((job) => [job]);
    for (const batch of batches.filter((one) => one.length > 0)) {
      const ids = batch.map((job) => job.id);
      try {
        await run(batch.map((job) => job.data));
        await boss.complete(queue, ids);
        done += ids.length;
      } catch (error) {
        errors.push(error instanceof Error ? error : new Error(String(error)));
        await boss.fail(queue, ids);
      }
    }
    return jobs.length;
  };
  const byQueue = new Map(handlers.map((handler) => [handler.queue, handler]));
  for (;;) {
    const { rows } = await stores.db.execute<{ name: string }>(
      sql`select distinct name from pgboss.job where state < 'active' and (start_after <= now() or ${ignoreStartAfter}) and name not like '\\_\\_%'`,
    );
    const waiting = rows.flatMap(({ name }) => byQueue.get(name) ?? []);
    let found = 0;
    for (const handler of waiting) found += await work(handler);
    if (found === 0) return { done, errors };
  }
}

async function countRows(db: Db): Promise<Readonly<Record<string, number>>> {
  const { rows: tables } = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const counted = sql.join(
    tables.map(({ name }) => sql`select ${name} as name, count(*)::int as count from ${sql.identifier(name)}`),
    sql` union all `,
  );
  const { rows } = await db.execute<{ name: string; count: number }>(counted);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

/** An exchange in this process: its own database and clock, and a real listener on loopback. No worker runs by itself. */
export async function startNode(options: NodeOptions = {}): Promise<TestNode> {
  const { env = {}, database: given, template = demo, secondFactor = false, origins } = options;
  const database = given ?? (await createDatabase({ template }));
  const dataDir = mkdtempSync(join(tmpdir(), 'cho-noi-node-'));
  const clock = createClock();
  const port = String(await freePort());
  const opened = await open(
    { DATABASE_URL: database.url, DATA_DIR: dataDir, PORT: port, ...env },
    { now: clock.now, secondFactor, ...(origins && { origins: origins(clock.now) }) },
  );
  const { config, stores, services } = opened;
  const app = await composeApp(services, config, {
    ping: stores.ping,
    waitingFor: () => [],
    draining: () => false,
  });
  await app.listen({ ...config.http });
  const handlers = jobHandlers(services);
  const url = `http://${config.http.host}:${config.http.port}`;
  return {
    url,
    app,
    db: stores.db,
    services,
    clock,
    database,
    guest: createShopper(url),
    env: { ...exchangeEnv, DATABASE_URL: database.url, DATA_DIR: dataDir, ...env },
    runJobs: (patience = 'in time') => runJobs(opened, handlers, patience),
    runScheduled: async (queue) => {
      const handler = handlers.find((one) => one.queue === queue);
      if (!handler) throw new Error(`No job is called ${queue}`);
      await handler.run([{}]);
    },
    countRows: () => countRows(stores.db),
    setPrice: (variantId, priceVnd) => services.products.setPrice('test', variantId as VariantId, vnd(priceVnd)),
    setStock: (variantId, onHand) =>
      transact(stores.db, 'test', (tx) => services.stock.count(tx, variantId as VariantId, onHand, 'count')),
    close: async () => {
      await app.close();
      await close(opened);
      if (!given) await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
