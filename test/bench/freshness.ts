import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { vnd } from '#core/money.ts';
import { freePort } from '#embedded/free-port.ts';
import type { VariantId } from '#features/products/types.ts';
import { startProcess } from '#test/support/processes.ts';
import type { DataFolder, Exchange } from './exchange.ts';
import { benchKey, type Neighbour, withNeighbour } from './federating.ts';
import type { Figure } from './report.ts';
import { median } from './rounds.ts';

/** Changes follow each other as they do in a shop: neither in step with the second nor all at once. */
const pauseMs = { least: 120, spread: 260 } as const;
const lostAfterMs = 60_000;

type Goods = { readonly variantId: VariantId; readonly uri: string };

/** Goods of the exchange that the neighbour shows. */
async function listGoods(exchange: Exchange, there: Neighbour): Promise<readonly Goods[]> {
  const rows = await exchange.query<{ variantId: VariantId; uri: string }>(
    `select v.id as "variantId", f.uri from variants v join federation_changes f on f.uri like '%/offer/' || v.id::text
     where f.op = 'upsert' order by f.uri limit 200`,
  );
  const { rows: held } = await there.services.db.execute<{ uri: string }>(
    sql`select uri from federation_mirrors where lane = 'offer'`,
  );
  const known = new Set(held.map(({ uri }) => uri));
  return rows.filter(({ uri }) => known.has(uri));
}

const at95 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;

/** Changes prices for `seconds` and sees when the neighbour says so too: milliseconds, one a change. */
async function lagsOf(exchange: Exchange, there: Neighbour, goods: readonly Goods[], seconds: number) {
  const lags: number[] = [];
  const waiting = new Map<string, { readonly priceVnd: number; readonly since: number }>();
  const until = performance.now() + seconds * 1_000;
  const look = async (): Promise<void> => {
    const { rows } = await there.services.db.execute<{ uri: string; amount: string }>(
      sql`select uri, record -> 'price' ->> 'amount' as amount from federation_mirrors where lane = 'offer' and uri = any(${sql.param([...waiting.keys()])}::text[])`,
    );
    for (const { uri, amount } of rows) {
      const asked = waiting.get(uri);
      if (asked?.priceVnd !== Number(amount)) continue;
      lags.push(performance.now() - asked.since);
      waiting.delete(uri);
    }
  };
  let turn = 0;
  let nextAt = performance.now();
  while (performance.now() < until || waiting.size > 0) {
    const now = performance.now();
    const one = goods[turn % goods.length];
    if (one && now < until && now >= nextAt && !waiting.has(one.uri)) {
      const priceVnd = 30_000 + Math.floor(Math.random() * 20_000);
      await exchange.services.products.setPrice('bench', one.variantId, vnd(priceVnd));
      waiting.set(one.uri, { priceVnd, since: performance.now() });
      turn += 1;
      nextAt = now + pauseMs.least + Math.random() * pauseMs.spread;
    }
    if (waiting.size > 0) await look();
    if (now > until + lostAfterMs) throw new Error(`${waiting.size} changes never came`);
    await sleep(20);
  }
  return lags;
}

/** Has everything read once, and leaves the rest to a worker process of the neighbour's own. */
async function openShop(exchange: Exchange, there: Neighbour) {
  await exchange.settled();
  const report = await there.services.federation.pullNow(benchKey);
  if (report?.state !== 'pulled') throw new Error('The neighbour pulled nothing');
  const goods = await listGoods(exchange, there);
  if (goods.length === 0) throw new Error('The neighbour shows nothing');
  const env = { ...there.env, PORT: String(await freePort()), ROLE: 'worker' };
  const worker = await startProcess({ env, readyWithinMs: 600_000 });
  await worker.ready();
  return { goods, worker };
}

export const measureFreshness = (exchange: Exchange, folder: DataFolder, seconds: number): Promise<Figure> =>
  withNeighbour(exchange, folder, 'fresh', async (there) => {
    const { goods, worker } = await openShop(exchange, there);
    const lags = await lagsOf(exchange, there, goods, seconds).finally(() => worker.stop());
    const note = `${lags.length} prices, from the commit here to the commit there, median ${(median(lags) / 1_000).toFixed(2)} s; by nudges alone`;
    return { name: 'Federation, freshness p95', value: at95(lags) / 1_000, unit: 's', target: { atMost: 5 }, note };
  });

/** A partner that takes connections and never says a word, which is worse than one that refuses them. */
async function openSilent() {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    end: (): void => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

const settleMs = 12_000;
const dead = Array.from({ length: 10 }, (_, n) => `chet-${n}`);

/** Partners that are asked every second and never answer; their breakers are held shut, so that each turn dies slowly. */
async function addDead({ services }: Neighbour, urls: readonly string[]): Promise<void> {
  for (const [n, key] of dead.entries()) {
    const settings = { url: '/hang.csv', defaultCategory: 'do-an-nhanh' };
    const url = urls[n] ?? '';
    await services.federation.connect('bench', { url, adapter: 'csv', key, cadenceSeconds: 1, settings });
    await services.federation.activate('bench', key);
  }
}

const holdShut = ({ services }: Neighbour): Promise<unknown> =>
  services.db.execute(sql`update partners set breaker = null where key like 'chet-%' and breaker is not null`);

/** With the dead and without in turns, divided within the round: what the machine does otherwise weighs on both. */
export const measureIsolation = (
  exchange: Exchange,
  folder: DataFolder,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Figure> =>
  withNeighbour(exchange, folder, 'eleventh', async (there) => {
    const { goods, worker } = await openShop(exchange, there);
    const { federation } = there.services;
    const servers = await Promise.all(dead.map(openSilent));
    await addDead(
      there,
      servers.map(({ url }) => url),
    );
    const shutter = setInterval(() => void holdShut(there).catch(() => {}), 500);
    const each = async (act: (key: string) => Promise<void>): Promise<void> => {
      for (const key of dead) await act(key);
    };
    try {
      const seen = { beside: [] as number[], alone: [] as number[] };
      const ratios: number[] = [];
      let now: keyof typeof seen = 'beside';
      for (let round = 0; round < rounds; round += 1) {
        const order = round % 2 === 0 ? (['beside', 'alone'] as const) : (['alone', 'beside'] as const);
        const p95 = { beside: Number.NaN, alone: Number.NaN };
        for (const which of order) {
          if (which !== now)
            await each((key) =>
              which === 'alone' ? federation.suspend('bench', key) : federation.activate('bench', key),
            );
          now = which;
          // Whoever was being asked when they were let in or shut out is asked to the end of that patience.
          await sleep(settleMs);
          const lags = await lagsOf(exchange, there, goods, seconds);
          seen[which].push(...lags);
          p95[which] = at95(lags);
        }
        ratios.push(p95.beside / p95.alone);
      }
      const [beside, alone] = [at95(seen.beside), at95(seen.alone)];
      const note = `median of ${rounds} rounds; of all p95 ${Math.round(beside)} ms of ${seen.beside.length} changes beside ten that never answer, ${Math.round(alone)} ms of ${seen.alone.length} alone; medians ${Math.round(median(seen.beside))} and ${Math.round(median(seen.alone))} ms`;
      const target = { atMost: 1.05 };
      return { name: 'Federation, eleventh beside ten dead', value: median(ratios), unit: 'ratio', target, note };
    } finally {
      clearInterval(shutter);
      await worker.stop();
      for (const server of servers) server.end();
    }
  });
