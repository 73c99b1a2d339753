import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '#config/config.ts';
import { type Environment, environment } from '#config/env.ts';
import { keptSecret } from '#config/secrets.ts';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import { freePort } from '#embedded/free-port.ts';
import type { ProductCard } from '#features/products/index.ts';
import { composeServices, type Services } from '../compose.ts';
import { demoProducts } from '../demo/catalogue.ts';
import { loadDemo } from '../demo/load.ts';
import { jobHandlers } from '../jobs.ts';
import { createLog, openStores } from '../stores.ts';

/** How often each asks the other, in seconds: an exchange does it every minute, a spectator would fall asleep. */
const cadenceSeconds = 2;
const patienceMs = 60_000;
const operator = 'operator';

type Half = 'first' | 'second';
type Exchange = {
  readonly key: string;
  readonly name: string;
  readonly url: string;
  /** The same services over the same database, for what an operator and a seller do here. */
  readonly desk: Services;
};

/** What was begun, to be ended in the reverse order whatever happens. */
type Cleanup = (() => Promise<unknown>)[];

const say = (line = ''): void => console.log(line);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const dong = (amount: number): string => `${amount.toLocaleString('vi-VN')} đ`;

/** Starts an exchange as a process of its own, with half of the demonstration catalogue. */
async function open(folder: string, key: string, name: string, half: Half, cleanup: Cleanup): Promise<Exchange> {
  const port = String(await freePort());
  const { PATH, HOME } = environment();
  const dataDir = join(folder, key);
  const env = { PATH, HOME, PORT: port, DATA_DIR: dataDir, DEMO: '0', FEDERATION_ALLOW_LOOPBACK: '1' };
  const child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  cleanup.push(() => end(child));
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  await until(`${name} is ready`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${log}`);
    return (await fetch(`${url}/readyz`).catch(() => undefined))?.ok === true;
  });
  const desk = await openDesk(env, cleanup);
  await loadDemo(desk, { password: keptSecret(dataDir, 'demo-password'), half });
  return { key, name, url, desk };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** The services of a running exchange in this process, as the commands have them. */
async function openDesk(env: Environment, cleanup: Cleanup): Promise<Services> {
  const config = loadConfig(env);
  const stores = await openStores(config, createLog('error'), { beside: true });
  const desk = composeServices(stores, config);
  for (const handler of jobHandlers(desk)) stores.jobs.handle(handler);
  await stores.jobs.open();
  cleanup.push(async () => {
    await stores.jobs.stop();
    await desk.close();
    await stores.close();
  });
  return desk;
}

/** Each enters the other's address and the fingerprint that stands in their agreement. */
async function introduce(here: Exchange, there: Exchange): Promise<void> {
  const { keyid: fingerprint } = there.desk.federation.identity;
  const { key, name, url } = there;
  await here.desk.federation.introduce(operator, { url, fingerprint, key, name, cadenceSeconds });
  await here.desk.federation.activate(operator, key);
  say(`  ${here.name} pins ${there.name}: ${url}  ${fingerprint}`);
}

/** What shoppers see at `exchange` of the partner, over HTTP like anybody. */
async function listed(exchange: Exchange, partner: string): Promise<readonly ProductCard[]> {
  const all: ProductCard[] = [];
  for (let cursor = ''; ; ) {
    const response = await fetch(`${exchange.url}/v1/products?partner=${partner}&limit=100${cursor}`);
    const page = (await response.json()) as { readonly items: ProductCard[]; readonly nextCursor: string | null };
    all.push(...page.items);
    if (page.nextCursor === null) return all;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

async function search(exchange: Exchange, words: string): Promise<readonly string[]> {
  const response = await fetch(`${exchange.url}/v1/search?q=${encodeURIComponent(words)}`);
  const { hits } = (await response.json()) as { readonly hits: readonly ProductCard[] };
  return hits.map(({ name }) => name);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<number> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > patienceMs) throw new Error(`${what}: not after ${seconds(patienceMs)}`);
    await sleep(100);
  }
  return performance.now() - started;
}

async function showCrossings(home: Exchange, abroad: Exchange): Promise<void> {
  const seen = () => listed(abroad, home.key);
  const [product] = (await listed(home, 'own')).filter(({ variants }) => variants.length === 1);
  const [variant] = product?.variants ?? [];
  if (!product || !variant) throw new Error('The catalogue is empty');
  const copyOf = async (name: string) => (await seen()).find((copy) => copy.name === name);

  say(`\n2. ${home.name} changes a price`);
  const price = vnd(variant.priceVnd + 5_000);
  await home.desk.products.setPrice(operator, variant.variantId, price);
  const priced = await until('the price', async () => (await copyOf(product.name))?.variants[0]?.priceVnd === price);
  const label = (await copyOf(product.name))?.partner;
  say(`   ${product.name}: ${dong(variant.priceVnd)} → ${dong(price)}`);
  say(
    `   ${abroad.name} shows it after ${seconds(priced)}, labelled "${label?.name}", price as of ${label?.priceAsOf}`,
  );

  say(`\n3. ${home.name} lists a new product`);
  const [sample] = demoProducts();
  if (!sample) throw new Error('The demonstration has no products');
  const name = 'Bánh pía nhân môn thử liên thông';
  const { businessId } = product.business;
  const draft = { ...sample.draft, sku: 'DEMO-LT', slug: 'banh-pia-lien-thong', nameVi: name };
  await transact(home.desk.db, operator, (tx) => home.desk.products.addProducts(tx, [{ businessId, draft }]));
  const arrived = await until('the new product', async () => (await copyOf(name)) !== undefined);
  const found = await until('the search', async () => (await search(abroad, 'thu lien thong')).includes(name));
  say(`   ${name}\n   ${abroad.name} shows it after ${seconds(arrived)}, its search finds it ${seconds(found)} later`);

  say(`\n4. ${home.name} withdraws ${product.name}`);
  await home.desk.products.withdraw(operator, product.productId);
  const left = await until('the withdrawal', async () => (await copyOf(product.name)) === undefined);
  say(`   ${abroad.name} shows it no more after ${seconds(left)}`);
}

async function demonstrate(folder: string, cleanup: Cleanup): Promise<void> {
  say('Two exchanges on this machine, each with half of the demonstration catalogue');
  const [here, there] = await Promise.all([
    open(folder, 'soc-trang', 'Sàn Sóc Trăng', 'first', cleanup),
    open(folder, 'tra-vinh', 'Sàn Trà Vinh', 'second', cleanup),
  ]);
  await introduce(here, there);
  await introduce(there, here);

  say('\n1. They show each other’s listings');
  for (const [home, abroad] of [
    [here, there],
    [there, here],
  ] as const) {
    const own = (await listed(home, 'own')).length;
    const ms = await until('the first pull', async () => (await listed(abroad, home.key)).length === own);
    say(`   ${abroad.name} shows all ${own} listings of ${home.name} (waited ${seconds(ms)})`);
  }
  await showCrossings(here, there);
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cho-noi-federation-'));
  // Under root PostgreSQL runs as another user, who has to get through to its data.
  await chmod(folder, 0o711);
  const cleanup: Cleanup = [() => rm(folder, { recursive: true, force: true })];
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Error('Interrupted')));
  });
  try {
    await Promise.race([demonstrate(folder, cleanup), interrupted]);
    say('\nEverything crossed over. Closing both exchanges.');
  } finally {
    for (const undo of cleanup.reverse()) await undo();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
