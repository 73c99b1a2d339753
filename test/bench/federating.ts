import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '#config/config.ts';
import { migrate } from '#db/migrate.ts';
import { freePort } from '#embedded/free-port.ts';
import { type Node, startNode } from '../../src/node.ts';
import { migrationsFolder } from '../../src/stores.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import type { Figure } from './report.ts';

/** A second exchange in this process, with a database of its own on the same server and nothing in it. */
async function startNeighbour(exchange: Exchange, folder: DataFolder): Promise<Node & { readonly url: string }> {
  await exchange.query('create database bench_neighbour');
  const url = new URL(exchange.databaseUrl);
  url.pathname = '/bench_neighbour';
  await migrate({ url: url.href, folder: migrationsFolder });
  const dataDir = join(folder.path, 'neighbour');
  await mkdir(dataDir, { recursive: true });
  const port = await freePort();
  const node = await startNode(
    loadConfig({
      ROLE: 'web',
      DATA_DIR: dataDir,
      DATABASE_URL: url.href,
      PORT: String(port),
      DEMO: '0',
      FEDERATION_ALLOW_LOOPBACK: '1',
    }),
  );
  return { ...node, url: `http://127.0.0.1:${port}` };
}

/** The whole catalogue pulled by a neighbour that knows nothing of it yet, by one worker. */
export async function measurePull(exchange: Exchange, folder: DataFolder): Promise<Figure> {
  const neighbour = await startNeighbour(exchange, folder);
  try {
    const here = exchange.services.federation;
    const there = neighbour.services.federation;
    await here.introduce('bench', { url: neighbour.url, fingerprint: there.identity.keyid, key: 'bench-neighbour' });
    await here.activate('bench', 'bench-neighbour');
    await there.introduce('bench', { url: exchange.url, fingerprint: here.identity.keyid, key: 'bench' });
    await there.activate('bench', 'bench');
    const began = performance.now();
    const report = await there.pullNow('bench');
    const seconds = (performance.now() - began) / 1_000;
    if (report?.state !== 'pulled') throw new Error('The neighbour pulled nothing');
    const outcomes = Object.values(report.lanes);
    const failed = outcomes.find((outcome) => outcome?.state !== 'ok');
    if (failed) throw new Error(`A lane of the pull ended as ${JSON.stringify(failed)}`);
    const applied = outcomes.reduce((sum, outcome) => sum + (outcome?.counts.applied ?? 0), 0);
    const note = `${applied} records in ${seconds.toFixed(1)} s, listings and offers, over HTTP with signatures`;
    return {
      name: 'Federation, records applied',
      value: applied / seconds,
      unit: 'records/s',
      target: { atLeast: 2_000 },
      note,
    };
  } finally {
    await neighbour.stop();
  }
}
