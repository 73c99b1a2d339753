import { type Vnd, vnd } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import type { Gateway, GatewayOutcome, LegMoney, ReceivedForLeg } from '#features/payments/types.ts';
import { ADVANCE_QUEUE, type Deps } from './deps.ts';
import { refundLeg } from './learning.ts';
import {
  findLeg,
  findLegCharged,
  findLegsByCodes,
  type LegRow,
  listRefunds,
  lockLeg,
  saveLeg,
  saveRefund,
} from './queries.ts';
import { type Arrived, arrive } from './rules.ts';
import { sagaOf, takeStep } from './stepping.ts';
import type { LegId } from './types.ts';

/** A leg that is paid by transfer has a session of this kind: no provider knows it. */
const prefix = 'transfer:';
export const transferSession = (id: LegId): string => `${prefix}${id}`;

/** Asks cards where they are open. Of a transfer nothing is ever set aside: what came for it stands in the leg. */
export function withTransfers(card: Gateway | undefined): Gateway {
  const nothing: GatewayOutcome = { kind: 'declined', reason: 'nothing is set aside for a transfer' };
  const closed: GatewayOutcome = { kind: 'unknown', cause: 'cards are closed' };
  const ask =
    <Asked extends { readonly sessionId: string }>(question: ((asked: Asked) => Promise<GatewayOutcome>) | undefined) =>
    async (asked: Asked): Promise<GatewayOutcome> =>
      asked.sessionId.startsWith(prefix) ? nothing : ((await question?.(asked)) ?? closed);
  return {
    method: 'stripe',
    start: (request) => card?.start(request) ?? Promise.reject(new Error('Cards are closed')),
    query: ask(card?.query),
    capture: ask(card?.capture),
    void: ask(card?.void),
    refund: async (request) => (await card?.refund(request)) ?? closed,
    queryRefund: async (reference, request) => (await card?.queryRefund(reference, request)) ?? closed,
    readEvent: () => undefined,
    ...(card?.listMoney && { listMoney: card.listMoney }),
  };
}

const stateOf = (arrived: Arrived, creditVnd: Vnd): ReceivedForLeg['state'] => {
  if (arrived.kind === 'short') return 'short';
  if (arrived.kind === 'late') return 'late-refund';
  if (arrived.kind === 'double') return 'duplicate';
  if (arrived.backVnd > 0) return 'over';
  return creditVnd > 0 ? 'completing' : 'exact';
};

const creditOf = async (tx: Tx, leg: LegRow): Promise<Vnd> => {
  const back = (await listRefunds(tx, leg.id)).reduce((sum, { amountVnd }) => sum + amountVnd, 0);
  return vnd(leg.receivedVnd - back);
};

/** A line of the bank that names a leg: booked, counted or given back, and the leg goes on where it is paid. */
async function receive(
  deps: Deps,
  tx: Tx,
  { name, amountVnd }: { readonly name: string; readonly amountVnd: Vnd },
  codes: readonly string[],
): Promise<ReceivedForLeg | undefined> {
  const [found, another] = await findLegsByCodes(tx, codes);
  if (!found || another) return undefined;
  const leg = await lockLeg(tx, found);
  if (leg?.method !== 'vietqr') return undefined;
  const creditVnd = await creditOf(tx, leg);
  const arrived = arrive(sagaOf(leg), { creditVnd, amountVnd }, deps.now());
  await deps.ledger.bookLegReceipt(tx, 'clearing:bank', leg.id, name, amountVnd);
  const receivedVnd = vnd(leg.receivedVnd + amountVnd);
  const saved =
    arrived.kind === 'paid'
      ? await takeStep(deps, tx, leg, { state: 'captured', captured: true }, { receivedVnd, nextAt: deps.now() })
      : await saveLeg(tx, leg, { receivedVnd });
  if (arrived.kind !== 'short') {
    const back = { cause: `leg:${leg.id}:${name}`, amountVnd: arrived.backVnd, originAt: null, spare: true };
    await refundLeg(deps, tx, saved, back);
  }
  if (arrived.kind === 'paid') await deps.jobs.add(tx, ADVANCE_QUEUE, [{ legId: leg.id }]);
  return { state: stateOf(arrived, creditVnd), legId: leg.id };
}

/** A refund that two of finance have sent: the leg says so once all of them are. */
async function noteSent(deps: Deps, tx: Tx, legId: LegId, cause: string): Promise<void> {
  const leg = await lockLeg(tx, legId);
  if (!leg) return;
  await saveRefund(tx, cause, { status: 'confirmed', sentAt: deps.now() });
  const waiting = (await listRefunds(tx, leg.id)).some(({ status }) => status !== 'confirmed');
  if (leg.state === 'refund-owed' && !waiting) await takeStep(deps, tx, leg, { state: 'refunded' });
}

/** What the bank's feed and the card banks say of legs. */
export const createLegMoney = (deps: Deps): LegMoney => ({
  receive: (tx, money, codes) => receive(deps, tx, money, codes),
  refundSent: (tx, legId, cause) => noteSent(deps, tx, legId, cause),
  findCode: async (reader, legId) => (await findLeg(reader, legId))?.code,
  findCharged: findLegCharged,
});
