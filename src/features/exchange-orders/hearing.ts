import { type Tx, transact } from '#db/client.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import { ACTOR, ADVANCE_QUEUE, type Deps } from './deps.ts';
import { legIdOf } from './keys.ts';
import { learnOrder } from './learning.ts';
import { findLegByOrder, type LegRow, lockLeg, saveLeg } from './queries.ts';
import { recoverLeg } from './recovering.ts';
import { afterNews, isGivenUp, livesAt } from './rules.ts';
import { takeStep } from './stepping.ts';
import { tellOperator, tellOperatorOfOrder } from './telling.ts';

async function findLegOf(tx: Tx, partnerKey: string, order: RemoteOrder): Promise<LegRow | undefined> {
  const known = await findLegByOrder(tx, partnerKey, order.orderId);
  const id = legIdOf(order);
  if (known || !id) return known;
  const byKey = await lockLeg(tx, id);
  return byKey?.partnerKey === partnerKey ? byKey : undefined;
}

/** Whether the order lives on there although nobody here wants it. */
const isUnwanted = (leg: LegRow | undefined, order: RemoteOrder): boolean =>
  livesAt(order.state) && (leg ? isGivenUp(leg) : legIdOf(order) !== undefined);
/** Until its order has a name here the saga asks for it by itself; of one that was given up there is nothing to learn. */
const isNews = (leg: LegRow, order: RemoteOrder): boolean =>
  !isGivenUp(leg) && leg.orderId !== null && (leg.orderRev === null || order.rev > leg.orderRev);

/** What the origin says of a leg of ours. */
function learnNews(deps: Deps, partnerKey: string, order: RemoteOrder): Promise<'unwanted' | 'heard'> {
  return transact(deps.db, `partner:${partnerKey}`, async (tx) => {
    const leg = await findLegOf(tx, partnerKey, order);
    if (isUnwanted(leg, order)) return 'unwanted';
    if (!leg || !isNews(leg, order)) return 'heard';
    const learnt = await learnOrder(deps, tx, leg, order);
    const change = afterNews(leg, order.state);
    const saved = change ? await takeStep(deps, tx, leg, change, learnt) : await saveLeg(tx, leg, learnt);
    if (saved.nextAt !== null) await deps.jobs.add(tx, ADVANCE_QUEUE, [{ legId: leg.id }]);
    return 'heard';
  });
}

/**
 * One order that its origin has moved. One that lives there although we gave it up, or lost it with a database that was put
 * back, is called off again: nobody here pays for it. False where that could not be settled now.
 */
export async function hear(deps: Deps, partnerKey: string, order: RemoteOrder): Promise<boolean> {
  if ((await learnNews(deps, partnerKey, order)) === 'heard') return true;
  const id = legIdOf(order);
  // Its money may be at the provider still: then the leg is made anew, and the saga decides.
  const found = id && (await recoverLeg(deps, id));
  if (found === 'unknown') return false;
  if (found === 'recovered') return true;
  const outcome = await deps.origins.cancel(partnerKey, order.orderId, 'not wanted');
  if ('unknown' in outcome) return false;
  if ('refused' in outcome && outcome.refused.code === 'order-under-way')
    await transact(deps.db, ACTOR, (tx) => tellOperatorOfOrder(deps, tx, partnerKey, order));
  return true;
}

/** The origin has signed that there is no such order: what was paid for it goes back, unless it had left before. */
function giveUp(deps: Deps, partnerKey: string, orderId: string): Promise<void> {
  return transact(deps.db, ACTOR, async (tx) => {
    const leg = await findLegByOrder(tx, partnerKey, orderId);
    if (leg?.state !== 'confirmed' && leg?.state !== 'fulfilling') return;
    if (leg.state === 'fulfilling') {
      await saveLeg(tx, leg, { orderRev: 0 });
      return tellOperator(deps, tx, leg);
    }
    const saved = await takeStep(deps, tx, leg, { state: 'refunding', reason: 'unknown-order' });
    await deps.jobs.add(tx, ADVANCE_QUEUE, [{ legId: saved.id }]);
  });
}

/** Asks for one order as it is now, because its origin or we may have lost it. */
export async function lookAgain(deps: Deps, partnerKey: string, orderId: string): Promise<void> {
  const outcome = await deps.origins.orderState(partnerKey, { orderId });
  if ('ok' in outcome) await hear(deps, partnerKey, outcome.ok);
  if ('refused' in outcome && outcome.refused.code === 'unknown-order') await giveUp(deps, partnerKey, orderId);
}
