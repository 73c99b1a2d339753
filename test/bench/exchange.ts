import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { composeServices, type Services } from '#compose.ts';
import { loadConfig } from '#config/config.ts';
import { openEmbedded } from '#embedded/index.ts';
import { startProcess, type TestProcess } from '#test/support/processes.ts';
import { openStores } from '../../src/stores.ts';

/** The bank's key of the bench; the demonstration would make one up. */
export const sepayKey = 'bench-sepay-key';

export type Exchange = {
  readonly process: TestProcess;
  readonly url: string;
  readonly databaseUrl: string;
  readonly meili: { readonly url: string; readonly key: string };
  /** The same services as the process runs, in this one, for what has no route of its own. */
  readonly services: Services;
  /** With which a command finds the same stores. */
  readonly commandEnv: Readonly<Record<string, string>>;
  /** Of the database's owner. */
  readonly query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  /** Resolves when no job is left to do. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type DataFolder = { readonly path: string; readonly remove: () => Promise<void> };

/** Under the folder for temporary files: embedded PostgreSQL and Meilisearch lie in it. */
export async function makeDataFolder(): Promise<DataFolder> {
  const path = await mkdtemp(join(tmpdir(), 'cho-noi-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export const startExchangeProcess = (folder: DataFolder): Promise<TestProcess> =>
  startProcess({
    env: {
      DATA_DIR: folder.path,
      DEMO: '1',
      SEPAY_API_KEY: sepayKey,
      FEDERATION_ALLOW_LOOPBACK: '1',
      // As `npm start` has it.
      NODE_OPTIONS: '--max-semi-space-size=4',
    },
    // A guard against hanging alone: a machine that does much else copies and loads for minutes.
    readyWithinMs: 600_000,
  });

/** Starts `npm start`'s process with servers of its own, and reaches its stores from here as well. */
export async function openExchange(folder: DataFolder): Promise<Exchange> {
  const process = await startExchangeProcess(folder);
  try {
    await process.ready();
    return await reach(process, folder);
  } catch (error) {
    await process.stop();
    throw error;
  }
}

async function reach(process: TestProcess, folder: DataFolder): Promise<Exchange> {
  const { databaseUrl, meili } = await openEmbedded({ dataDir: folder.path });
  if ('absent' in meili) throw new Error(`The bench needs Meilisearch: ${meili.absent.en}`);
  const commandEnv = {
    ROLE: 'web',
    DATA_DIR: folder.path,
    DATABASE_URL: databaseUrl,
    MEILI_URL: meili.url,
    MEILI_KEY: meili.key,
    DEMO: '1',
    PUBLIC_URL: process.url,
    FEDERATION_ALLOW_LOOPBACK: '1',
  };
  const config = loadConfig(commandEnv);
  const stores = await openStores(config, pino({ level: 'silent' }));
  const services = composeServices(stores, config);
  await stores.jobs.open();
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const query = async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> =>
    (await owner.query<Row>(text, values)).rows;
  return {
    process,
    url: process.url,
    databaseUrl,
    meili,
    services,
    commandEnv,
    query,
    settled: () => untilSettled(query),
    close: async () => {
      await owner.end();
      await services.close();
      await stores.jobs.stop();
      await stores.close();
      await process.stop();
    },
  };
}

const settleLimitMs = 120_000;

async function untilSettled(query: Exchange['query']): Promise<void> {
  const until = performance.now() + settleLimitMs;
  for (;;) {
    const [row] = await query<{ count: number }>(
      `select count(*)::int as count from pgboss.job where state < 'completed' and start_after <= now()`,
    );
    if ((row?.count ?? 0) === 0) return;
    if (performance.now() > until) throw new Error(`${row?.count} jobs were still waiting after two minutes`);
    await sleep(200);
  }
}
