import { dayMs } from '#core/clock.ts';
import { vnd } from '#core/money.ts';
import { type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import type { FoundMoney } from '#features/payments/types.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import { ACTOR, ADVANCE_QUEUE, type Deps } from './deps.ts';
import { keyOf } from './keys.ts';
import { learnOrder } from './learning.ts';
import { findLeg, insertLeg, type LegChange, type LegRow, listRefunds, lockLeg, saveLeg } from './queries.ts';
import { livesAt, tellOperatorAfterMs } from './rules.ts';
import { takeStep } from './stepping.ts';
import { tellOperatorOfMoney } from './telling.ts';
import { type LegId, type LegTerms, WAITING } from './types.ts';

/** Copies of a database are a day old at the most where it is backed up daily; one that failed once is older. */
const lookedBackMs = 3 * dayMs;

type Recovery = 'recovered' | 'nothing' | 'unknown';

/** Its money is known to the saga, which goes on or has ended by itself. */
const isKnown = (leg: LegRow | undefined): boolean =>
  leg !== undefined && leg.state !== 'lapsed' && !(WAITING.includes(leg.state) && leg.sessionId === null);

/** The terms of a leg that is lost, as its order has them: the names that the shopper saw are gone. */
const termsIn = (order: RemoteOrder | undefined, money: FoundMoney): LegTerms => ({
  quoteId: '',
  termsHash: '',
  lines: (order?.lines ?? []).map(({ uri, rev, quantity, unit, total }) => ({
    ...{ uri, rev, quantity, name: uri, label: '' },
    ...{ unitVnd: vnd(unit.amount), totalVnd: vnd(total.amount) },
  })),
  shipping: order
    ? [
        {
          code: order.shipping.code,
          vi: order.shipping.title.vi,
          en: order.shipping.title.en ?? order.shipping.title.vi,
          amountVnd: vnd(order.shipping.amount.amount),
        },
      ]
    : [],
  goodsVnd: vnd(order ? order.total.amount - order.shipping.amount.amount : money.amountVnd),
  expiresAt: (order ? new Date(order.at) : money.at).toISOString(),
  needsAge: false,
});

/** Who it was for is lost here; the origin has it where there is an order. */
const nobody = { recipient: { name: '', phone: '' }, address: { line: '', ward: '', provinceCode: '' } };

async function openAnew(deps: Deps, tx: Tx, id: LegId, { metadata, at }: FoundMoney): Promise<LegRow | undefined> {
  const [code = ''] = await deps.codes.take(tx, 'exchange-leg', 1);
  const row = { id, code, cartId: id, partnerKey: metadata.partner ?? '', phone: '' };
  const delivery = nobody as LegRow['delivery'];
  return insertLeg(tx, { ...row, delivery, state: 'draft', stateSince: deps.now(), createdAt: at, nextAt: null });
}

/** What is known of it from the provider and the origin. Terms that were accepted stay: the first question named them. */
function membersOf(leg: LegRow, money: FoundMoney, order: RemoteOrder | undefined): LegChange {
  const isAccepted = leg.acceptedVnd !== null && leg.terms !== null;
  return {
    terms: isAccepted ? leg.terms : termsIn(order, money),
    acceptedVnd: leg.acceptedVnd ?? money.amountVnd,
    acceptedAt: leg.acceptedAt ?? money.at,
    shippingCode: order?.shipping.code ?? leg.shippingCode ?? '',
    authorisedAt: money.at,
    sessionId: money.sessionId,
    paymentReference: money.reference,
    redirectUrl: null,
  };
}

async function findLapsed(deps: Deps, tx: Tx, id: LegId, money: FoundMoney): Promise<LegRow | undefined> {
  const found = (await lockLeg(tx, id)) ?? (await openAnew(deps, tx, id, money));
  if (!found || isKnown(found)) return undefined;
  return found.state === 'lapsed'
    ? found
    : saveLeg(tx, found, { state: 'lapsed', stateSince: deps.now(), nextAt: null });
}

/** The leg as if it had just lost its money out of sight: from there the saga finds out what became of it. */
async function resume(deps: Deps, id: LegId, money: FoundMoney, order: RemoteOrder | undefined): Promise<Recovery> {
  return transact(deps.db, ACTOR, async (tx) => {
    const lapsed = await findLapsed(deps, tx, id, money);
    if (!lapsed) return 'nothing';
    const learnt = order ? await learnOrder(deps, tx, lapsed, order) : {};
    const change = order
      ? { state: 'resolving' as const, step: 'capturing' as const, confirmBy: new Date(order.confirmBy) }
      : { state: 'voiding' as const };
    const more = { ...membersOf(lapsed, money, order), ...learnt, nextAt: deps.now() };
    await takeStep(deps, tx, lapsed, { ...change, reason: 'recovered' }, more);
    await deps.jobs.add(tx, ADVANCE_QUEUE, [{ legId: id }]);
    return 'recovered';
  });
}

const tellOfMoney = (deps: Deps, money: FoundMoney): Promise<void> =>
  transact(deps.db, ACTOR, (tx) => tellOperatorOfMoney(deps, tx, money));

/**
 * The provider has given back what our books, put back to a backup, hold for paid: the order is called off where nothing
 * has left, and its origin's news bring the refund back into the books, by the key under which it was sent. Else a person is told.
 */
async function checkBack(deps: Deps, leg: LegRow, money: FoundMoney): Promise<Recovery> {
  const known = (await listRefunds(deps.db, leg.id)).reduce((sum, { amountVnd }) => sum + amountVnd, 0);
  if (money.backVnd <= known) return 'nothing';
  const isPaidFor = leg.state === 'confirmed' && leg.orderId !== null && money.backVnd >= money.amountVnd;
  const outcome = isPaidFor && (await deps.origins.cancel(leg.partnerKey, leg.orderId ?? '', 'refunded'));
  if (outcome && 'unknown' in outcome) return 'unknown';
  if (!outcome || 'refused' in outcome) await tellOfMoney(deps, money);
  return 'nothing';
}

async function recover(deps: Deps, money: FoundMoney): Promise<Recovery> {
  const { leg: id = '', partner = '' } = money.metadata;
  const leg = await findLeg(deps.db, id as LegId);
  if (leg && isKnown(leg)) return checkBack(deps, leg, money);
  if (money.backVnd >= money.amountVnd) return 'nothing';
  const outcome = await deps.origins.orderState(partner, { key: keyOf(id as LegId) });
  if ('unknown' in outcome) {
    if (deps.now().getTime() - money.at.getTime() >= tellOperatorAfterMs) await tellOfMoney(deps, money);
    return 'unknown';
  }
  const order = 'ok' in outcome && livesAt(outcome.ok.state) ? outcome.ok : undefined;
  return resume(deps, id as LegId, money, order);
}

const listMoney = async ({ gateway, now }: Deps): Promise<readonly FoundMoney[]> => {
  const since = new Date(now().getTime() - lookedBackMs);
  const all = (await gateway?.listMoney?.(since)) ?? [];
  return all.filter(({ metadata }) => metadata.leg !== undefined && metadata.partner !== undefined);
};

/** Whether the provider has money of this leg that our rows do not know; if so the leg goes on from there. */
export async function recoverLeg(deps: Deps, id: LegId): Promise<Recovery> {
  const all = await listMoney(deps).catch(() => undefined);
  if (!all) return 'unknown';
  const money = all.find(({ metadata }) => metadata.leg === id);
  return money ? recover(deps, money) : 'nothing';
}

/**
 * Holds the provider's own list against the legs. A database that was put back to a backup has lost legs, or has them as
 * they were before they were paid: their money would be taken, or set aside, without anybody knowing. How many were found.
 */
export const recoverLegs = async (deps: Deps): Promise<number> =>
  oneByOne(await listMoney(deps), async (money) => (await recover(deps, money)) === 'recovered');
