import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#config/config.ts';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import { freePort } from '#embedded/free-port.ts';
import type { ProductCard } from '#features/products/index.ts';
import { createDatabase } from '#test/support/database.ts';
import { startProcess, type TestProcess } from '#test/support/processes.ts';
import { composeServices } from '../../../src/compose.ts';
import { jobHandlers } from '../../../src/jobs.ts';
import { createLog, openStores } from '../../../src/stores.ts';
import { draftOf } from './node.ts';

type Exchange = Awaited<ReturnType<typeof openExchange>>;

/** What was begun, ended in the reverse order even when the beginning failed. */
const undo: (() => Promise<unknown>)[] = [];

/** An exchange as it is run for real: a web process, a worker, a database. The desk is where its people act. */
async function openExchange() {
  const database = await createDatabase();
  undo.push(database.drop);
  const dataDir = await mkdtemp(join(tmpdir(), 'cho-noi-exchange-'));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const shared = { DATABASE_URL: database.url, DATA_DIR: dataDir, PUBLIC_URL: url, FEDERATION_ALLOW_LOOPBACK: '1' };
  const start = async (env: Readonly<Record<string, string>>): Promise<TestProcess> => {
    const started = await startProcess({ env: { ...shared, ...env } });
    undo.push(() => started.stop());
    await started.ready();
    return started;
  };
  const startWeb = () => start({ ROLE: 'web', PORT: port });
  const [web] = await Promise.all([startWeb(), start({ ROLE: 'worker' })]);

  const config = loadConfig({ ...shared, ROLE: 'worker' });
  const stores = await openStores(config, createLog('silent'), { beside: true });
  const desk = composeServices(stores, config);
  undo.push(async () => {
    await stores.jobs.stop();
    await desk.close();
    await stores.close();
  });
  for (const handler of jobHandlers(desk)) stores.jobs.handle(handler);
  await stores.jobs.open();
  const [businessId] = await transact(desk.db, 'test', (tx) =>
    desk.businesses.addBusinesses(tx, [
      { code: 'B001', slug: 'htx-vung-thom', name: 'HTX Vũng Thơm', type: 'cooperative', status: 'approved' },
    ]),
  );
  if (!businessId) throw new Error('no business');

  const serving = { web };
  return {
    url,
    desk,
    /** Ends the web process without a word. */
    killWeb: () => serving.web.kill(),
    restartWeb: async () => {
      serving.web = await startWeb();
    },
    env: shared,
    add: async (name: string, priceVnd: number) => {
      const additions = [{ businessId, draft: draftOf(name, priceVnd) }];
      const [id] = await transact(desk.db, 'test', (tx) => desk.products.addProducts(tx, additions));
      if (!id) throw new Error('no product');
      return id;
    },
  };
}

let home: Exchange;
let abroad: Exchange;
beforeAll(async () => {
  [home, abroad] = await Promise.all([openExchange(), openExchange()]);
}, 120_000);
afterAll(async () => {
  for (const end of undo.reverse()) await end();
}, 60_000);

const shown = async (at: Exchange): Promise<Record<string, number | undefined>> => {
  const response = await fetch(`${at.url}/v1/products?partner=home&limit=100`);
  const { items } = (await response.json()) as { items: ProductCard[] };
  return Object.fromEntries(items.map(({ name, variants }) => [name, variants[0]?.priceVnd]));
};
async function until(seen: () => Promise<unknown>, expected: unknown): Promise<void> {
  let last: unknown;
  for (let left = 450; left > 0; left -= 1) {
    last = await seen().catch(String);
    if (JSON.stringify(last) === JSON.stringify(expected)) return;
    await sleep(100);
  }
  expect(last).toEqual(expected);
}
const cli = async (at: Exchange, ...args: string[]): Promise<void> => {
  const run = await startProcess({ file: 'src/cli/main.ts', args, env: at.env });
  const { code } = await run.ended;
  if (code !== 0) throw new Error(run.output());
};

test('a price, a new product and a withdrawal cross over, with both web processes killed in between', async () => {
  const { keyid: fingerprint } = home.desk.federation.identity;
  await cli(abroad, 'partner:add', '--url', home.url, '--fingerprint', fingerprint, '--key', 'home', '--every', '1');
  await home.desk.federation.introduce('test', {
    url: abroad.url,
    fingerprint: abroad.desk.federation.identity.keyid,
    key: 'abroad',
  });
  await home.desk.federation.activate('test', 'abroad');
  await abroad.desk.federation.activate('test', 'home');

  const pia = await home.add('Bánh pía', 65_000);
  await home.add('Mè láo', 30_000);
  await until(() => shown(abroad), { 'Mè láo': 30_000, 'Bánh pía': 65_000 });

  await Promise.all([home.killWeb(), abroad.killWeb()]);
  const { variants } = await home.desk.products.getProduct(pia);
  const [variant] = variants;
  if (!variant) throw new Error('no variant');
  await home.desk.products.setPrice('test', variant.variantId, vnd(67_000));
  await home.add('Bánh in', 25_000);
  await Promise.all([home.restartWeb(), abroad.restartWeb()]);
  await until(() => shown(abroad), { 'Bánh in': 25_000, 'Mè láo': 30_000, 'Bánh pía': 67_000 });

  await home.desk.products.withdraw('test', pia);
  await until(() => shown(abroad), { 'Bánh in': 25_000, 'Mè láo': 30_000 });

  const partner = (await abroad.desk.federation.listPartners()).find(({ key }) => key === 'home');
  expect(partner?.lanes).toMatchObject([{ state: 'ok' }, { state: 'ok' }]);
}, 180_000);
