import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStripe } from '#test/support/providers/stripe.ts';
import { createRandom, type Random } from '#test/support/random.ts';
import { openChaosProxy } from './chaos-proxy.ts';
import { type Asked, asPatientOwner, createExchange, type Exchange } from './exchange.ts';
import { introduceAll } from './introducing.ts';
import { LIES, type Liar, startLiar } from './liar.ts';
import { finishSagas, judgeSagas, type SagaReport, settleSagas } from './sagas.ts';
import { createShoppers, type Shoppers } from './shoppers.ts';
import { copyDatabase, makeTemplate } from './template.ts';
import { type Usage, watchUsage } from './usage.ts';
import { type Held, readStanding, type Standing } from './verdict.ts';

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
  readonly sagas: SagaReport;
  /** Lanes that were held since much of them would have vanished at once, and that an officer let go. */
  readonly released: readonly string[];
  /** Empty when all is well. */
  readonly violations: readonly string[];
};

/** Twelve exchanges and seven liars that all ask each other every second would be 400 questions a second. */
const cadenceOf = (nodes: number): number => (nodes <= 3 ? 1 : 5);
/** Past every back-off, every breaker's pause and the grace of a broken chain of turns, and far before an audit is due. */
const backOffMs = 16 * 60_000;
const dayMs = 24 * 3_600_000;
/** Past every deadline of an order, and of a shopper who has accepted terms. */
const deadlinesMs = 45 * 60_000;
/** Some turns of every partner, on a machine that others use as well. */
const stillMs = 90_000;
const faultShare = 0.4;

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
  /** Held lanes that an officer let go. */
  readonly released: string[];
  readonly shoppers: Shoppers;
  /** How far the clocks of all are ahead of this machine's. */
  readonly ahead: { ms: number };
  readonly say: (line: string) => void;
};

/** The life of an exchange between two looks at it, by weight. */
const life = [
  ...Array<'create'>(6).fill('create'),
  ...Array<'price'>(8).fill('price'),
  ...Array<'stock'>(8).fill('stock'),
  ...Array<'withdraw'>(4).fill('withdraw'),
  ...Array<'restore'>(3).fill('restore'),
  ...Array<'part'>(1).fill('part'),
  ...Array<'heal'>(3).fill('heal'),
  ...Array<'buy'>(24).fill('buy'),
  ...Array<'sell'>(4).fill('sell'),
  'suspend',
  'kill',
  'pass',
] as const;

/** Sellers pack and send; now and then one has nothing left of what was sold. */
const sellers = ['confirm', 'confirm', 'confirm', 'ship', 'deliver', 'call-off'] as const;

async function step(lab: Lab, counter: { next: number }): Promise<void> {
  const { random, exchanges, acts } = lab;
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
  else if (what === 'buy') for (const one of [exchange, other, exchange]) lab.shoppers.send(one);
  else if (what === 'sell') await ask({ do: 'sell', nth, how: random.pick(sellers) });
  else if (what === 'pass') await letPass(lab, random.between(1, 4) * 60_000);
  else if (what === 'suspend') {
    await ask({ do: 'suspend', key: other.key });
    // Some stay shut out for a while, with orders under way.
    await sleep(random.pick([0, 0, 3_000]));
    await ask({ do: 'activate', key: other.key });
  } else if (what === 'kill') {
    await exchange.kill();
    await exchange.start();
  }
}

/** For everybody: deadlines come near, quotes lapse. */
async function letPass({ exchanges, ahead }: Lab, ms: number): Promise<void> {
  ahead.ms += ms;
  await Promise.all(exchanges.map((exchange) => exchange.forward(ms)));
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
  for (const { proxy, stripe } of exchanges) {
    proxy.setWild(true);
    stripe.setWild(createRandom(random.between(1, 1_000_000)));
  }
  const until = performance.now() + options.seconds * 1_000;
  for (let at = 1; performance.now() < until || at <= (options.steps ?? 0); at += 1) {
    await step(lab, counter).catch((error: Error) => lab.failures.push(error.message));
    if (at % 40 === 0) await backUpOrRestore(lab);
    // Refunds that are slow arrive when the lab has healed.
    if (at % 10 === 0) for (const { stripe } of exchanges) stripe.refundsAre(random.pick(['succeeded', 'pending']));
    if (at % 100 === 0) say(`  ${at} steps, ${Math.max(0, Math.ceil((until - performance.now()) / 1_000))} s to go`);
    await sleep(random.between(10, 120));
  }
  await lab.shoppers.gone();
}

/** Sagas come to their end: deadlines pass, then days, and each pair of exchanges settles them. */
async function endSagas({ options, exchanges, restored, ahead, began }: Lab & { readonly began: Date }) {
  const [goForward, now] = [
    async (ms: number) => {
      ahead.ms += ms;
      await goOn(exchanges, ms);
      await finishSagas(exchanges, options.patienceMs / 4);
    },
    () => new Date(Date.now() + ahead.ms),
  ];
  await goForward(deadlinesMs);
  await goForward(dayMs);
  const dayOf = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10);
  const days = (): string[] => {
    const found: string[] = [];
    for (let at = began.getTime(); dayOf(at) < dayOf(now().getTime()); at += dayMs) found.push(dayOf(at));
    return found;
  };
  const first = days();
  const silent = [...(await settleSagas(exchanges, first))];
  // What the comparison has brought to light is mended, and belongs to the day after.
  await goForward(dayMs);
  silent.push(...(await settleSagas(exchanges, days().slice(first.length))));
  const { report, violations } = await judgeSagas(exchanges, restored, now());
  return { report, violations: [...violations, ...silent.map((one) => `no settlement: ${one}`)] };
}

/** Everybody is back, nothing is in the way, and whoever waited has waited long enough. */
async function heal(exchanges: readonly Exchange[], partners: ReadonlyMap<Exchange, readonly string[]>) {
  for (const { proxy, stripe } of exchanges) {
    proxy.setWild(false);
    proxy.heal();
    stripe.setWild(undefined);
    stripe.refundsAre('succeeded');
  }
  for (const exchange of exchanges) {
    for (const key of partners.get(exchange) ?? []) await exchange.ask({ do: 'activate', key });
  }
}

async function goOn(exchanges: readonly Exchange[], ms: number): Promise<void> {
  await Promise.all(exchanges.map((exchange) => exchange.forward(ms)));
  for (const exchange of exchanges) await exchange.ask({ do: 'restartTurns' });
}

/**
 * An officer rings up an exchange of which much would vanish at once, hears that its database was put back, and compares the
 * number with what that one has: then the lane may go on. Of anybody else it stays held, and is found stuck.
 */
const createOfficer =
  ({ exchanges, restored, released }: Pick<Lab, 'exchanges' | 'restored' | 'released'>) =>
  async ({ reader, origin, wouldGo, isGone }: Held): Promise<void> => {
    if (!restored.has(origin) || wouldGo !== isGone) return;
    released.push(`${reader} of ${origin}: ${wouldGo}`);
    await exchanges.find(({ key }) => key === reader)?.ask({ do: 'release', key: origin });
  };

async function settle(
  exchanges: readonly Exchange[],
  liars: readonly Liar[],
  patienceMs: number,
  release: (held: Held) => Promise<void> = async () => {},
): Promise<Standing> {
  const until = performance.now() + patienceMs;
  let [before, since] = ['', performance.now()];
  for (;;) {
    const standing = await readStanding(exchanges, liars);
    for (const held of standing.held) await release(held);
    const words = JSON.stringify([standing.drift, standing.differing, standing.stuck, standing.untold]);
    if (words !== before) [before, since] = [words, performance.now()];
    // All lanes are read to their end again and again, and nothing moves: what differs the feeds do not tell.
    const isStill = standing.stuck.length === 0 && standing.untold === 0 && performance.now() - since > stillMs;
    if (isQuiet(standing) || isStill || performance.now() > until) return standing;
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
      const stripe = await startStripe(seed * 1_000 + at);
      undo.push(stripe.close);
      const dataDir = join(folder, `n${at}`);
      const exchange = createExchange(`node-${at}`, { server, database, dataDir, proxy, stripe });
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
    const lab = openLab({ options, random, exchanges, ahead, say });
    const bornAt = new Date();
    await live(lab, liars);
    say('Healing');
    const began = performance.now();
    await heal(exchanges, partners);
    ahead.ms += backOffMs;
    await goOn(exchanges, backOffMs);
    const officer = createOfficer(lab);
    const byFeed = await settle(exchanges, liars, patienceMs / 2, officer);
    let standing = byFeed;
    const healedBy = isQuiet(standing) ? 'feed' : 'audit';
    if (healedBy === 'audit') {
      say(`Not equal by the feeds alone: drift ${standing.drift}. A day passes`);
      ahead.ms += dayMs;
      await goOn(exchanges, dayMs);
      standing = await settle(exchanges, liars, patienceMs / 2, officer);
    }
    say('Sagas end');
    const sagas = await endSagas({ ...lab, began: bornAt });
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
      sagas: sagas.report,
      released: lab.released,
      violations: [...violationsOf(standing, lab, byFeed, liars), ...sagas.violations],
    };
  } finally {
    watch.stop();
    for (const end of undo.reverse()) await end();
  }
}

function openLab(given: Pick<Lab, 'options' | 'random' | 'exchanges' | 'ahead' | 'say'>): Lab {
  const [acts, failures] = [new Map<string, number>(), [] as string[]];
  const note = (what: string): void => void acts.set(what, (acts.get(what) ?? 0) + 1);
  const shoppers = createShoppers(createRandom(given.options.seed + 1), note, (what) => void failures.push(what));
  return { ...given, acts, failures, shoppers, released: [], copies: new Map(), restored: new Set() };
}
