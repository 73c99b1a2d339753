import { dayMs } from '#core/clock.ts';
import { transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { moneyOf, type RemoteOrder, settlementRoot } from '#federation/protocol/ordering.ts';
import { ACTOR, type Deps } from './deps.ts';
import { hear, lookAgain } from './hearing.ts';
import {
  findFeed,
  forgetRevisions,
  listSettled,
  listTradedWith,
  listUntold,
  saveFeed,
  saveSettlement,
} from './queries.ts';
import type { OwnStatement } from './tables.ts';
import { listDay } from './views.ts';

/** Returns are taken back for a while after the goods came, and settled when they are. */
const followedMs = 120 * dayMs;
const pagesAtOnce = 20;
/** An exchange that says nothing today is asked for the day tomorrow. */
const settledBackDays = 7;

/** One page, as far as it can be settled now: what could not is read once more, for the cursor stays before it. */
async function readPage(deps: Deps, partnerKey: string): Promise<'more' | 'read' | 'again'> {
  const { db, origins, now } = deps;
  const cursor = (await findFeed(db, partnerKey)) || undefined;
  const outcome = await origins.orderChanges(partnerKey, cursor);
  if ('refused' in outcome && cursor !== undefined)
    // A cursor that counts no more is thrown away, for the origin was put back to a backup: all orders are read again, and
    // their revisions count anew.
    await transact(db, ACTOR, async (tx) => {
      await saveFeed(tx, partnerKey, '', now());
      await forgetRevisions(tx, partnerKey);
    });
  if (!('ok' in outcome)) return 'again';
  const { items, next, hasMore } = outcome.ok;
  for (const order of items) if (!(await hear(deps, partnerKey, order))) return 'again';
  await transact(db, ACTOR, (tx) => saveFeed(tx, partnerKey, next, now()));
  return hasMore ? 'more' : 'read';
}

/** Reads what an exchange has to tell of our orders, page by page. An answer that does not come is asked for in a minute. */
async function followExchange(deps: Deps, partnerKey: string): Promise<boolean> {
  for (let page = 0; page < pagesAtOnce; page += 1) {
    const read = await readPage(deps, partnerKey);
    if (read === 'again') return false;
    if (read === 'read') break;
  }
  for (const orderId of await listUntold(deps.db, partnerKey)) await lookAgain(deps, partnerKey, orderId);
  return true;
}

const dayOf = (instant: Date): string => new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);

/** What we owe the exchange for a day, by our own books. */
async function statementOf({ db }: Deps, partnerKey: string, day: string): Promise<OwnStatement> {
  const rows = await listDay(db, partnerKey, day);
  const orders = rows.map(({ orderId, state, goods, shipping, refunded }) => ({
    orderId,
    state: state as RemoteOrder['state'],
    goods: moneyOf(goods),
    shipping: moneyOf(shipping),
    refunded: moneyOf(refunded),
  }));
  const due = rows.reduce((sum, { goods, shipping, refunded }) => sum + goods + shipping - refunded, 0);
  return { day, orders, due: moneyOf(due), root: settlementRoot(orders) };
}

/** Compares a day with an exchange. Where the two differ both statements are kept, theirs as it was signed, and finance is told. */
async function settleDay(deps: Deps, partnerKey: string, day: string): Promise<boolean> {
  const { db, origins, notices, now } = deps;
  const outcome = await origins.settlement(partnerKey, day);
  if (!('ok' in outcome)) return false;
  const { document: theirs, body: theirBody, signature: theirSignature } = outcome.ok;
  const ours = await statementOf(deps, partnerKey, day);
  const agrees = ours.root === theirs.root && ours.due.amount === theirs.due.amount;
  await transact(db, ACTOR, async (tx) => {
    await saveSettlement(tx, { partnerKey, day, ours, theirs, theirBody, theirSignature, agrees, comparedAt: now() });
    if (agrees) return;
    await notices.tell(tx, {
      kind: 'exchange-order.settlement-differs',
      to: { staffRole: 'finance' },
      values: { partner: partnerKey, day },
      path: '/quan-tri',
      key: `exchange-order.settlement-differs:${partnerKey}:${day}`,
    });
  });
  // Where a database was put back the orders that the two see otherwise are looked at, and what can be mended is.
  if (!agrees) for (const orderId of differing(ours.orders, theirs.orders)) await lookAgain(deps, partnerKey, orderId);
  return true;
}

type Sums = OwnStatement['orders'];
function differing(ours: Sums, theirs: Sums): readonly string[] {
  const words = (orders: Sums) =>
    new Map(
      orders.map(({ orderId, goods, shipping, refunded }) => [
        orderId,
        `${goods.amount} ${shipping.amount} ${refunded.amount}`,
      ]),
    );
  const [a, b] = [words(ours), words(theirs)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((orderId) => a.get(orderId) !== b.get(orderId));
}

export const createFollowing = (deps: Deps) => {
  const traded = (): Promise<string[]> => listTradedWith(deps.db, new Date(deps.now().getTime() - followedMs));
  return {
    /** Hears every exchange at which something was bought; how many answered. */
    followOrders: async (): Promise<number> => oneByOne(await traded(), (key) => followExchange(deps, key)),
    /** Hears those who have said that orders moved, all at once: whoever is slow keeps no other waiting. */
    followNews: async (partnerKeys: readonly string[]): Promise<void> => {
      const known = new Set(await traded());
      const asked = [...new Set(partnerKeys)].filter((key) => known.has(key));
      await Promise.all(asked.map((key) => followExchange(deps, key)));
    },
    settleDay: (partnerKey: string, day: string) => settleDay(deps, partnerKey, day),
    /** Each day of the last week that is over and not settled yet, with each exchange; how many were answered. */
    settleDays: async (): Promise<number> => {
      const keys = await traded();
      const days = Array.from({ length: settledBackDays }, (_none, back) =>
        dayOf(new Date(deps.now().getTime() - (back + 1) * dayMs)),
      );
      const done = new Set(await listSettled(deps.db, days));
      const open = keys
        .flatMap((key) => days.map((day) => ({ key, day })))
        .filter(({ key, day }) => !done.has(`${key} ${day}`));
      return oneByOne(open, ({ key, day }) => settleDay(deps, key, day));
    },
  };
};
