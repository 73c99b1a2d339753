import { setTimeout as sleep } from 'node:timers/promises';
import { asPatientOwner, type Exchange } from './exchange.ts';

type Leg = {
  readonly id: string;
  readonly partner: string;
  readonly state: string;
  readonly reason: string | null;
  readonly orderId: string | null;
  readonly accepted: number | null;
};
type Sold = {
  readonly orderId: string;
  readonly key: string;
  readonly partner: string;
  readonly state: string;
  /** What the partner owes for it by the books of the origin. */
  readonly owed: number;
};
type Account = { readonly account: string; readonly sum: number };
type Day = {
  readonly partner: string;
  readonly day: string;
  readonly agrees: boolean;
  /** The orders that the two have otherwise. */
  readonly differing: readonly string[];
};
type Books = {
  readonly exchange: Exchange;
  readonly legs: readonly Leg[];
  readonly sold: readonly Sold[];
  readonly accounts: readonly Account[];
  readonly days: readonly Day[];
  /** Goods that are held for a partner although its time is over. */
  readonly orphans: number;
  readonly recovered: number;
  /** What finance was told of, by the keys of its notices. */
  readonly told: readonly { readonly key: string }[];
};
export type SagaReport = {
  readonly legs: number;
  readonly states: Readonly<Record<string, number>>;
  readonly taken: number;
  readonly givenBack: number;
  readonly sold: number;
  readonly doubleCaptures: number;
  readonly orphanHolds: number;
  readonly notEnded: number;
  /** Legs whose money was found at the provider after a database was put back. */
  readonly recovered: number;
  readonly settledDays: { readonly equal: number; readonly of: number };
  /** What only the settlement comparison finds, where a database was put back. */
  readonly explained: readonly string[];
  readonly provider: Readonly<Record<string, number>>;
};

const read = (exchange: Exchange, now: Date): Promise<Books> =>
  asPatientOwner(exchange.databaseUrl, async (client) => {
    const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
      (await client.query(text, values)).rows as Row[];
    const [counts] = await rows<{ orphans: number; recovered: number }>(
      `select (select count(*)::int from holds where source = 'partner' and status = 'held' and expires_at < $1) as orphans,
        (select count(*)::int from exchange_leg_steps where from_state = 'lapsed') as recovered`,
      [now],
    );
    return {
      exchange,
      legs: await rows(
        `select id, partner_key as partner, order_id as "orderId", state, reason, accepted_vnd::float as accepted from exchange_legs`,
      ),
      sold: await rows(`select p.group_id as "orderId", p.key, p.partner_key as partner, p.document ->> 'state' as state, coalesce((
          select sum(e.amount_vnd) from payments a join journals j on j.reference = any(array(select a.id union all select r.cause from refunds r where r.payment_id = a.id))
            join entries e on e.journal_id = j.id and e.account = 'receivable:' || p.partner_key where a.group_id = p.group_id), 0)::float as owed
        from partner_orders p`),
      accounts: await rows(`select account, sum(amount_vnd)::float as sum from entries
        where account like 'owed:%' or account like 'receivable:%' group by 1`),
      days: await rows(`select partner_key as partner, day::text as day, agrees, array(select o ->> 'orderId' from (
            select * from jsonb_array_elements(ours -> 'orders') a(o) union all select * from jsonb_array_elements(theirs -> 'orders') b(o)) x
          group by 1 having count(distinct (o - 'state')) > 1 or count(*) < 2) as differing from exchange_settlements`),
      told: await rows(`select key from notices where key like 'exchange-order.%'`),
      orphans: counts?.orphans ?? 0,
      recovered: counts?.recovered ?? 0,
    };
  });

/** Until nobody has anything left to do twice in a row, or patience ends. Exchanges that stumble are asked again. */
export async function finishSagas(exchanges: readonly Exchange[], patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  for (let quiet = 0; quiet < 2 && performance.now() < until; ) {
    for (const { stripe } of exchanges) for (const id of stripe.pendingRefunds()) stripe.arriveRefund(id);
    const open = await Promise.all(exchanges.map((one) => one.ask({ do: 'finish' }).catch(() => 1)));
    quiet = open.every((count) => count === 0) ? quiet + 1 : 0;
    if (quiet === 0) await sleep(1_000);
  }
}

/** Each buyer compares each day that is over with each of its partners, until all have answered. */
export async function settleSagas(exchanges: readonly Exchange[], days: readonly string[]): Promise<readonly string[]> {
  const silent: string[] = [];
  for (const buyer of exchanges)
    for (const { key } of exchanges.filter((one) => one !== buyer))
      for (const day of days) {
        const ask = () => buyer.ask({ do: 'settle', key, day }).catch(() => false);
        if (!(await ask()) && !(await ask()) && !(await ask())) silent.push(`${buyer.key} with ${key} for ${day}`);
      }
  return silent;
}

const countBy = <Item>(items: readonly Item[], name: (item: Item) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[name(item)] = (counts[name(item)] ?? 0) + 1;
  return counts;
};
const sumOf = (items: readonly { readonly sum: number }[]): number => items.reduce((all, { sum }) => all + sum, 0);
const ended = new Set(['done', 'lapsed', 'void', 'refunded', 'refund-owed', 'confirmed', 'fulfilling']);

/** `isKnown`: whether people know of it already, by the settlement of the very order or because finance was told. */
type Blame = (buyer: string, origin: string, what: string, isKnown?: boolean) => void;
/** Of each leg that a provider or a buyer knows: what was kept of its money, and for how much its origin has sold. */
function compareMoney(books: readonly Books[], blame: Blame, violations: string[]) {
  const sums = { taken: 0, givenBack: 0, doubleCaptures: 0 };
  for (const { exchange, legs, days, told } of books) {
    const differing = new Set(days.flatMap((day) => day.differing));
    const known = new Map(legs.map((leg) => [leg.id, leg]));
    const money = exchange.stripe.moneyBy('leg');
    const partnerOf = exchange.stripe.namesBy('leg', 'partner');
    for (const id of new Set([...money.keys(), ...known.keys()])) {
      const paid = money.get(id) ?? { taken: 0, captures: 0, back: 0, setAside: 0, references: [] };
      const leg = known.get(id);
      const origin = leg?.partner ?? partnerOf.get(id) ?? '';
      const orders = ordersOf(books, id, exchange.key);
      sums.taken += paid.taken;
      sums.givenBack += paid.back;
      const words = `${leg ? `${leg.state} (${leg.reason ?? ''})` : 'no leg'}, ${orders.map(({ state }) => state).join(' and ') || 'no order'}`;
      if (paid.captures > 1) violations.push(`${exchange.key}: ${paid.captures} captures for one leg, ${words}`);
      sums.doubleCaptures += Math.max(0, paid.captures - 1);
      if (paid.setAside > 0) blame(exchange.key, origin, `${paid.setAside} đồng is set aside still, ${words}`);
      const [kept, sold] = [paid.taken - paid.back, orders.reduce((sum, { owed }) => sum + owed, 0)];
      const names = [...orders.map(({ orderId }) => orderId), leg?.orderId ?? ''];
      const isTold = told.some(({ key }) => [id, ...paid.references, ...names].some((one) => one && key.includes(one)));
      const isFound = isTold || names.some((one) => differing.has(one));
      if (kept !== sold)
        blame(exchange.key, origin, `${kept} đồng kept of what is sold for ${sold}, ${words}`, isFound);
    }
  }
  return sums;
}
const ordersOf = (books: readonly Books[], leg: string, buyer: string): readonly Sold[] =>
  books.flatMap(({ sold }) => sold.filter(({ key, partner }) => key === `leg:${leg}` && partner === buyer));

/** What each says that it owes another, against what that one says. */
function compareAccounts(books: readonly Books[], blame: Blame): void {
  for (const buyer of books)
    for (const origin of books.filter((one) => one !== buyer)) {
      const [key, other] = [buyer.exchange.key, origin.exchange.key];
      const owed = 0 - sumOf(buyer.accounts.filter(({ account }) => account === `owed:${other}`));
      const due = sumOf(origin.accounts.filter(({ account }) => account === `receivable:${key}`));
      if (owed !== due) blame(key, other, `owes ${owed} by its own books, ${due} by theirs`);
    }
}

/**
 * Holds three sets of books against each other: each buyer's legs, each origin's orders, and what each card provider took
 * and gave back. Whatever differs is a violation, but for two exchanges of which one was put back to an older database and
 * whose settlement says that they differ: then people know.
 */
export async function judgeSagas(exchanges: readonly Exchange[], restored: ReadonlySet<string>, now: Date) {
  const books = await Promise.all(exchanges.map((one) => read(one, now)));
  const [violations, explained]: [string[], string[]] = [[], []];
  const days = books.flatMap((one) => one.days.map((day) => ({ ...day, buyer: one.exchange.key })));
  const differing = days.filter(({ agrees }) => !agrees);
  const differ = new Set(differing.map(({ buyer, partner }) => `${buyer} ${partner}`));
  const blame: Blame = (buyer, origin, what, isKnown = differ.has(`${buyer} ${origin}`)) => {
    const isExplained = (restored.has(buyer) || restored.has(origin)) && isKnown;
    (isExplained ? explained : violations).push(`${buyer} at ${origin}: ${what}`);
  };
  const sums = compareMoney(books, blame, violations);
  compareAccounts(books, blame);
  for (const { buyer, partner, day } of differing) blame(buyer, partner, `the settlement of ${day} differs`);
  const legs = books.flatMap((one) => one.legs);
  const open = legs.filter(({ state }) => !ended.has(state));
  violations.push(...open.map(({ state, reason }) => `a leg has not ended: ${state} (${reason ?? ''})`));
  // No provider of the lab refuses to give money back.
  const owed = legs.filter(({ state }) => state === 'refund-owed').length;
  if (owed > 0) violations.push(`${owed} legs whose money a person has to give back`);
  const orphanHolds = books.reduce((sum, { orphans }) => sum + orphans, 0);
  if (orphanHolds > 0) violations.push(`${orphanHolds} holds that nobody lets go`);
  for (const exchange of exchanges) {
    const found = String(await exchange.ask({ do: 'verify' }));
    if (found !== '') violations.push(`the books of ${exchange.key}: ${found}`);
  }
  const report: SagaReport = {
    legs: legs.length,
    states: countBy(legs, ({ state }) => state),
    ...sums,
    sold: books.flatMap(({ sold }) => sold).reduce((all, { owed }) => all + owed, 0),
    orphanHolds,
    notEnded: open.length,
    recovered: books.reduce((sum, { recovered }) => sum + recovered, 0),
    settledDays: { equal: days.length - differing.length, of: days.length },
    explained,
    provider: sumMaps(exchanges.map(({ stripe }) => stripe.met)),
  };
  return { report, violations };
}

const sumMaps = (maps: readonly ReadonlyMap<string, number>[]): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const [name, count] of maps.flatMap((map) => [...map])) all[name] = (all[name] ?? 0) + count;
  return all;
};
