import { setTimeout as sleep } from 'node:timers/promises';
import { cannotListen } from '#config/cannot-start.ts';
import type { Config } from '#config/config.ts';
import { keptSecret } from '#config/secrets.ts';
import { transact } from '#db/client.ts';
import { createMetrics } from '#http/metrics.ts';
import { composeServices, type Overrides, type Services } from './compose.ts';
import { loadClaims } from './demo/claims.ts';
import { loadDesk } from './demo/desk.ts';
import { loadDemo, loadReference } from './demo/load.ts';
import { loadPartners } from './demo/partners.ts';
import { loadVoices } from './demo/voices.ts';
import { jobHandlers } from './jobs.ts';
import { readings } from './readings.ts';
import { composeApp } from './server.ts';
import { createLog, openStores, type Stores } from './stores.ts';

export type Node = {
  readonly services: Services;
  readonly searchAbsent: Stores['searchAbsent'];
  /** Lets what runs finish, then closes everything that `startNode` opened. */
  readonly stop: () => Promise<void>;
};

/** A balancer asks every few seconds; until it has seen that we are leaving, requests still come. */
const drainMs = 200;
const migrationsEveryMs = 1_000;

/** Waits for another process to bring the database to this code's version. */
async function awaitMigrations({ pendingMigrations, log }: Stores): Promise<void> {
  for (let pending = await pendingMigrations(); pending.length > 0; pending = await pendingMigrations()) {
    log.info({ pending }, 'waiting for migrations');
    await sleep(migrationsEveryMs);
  }
}

/** The data a fresh exchange needs, and the sample catalogue where it is asked for. */
async function prepareData(services: Services, config: Config): Promise<void> {
  await transact(services.db, 'system:start', (tx) => loadReference(services, tx));
  await services.federation.prepare();
  if (!config.demo || config.role !== 'all') return;
  const loaded = await loadDemo(services, { password: keptSecret(config.dataDir, 'demo-password') });
  if (loaded === 0) return;
  await loadDesk(services);
  await loadVoices(services);
  await loadClaims(services);
  await loadPartners(services);
}

/** Fills the index of a search engine that is there; without one the rest still starts and the jobs go on trying. */
async function prepareSearch({ indexing, search, log }: Services): Promise<void> {
  try {
    await indexing.prepare();
    // The first question costs a server some hundred milliseconds more than all later ones; no shopper should ask it.
    await search.search({ q: 'bánh pía', filters: {}, limit: 24 });
  } catch (error) {
    log.warn({ err: error }, 'Meilisearch does not answer yet; PostgreSQL searches');
  }
}

/** Starts one process of the exchange: `web` serves, `worker` works, `all` does both and owns the embedded servers. */
export async function startNode(config: Config, overrides: Overrides = {}): Promise<Node> {
  const log = createLog(config.demo ? 'warn' : 'info');
  const stores = await openStores(config, log);
  const waiting = new Set(['migrations', 'data', 'search index']);
  let draining = false;
  const readiness = { ping: stores.ping, waitingFor: () => [...waiting], draining: () => draining };
  const services = composeServices(stores, config, overrides);
  const metrics = config.metrics && createMetrics(() => readings(services.db));
  const app = await composeApp(services, config, readiness, metrics);
  let closeMetrics = async (): Promise<void> => {};
  const stop = async (): Promise<void> => {
    draining = true;
    await sleep(drainMs);
    await app.close();
    await closeMetrics();
    await stores.jobs.stop();
    await services.close();
    await stores.close();
  };
  try {
    await app.listen({ ...config.http }).catch((error: unknown) => {
      throw cannotListen(error, config.http) ?? error;
    });
    if (metrics && config.metrics) closeMetrics = await metrics.listen(config.metrics.port, config.http.host);
    await awaitMigrations(stores);
    waiting.delete('migrations');
    for (const handler of jobHandlers(services)) stores.jobs.handle(handler);
    await stores.jobs.open();
    await prepareData(services, config);
    waiting.delete('data');
    await prepareSearch(services);
    waiting.delete('search index');
    if (config.role !== 'web') await stores.jobs.work();
    return { services, searchAbsent: stores.searchAbsent, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
