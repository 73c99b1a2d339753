import { dayMs } from '#core/clock.ts';
import { transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { moneyOf, type RemoteOrder, settlementRoot } from '#federation/protocol/ordering.ts';
import { ACTOR, ADVANCE_QUEUE, type Deps } from './deps.ts';
import { learnOrder } from './learning.ts';
import { findFeed, findLegByOrder, listTradedWith, saveFeed, saveLeg, saveSettlement } from './queries.ts';
import { afterNews } from './rules.ts';
import { takeStep } from './stepping.ts';
import type { OwnStatement } from './tables.ts';
import { listDay } from './views.ts';

/** Returns are taken back for a while after the goods came, and settled when they are. */
const followedMs = 120 * dayMs;
const pagesAtOnce = 20;

/** One order that its origin moved. One that we do not know was never ours to keep, and changes nothing. */
function hear(deps: Deps, partnerKey: string, order: RemoteOrder): Promise<void> {
  return transact(deps.db, `partner:${partnerKey}`, async (tx) => {
    const leg = await findLegByOrder(tx, partnerKey, order.orderId);
    if (!leg || (leg.orderRev !== null && order.rev <= leg.orderRev)) return;
    const learnt = await learnOrder(deps, tx, leg, order);
    const change = afterNews(leg, order.state);
    const saved = change ? await takeStep(deps, tx, leg, change, learnt) : await saveLeg(tx, leg, learnt);
    if (saved.nextAt !== null) await deps.jobs.add(tx, ADVANCE_QUEUE, [{ legId: leg.id }]);
  });
}

/** Reads what an exchange has to tell of our orders, page by page. An answer that does not come is asked for in a minute. */
async function followExchange(deps: Deps, partnerKey: string): Promise<boolean> {
  const { db, origins, now } = deps;
  for (let page = 0; page < pagesAtOnce; page += 1) {
    const cursor = await findFeed(db, partnerKey);
    const outcome = await origins.orderChanges(partnerKey, cursor);
    if ('refused' in outcome && cursor !== undefined) {
      // A cursor that counts no more is thrown away: all orders are read again, and each is known by its revision.
      await transact(db, ACTOR, (tx) => saveFeed(tx, partnerKey, '', now()));
      return false;
    }
    if (!('ok' in outcome)) return false;
    const { items, next, hasMore } = outcome.ok;
    for (const order of items) await hear(deps, partnerKey, order);
    await transact(db, ACTOR, (tx) => saveFeed(tx, partnerKey, next, now()));
    if (!hasMore) break;
  }
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
  return true;
}

export const createFollowing = (deps: Deps) => {
  const traded = (): Promise<string[]> => listTradedWith(deps.db, new Date(deps.now().getTime() - followedMs));
  return {
    /** Hears every exchange at which something was bought; how many answered. */
    followOrders: async (): Promise<number> => oneByOne(await traded(), (key) => followExchange(deps, key)),
    settleDay: (partnerKey: string, day: string) => settleDay(deps, partnerKey, day),
    /** Yesterday, with each exchange; how many answered. */
    settleYesterday: async (): Promise<number> => {
      const day = dayOf(new Date(deps.now().getTime() - dayMs));
      return oneByOne(await traded(), (key) => settleDay(deps, key, day));
    },
  };
};
