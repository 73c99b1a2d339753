import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '#config/config.ts';
import { migrate } from '#db/migrate.ts';
import { freePort } from '#embedded/free-port.ts';
import type { PullReport } from '#federation/engine/pull.ts';
import { type Node, startNode } from '../../src/node.ts';
import { migrationsFolder } from '../../src/stores.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import type { Figure } from './report.ts';

export type Neighbour = Node & { readonly url: string; readonly env: Readonly<Record<string, string>> };

/** How a neighbour knows the exchange that is measured. */
export const benchKey = 'bench';

/** A second exchange in this process, with a database of its own on the same server and nothing in it. */
async function startNeighbour(exchange: Exchange, folder: DataFolder, name: string): Promise<Neighbour> {
  const database = `bench_${name}`;
  await exchange.query(`create database ${database}`);
  const url = new URL(exchange.databaseUrl);
  url.pathname = `/${database}`;
  await migrate({ url: url.href, folder: migrationsFolder });
  const dataDir = join(folder.path, name);
  await mkdir(dataDir, { recursive: true });
  const port = String(await freePort());
  const env = {
    DATA_DIR: dataDir,
    DATABASE_URL: url.href,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DEMO: '0',
    FEDERATION_ALLOW_LOOPBACK: '1',
  };
  const node = await startNode(loadConfig({ ...env, ROLE: 'web' }));
  return { ...node, url: env.PUBLIC_URL, env };
}

/** Each pins the other's key and lets it in; who pulls how often is said in `cadenceSeconds`. */
async function befriend(exchange: Exchange, there: Neighbour, name: string, cadenceSeconds: number): Promise<void> {
  const here = exchange.services.federation;
  const other = there.services.federation;
  await here.introduce('bench', { url: there.url, fingerprint: other.identity.keyid, key: name, cadenceSeconds });
  await here.activate('bench', name);
  await other.introduce('bench', {
    url: exchange.url,
    fingerprint: here.identity.keyid,
    key: benchKey,
    cadenceSeconds,
  });
  await other.activate('bench', benchKey);
}

const calmSeconds = 3_600;

/** Work with a neighbour who has read nothing yet; it is gone afterwards, and the exchange no longer tells it anything. */
export async function withNeighbour<T>(
  exchange: Exchange,
  folder: DataFolder,
  name: string,
  work: (there: Neighbour) => Promise<T>,
): Promise<T> {
  const there = await startNeighbour(exchange, folder, name);
  try {
    await befriend(exchange, there, name, calmSeconds);
    return await work(there);
  } finally {
    await exchange.services.federation.retire('bench', name);
    await there.stop();
  }
}

export type Pulled = { readonly applied: number; readonly seconds: number; readonly report: PullReport };

/** One pull of both lanes. Throws when a lane ended otherwise than well. */
export async function pullAll({ services }: Neighbour): Promise<Pulled> {
  const began = performance.now();
  const report = await services.federation.pullNow(benchKey);
  const seconds = (performance.now() - began) / 1_000;
  if (report?.state !== 'pulled') throw new Error('The neighbour pulled nothing');
  const outcomes = Object.values(report.lanes);
  const failed = outcomes.find((outcome) => outcome?.state !== 'ok');
  if (failed) throw new Error(`A lane of the pull ended as ${JSON.stringify(failed)}`);
  return { applied: outcomes.reduce((sum, outcome) => sum + (outcome?.counts.applied ?? 0), 0), seconds, report };
}

/** The whole catalogue pulled by a neighbour that knows nothing of it yet, by one worker. */
export const measurePull = (exchange: Exchange, folder: DataFolder): Promise<Figure> =>
  withNeighbour(exchange, folder, 'puller', async (there) => {
    const { applied, seconds } = await pullAll(there);
    const note = `${applied} records in ${seconds.toFixed(1)} s, listings and offers, over HTTP with signatures`;
    const target = { atLeast: 2_000 };
    return { name: 'Federation, records applied', value: applied / seconds, unit: 'records/s', target, note };
  });
