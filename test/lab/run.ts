import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '#config/config.ts';
import { transact } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { exchangeEnv } from '#test/support/exchange-env.ts';
import { createRandom, type Random } from '#test/support/random.ts';
import { composeServices } from '../../src/compose.ts';
import { loadReference } from '../../src/demo/load.ts';
import { jobHandlers } from '../../src/jobs.ts';
import { createLog, migrationsFolder, openStores } from '../../src/stores.ts';
import { openChaosProxy } from './chaos-proxy.ts';
import { type Asked, asPatientOwner, createExchange, type Exchange } from './exchange.ts';
import { LIES, type Liar, startLiar } from './liar.ts';
import { type Usage, watchUsage } from './usage.ts';
import { readStanding, type Standing } from './verdict.ts';

export type LabOptions = {
  /** PostgreSQL, as its owner; the databases of the lab are made there and dropped. */
  readonly server: string;
  readonly seconds: number;
  /** Of the driver, at least, however slow the machine is. */
  readonly steps?: number;
  readonly seed: number;
  readonly nodes: number;
  readonly liars?: number;
  /** How long after the healing everything may take to be equal. */
  readonly patienceMs: number;
  readonly say?: (line: string) => void;
};
export type LabReport = Standing & {
  readonly seed: number;
  readonly nodes: number;
  readonly lies: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** Whether the feeds alone brought everything in order, or the audit that follows a day later had to. */
  readonly healedBy: 'feed' | 'audit';
  readonly healedSeconds: number;
  readonly memoryMb: { readonly largest: number; readonly all: number };
  readonly usage: Usage | undefined;
  /** Empty when all is well. */
  readonly violations: readonly string[];
};

/** Twelve exchanges and seven liars that all ask each other every second would be 400 questions a second. */
const cadenceOf = (nodes: number): number => (nodes <= 3 ? 1 : 5);
/** Past every back-off, every breaker's pause and the grace of a broken chain of turns, and far before an audit is due. */
const backOffMs = 16 * 60_000;
const dayMs = 24 * 3_600_000;
const faultShare = 0.4;

/** A database with places, product sets and one business, from which each exchange starts. */
async function makeTemplate(server: string, name: string, folder: string): Promise<void> {
  await asPatientOwner(server, (client) => client.query(`create database ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate({ url: url.href, folder: migrationsFolder });
  const config = loadConfig({
    ...exchangeEnv,
    ROLE: 'web',
    DATABASE_URL: url.href,
    DATA_DIR: join(folder, 'template'),
  });
  const stores = await openStores(config, createLog('silent'));
  const services = composeServices(stores, config);
  for (const handler of jobHandlers(services)) stores.jobs.handle(handler);
  await stores.jobs.open();
  await transact(stores.db, 'lab', async (tx) => {
    await loadReference(services, tx);
    const business = { code: 'B001', slug: 'htx-vung-thom', name: 'HTX Vũng Thơm' };
    await services.businesses.addBusinesses(tx, [{ ...business, type: 'cooperative', status: 'approved' }]);
  });
  await stores.jobs.stop();
  await services.close();
  await stores.close();
}

type Lab = {
  readonly options: LabOptions;
  readonly random: Random;
  readonly exchanges: readonly Exchange[];
  readonly acts: Map<string, number>;
  readonly copies: Map<string, string>;
  /** Exchanges whose database was put back. */
  readonly restored: Set<string>;
  /** What an exchange could not do although nobody had killed it. */
  readonly failures: string[];
  readonly say: (line: string) => void;
};

const copyDatabase = (server: string, from: string, to: string): Promise<unknown> =>
  asPatientOwner(server, async (client) => {
    await client.query(`drop database if exists ${to} with (force)`);
    await client.query(`create database ${to} template ${from}`);
  });

/** The life of an exchange between two looks at it, by weight. */
const life = [
  ...Array<'create'>(6).fill('create'),
  ...Array<'price'>(8).fill('price'),
  ...Array<'stock'>(8).fill('stock'),
  ...Array<'withdraw'>(4).fill('withdraw'),
  ...Array<'restore'>(3).fill('restore'),
  ...Array<'part'>(1).fill('part'),
  ...Array<'heal'>(1).fill('heal'),
  'suspend',
  'kill',
] as const;

async function step({ random, exchanges, acts }: Lab, counter: { next: number }): Promise<void> {
  const exchange = random.pick(exchanges);
  const other = random.pick(exchanges.filter((one) => one !== exchange));
  const what = random.pick(life);
  const [nth, priceVnd, onHand] = [random.between(0, 9_999), random.between(20, 90) * 1_000, random.between(0, 40)];
  acts.set(what, (acts.get(what) ?? 0) + 1);
  const ask = (asked: Asked) => exchange.ask(asked);
  if (what === 'create') {
    counter.next += 1;
    await ask({ do: 'create', sku: `LAB-${counter.next}`, priceVnd, onHand });
  } else if (what === 'price') await ask({ do: 'price', nth, priceVnd });
  else if (what === 'stock') await ask({ do: 'stock', nth, onHand });
  else if (what === 'withdraw' || what === 'restore') await ask({ do: what, nth });
  else if (what === 'part') exchange.proxy.cut(random.chance(0.5) ? '*' : String(await other.ask({ do: 'identity' })));
  else if (what === 'heal') exchange.proxy.heal();
  else if (what === 'suspend') {
    await ask({ do: 'suspend', key: other.key });
    await ask({ do: 'activate', key: other.key });
  } else if (what === 'kill') {
    await exchange.kill();
    await exchange.start();
  }
}

/** Takes a copy of a database while its exchange is dead, or puts an older copy in its place. */
async function backUpOrRestore({ options, random, exchanges, acts, copies, restored }: Lab): Promise<void> {
  const exchange = random.pick(exchanges);
  const copy = copies.get(exchange.key);
  await exchange.kill();
  if (copy) {
    await copyDatabase(options.server, copy, exchange.database);
    restored.add(exchange.key);
    acts.set('restore-database', (acts.get('restore-database') ?? 0) + 1);
  } else {
    await copyDatabase(options.server, exchange.database, `${exchange.database}_copy`);
    copies.set(exchange.key, `${exchange.database}_copy`);
    acts.set('back-up', (acts.get('back-up') ?? 0) + 1);
  }
  await exchange.start();
}

async function live(lab: Lab, liars: readonly Liar[]): Promise<void> {
  const { options, random, exchanges, say } = lab;
  const counter = { next: 0 };
  for (const exchange of exchanges) {
    for (let made = 0; made < 5; made += 1) {
      counter.next += 1;
      const [priceVnd, onHand] = [random.between(20, 90) * 1_000, random.between(1, 40)];
      await exchange.ask({ do: 'create', sku: `LAB-${counter.next}`, priceVnd, onHand });
    }
  }
  // Else a slow machine would read everything by the snapshot at the end, which proves nothing of the changes.
  await settle(exchanges, liars, options.patienceMs);
  for (const { proxy } of exchanges) proxy.setWild(true);
  const until = performance.now() + options.seconds * 1_000;
  for (let at = 1; performance.now() < until || at <= (options.steps ?? 0); at += 1) {
    await step(lab, counter).catch((error: Error) => lab.failures.push(error.message));
    if (at % 40 === 0) await backUpOrRestore(lab);
    if (at % 100 === 0) say(`  ${at} steps, ${Math.max(0, Math.ceil((until - performance.now()) / 1_000))} s to go`);
    await sleep(random.between(10, 120));
  }
}

/** Everybody is back, nothing is in the way, and whoever waited has waited long enough. */
async function heal(exchanges: readonly Exchange[], partners: ReadonlyMap<Exchange, readonly string[]>) {
  for (const { proxy } of exchanges) {
    proxy.setWild(false);
    proxy.heal();
  }
  for (const exchange of exchanges) {
    for (const key of partners.get(exchange) ?? []) await exchange.ask({ do: 'activate', key });
  }
}

async function goOn(exchanges: readonly Exchange[], ms: number): Promise<void> {
  await Promise.all(exchanges.map((exchange) => exchange.forward(ms)));
  for (const exchange of exchanges) await exchange.ask({ do: 'restartTurns' });
}

async function settle(exchanges: readonly Exchange[], liars: readonly Liar[], patienceMs: number): Promise<Standing> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const standing = await readStanding(exchanges, liars);
    if (isQuiet(standing) || performance.now() > until) return standing;
    await sleep(1_000);
  }
}

const isQuiet = ({ drift, roots, stuck, untold, resurrected }: Standing): boolean =>
  drift === 0 && roots.equal === roots.of && stuck.length === 0 && untold === 0 && resurrected.length === 0;

/** `byFeed` is how it stood before a day passed and brought the audits. */
function violationsOf(
  standing: Standing,
  { restored, failures }: Lab,
  byFeed: Standing,
  liars: readonly Liar[],
): string[] {
  const { drift, roots, selfImports, untold, resurrected, believed, stuck, quarantined } = standing;
  const found = [
    ...failures.map((one) => `could not act: ${one}`),
    ...byFeed.differing
      .filter(({ origin }) => !restored.has(origin))
      .map(({ reader, origin }) => `only the audit of the next day can bring order to what ${reader} has of ${origin}`),
    drift > 0 && `${drift} records differ from their origin`,
    roots.equal < roots.of && `${roots.of - roots.equal} of ${roots.of} roots differ`,
    selfImports > 0 && `${selfImports} own goods came back`,
    untold > 0 && `${untold} products of which the feed says otherwise`,
    ...resurrected.map((one) => `shown though withdrawn: ${one}`),
    ...believed.map((one) => `believed a liar: ${one}`),
    ...stuck.map((one) => `stuck: ${one}`),
    ...liars.filter(({ counts }) => counts.lies === 0).map(({ lie }) => `the liar ${lie} was never heard`),
    // A restored exchange numbers anew, so for a while it said two things under one number; nothing else is explained.
    ...Object.keys(quarantined)
      .filter((name) => name.startsWith('honest ') && !(restored.size > 0 && name === 'honest rev-conflict'))
      .map((name) => `quarantined without cause: ${name}`),
  ];
  return found.filter((one): one is string => typeof one === 'string');
}

const sum = (maps: readonly ReadonlyMap<string, number>[]): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const [name, count] of maps.flatMap((map) => [...map])) all[name] = (all[name] ?? 0) + count;
  return all;
};

/** Lets exchanges live through faults, heals, and says what is left of them. Ends everything that it began. */
export async function runLab(options: LabOptions): Promise<LabReport> {
  const { server, seed, nodes, patienceMs, liars: liarCount = LIES.length, say = () => {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'cho-noi-lab-'));
  const prefix = `lab_${process.pid}_${Date.now().toString(36)}`;
  const random = createRandom(seed);
  const ahead = { ms: 0 };
  const watch = watchUsage();
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const drop = (name: string) =>
    asPatientOwner(server, (client) => client.query(`drop database if exists ${name} with (force)`));
  try {
    undo.push(() => drop(`${prefix}_template`));
    await makeTemplate(server, `${prefix}_template`, folder);
    const exchanges: Exchange[] = [];
    for (let at = 1; at <= nodes; at += 1) {
      const database = `${prefix}_n${at}`;
      const proxy = await openChaosProxy(createRandom(seed * 1_000 + at), faultShare);
      undo.push(proxy.close);
      await copyDatabase(server, `${prefix}_template`, database);
      undo.push(async () => [await drop(database), await drop(`${database}_copy`)]);
      const exchange = createExchange(`node-${at}`, { server, database, dataDir: join(folder, `n${at}`), proxy });
      undo.push(exchange.kill);
      await exchange.start();
      exchanges.push(exchange);
    }
    say(`${nodes} exchanges run`);
    const victim = new URL(exchanges[0]?.proxy.url ?? '').host;
    const liars: Liar[] = [];
    for (const lie of LIES.slice(0, liarCount)) {
      const liar = await startLiar(lie, () => new Date(Date.now() + ahead.ms), victim);
      undo.push(liar.close);
      liars.push(liar);
    }
    const partners = await introduceAll(exchanges, liars, cadenceOf(nodes));
    const lab: Lab = {
      options,
      random,
      exchanges,
      acts: new Map(),
      copies: new Map(),
      restored: new Set(),
      failures: [],
      say,
    };
    await live(lab, liars);
    say('Healing');
    const began = performance.now();
    await heal(exchanges, partners);
    ahead.ms += backOffMs;
    await goOn(exchanges, backOffMs);
    const byFeed = await settle(exchanges, liars, patienceMs / 2);
    let standing = byFeed;
    const healedBy = isQuiet(standing) ? 'feed' : 'audit';
    if (healedBy === 'audit') {
      say(`Not equal by the feeds alone: drift ${standing.drift}. A day passes`);
      ahead.ms += dayMs;
      await goOn(exchanges, dayMs);
      standing = await settle(exchanges, liars, patienceMs / 2);
    }
    const memories = await Promise.all(exchanges.map((one) => one.ask({ do: 'memory' })));
    const memory = [...memories.map(Number), process.memoryUsage().rss].map((bytes) => Math.round(bytes / 1_048_576));
    return {
      ...standing,
      ...{ seed, nodes, healedBy, healedSeconds: Math.round((performance.now() - began) / 1_000) },
      lies: Object.fromEntries(liars.map(({ lie, counts }) => [lie, counts.lies])),
      acts: Object.fromEntries(lab.acts),
      faults: sum(exchanges.map(({ proxy }) => proxy.counts)),
      memoryMb: { largest: Math.max(...memory), all: memory.reduce((a, b) => a + b, 0) },
      usage: watch.stop(),
      violations: violationsOf(standing, lab, byFeed, liars),
    };
  } finally {
    watch.stop();
    for (const end of undo.reverse()) await end();
  }
}

/** Every exchange pins the key of every other and of every liar, and lets them in. */
async function introduceAll(exchanges: readonly Exchange[], liars: readonly Liar[], cadenceSeconds: number) {
  const partners = new Map<Exchange, readonly string[]>();
  const known = new Map<Exchange, string>();
  for (const exchange of exchanges) known.set(exchange, String(await exchange.ask({ do: 'identity' })));
  for (const reader of exchanges) {
    const others = exchanges
      .filter((one) => one !== reader)
      .map((one) => ({ url: one.proxy.url, fingerprint: known.get(one) ?? '', key: one.key, cadenceSeconds }));
    const false_ = liars.map(({ url, fingerprint, key }) => ({ url, fingerprint, key, cadenceSeconds }));
    for (const partner of [...others, ...false_]) {
      await reader.ask({ do: 'introduce', partner });
      await reader.ask({ do: 'activate', key: partner.key });
    }
    partners.set(
      reader,
      [...others, ...false_].map(({ key }) => key),
    );
  }
  return partners;
}
