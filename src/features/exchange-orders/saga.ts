import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import type { GatewayOutcome } from '#features/payments/types.ts';
import type { Outcome } from '#federation/adapters/adapter.ts';
import { moneyOf, type RemoteOrder } from '#federation/protocol/ordering.ts';
import { answerOf, orderRequestOf, quoteRequestOf, termsOf } from './asking.ts';
import { atProvider, refreshLeg } from './buying.ts';
import { ACTOR, type Deps } from './deps.ts';
import { keyOf } from './keys.ts';
import { learnOrder } from './learning.ts';
import { findLeg, insertDisclosure, type LegChange, type LegRow, lockLeg, saveLeg } from './queries.ts';
import { type Answer, type Ask, follow, type Plan, planOf, samePrices } from './rules.ts';
import { sendRefunds } from './sending.ts';
import { sagaOf, takeStep, waitFor } from './stepping.ts';
import { tellOperator } from './telling.ts';
import { exchangeOrderProblems, type LegId, type LegTerms, WAITING } from './types.ts';

const refuse = refusals(exchangeOrderProblems);
/** A leg takes nine steps at the most where all answers come; the rest waits for its next turn. */
const stepsAtOnce = 12;

/** An answer, and the documents that came with it. */
type Heard = { readonly answer: Answer; readonly order?: RemoteOrder; readonly terms?: LegTerms };

const heardOrder = (outcome: Outcome<RemoteOrder>): Heard => ({
  answer: answerOf(outcome),
  ...('ok' in outcome ? { order: outcome.ok } : {}),
});

const heardMoney = (outcome: GatewayOutcome | undefined): Heard => {
  if (outcome?.kind === 'paid') return { answer: { kind: 'paid', amountVnd: outcome.amountVnd } };
  if (outcome?.kind === 'declined') return { answer: { kind: 'declined' } };
  const isSetAside = outcome?.kind === 'pending' && outcome.authorised !== undefined;
  return { answer: { kind: isSetAside ? 'set-aside' : 'unknown' } };
};

/** What was set aside is let go; what turns out to be taken, or gone, is told as that. */
async function letGo({ gateway }: Deps, money: ReturnType<typeof atProvider>): Promise<Heard> {
  const found = await gateway?.query(money);
  const isOpen = found?.kind === 'pending';
  return heardMoney(isOpen ? await gateway?.void(money) : found);
}

async function requote({ origins }: Deps, leg: LegRow, terms: LegTerms): Promise<Heard> {
  const outcome = await origins.quote(leg.partnerKey, quoteRequestOf(terms.lines, leg));
  if ('refused' in outcome) return { answer: { kind: 'refused', code: outcome.refused.code } };
  const fresh = 'ok' in outcome ? termsOf(outcome.ok, terms.lines) : undefined;
  if (!fresh) return { answer: { kind: 'unknown' } };
  return { answer: { kind: samePrices(terms, fresh) ? 'same-terms' : 'other-terms' }, terms: fresh };
}

async function put(deps: Deps, leg: LegRow, ask: Ask): Promise<Heard> {
  const { origins, gateway } = deps;
  const { partnerKey, terms, orderId, sessionId, acceptedVnd } = leg;
  if (!terms || sessionId === null || acceptedVnd === null) throw refuse('leg-under-way');
  const money = atProvider(leg, sessionId);
  switch (ask) {
    case 'requote':
      return requote(deps, leg, terms);
    case 'reserve':
      return heardOrder(await origins.reserve(partnerKey, orderRequestOf(leg, terms), keyOf(leg.id)));
    case 'find-order':
      return heardOrder(await origins.orderState(partnerKey, { key: keyOf(leg.id) }));
    case 'confirm':
      return heardOrder(await origins.confirm(partnerKey, { orderId: orderId ?? '', total: moneyOf(acceptedVnd) }));
    case 'look-order':
      return heardOrder(await origins.orderState(partnerKey, { orderId: orderId ?? '' }));
    case 'cancel':
      return heardOrder(await origins.cancel(partnerKey, orderId ?? '', leg.reason ?? 'not wanted'));
    case 'capture':
      return heardMoney(await gateway?.capture(money));
    case 'find-payment':
      return heardMoney(await gateway?.query(money));
    case 'void':
      return letGo(deps, money);
    case 'refund':
      return { answer: await sendRefunds(deps, leg) };
  }
}

/** Into the state in which it is asked, before it is: whoever finds the leg there knows what may have happened. */
async function prepare(deps: Deps, leg: LegRow, plan: Plan): Promise<LegRow | undefined> {
  const { during: state, step, reason } = plan;
  return transact(deps.db, ACTOR, async (tx) => {
    const locked = await lockLeg(tx, leg.id);
    if (locked?.version !== leg.version) return undefined;
    // The person's data leave with this question and with no other: that they do is written first.
    if (plan.ask === 'reserve') await insertDisclosure(tx, locked, deps.now());
    if (state === locked.state && (step ?? null) === locked.step) return locked;
    return takeStep(deps, tx, locked, { state, ...(step ? { step } : {}), ...(reason ? { reason } : {}) });
  });
}

/** What the answer makes of the leg, which is locked. `waits`: nothing is gained by asking again at once. */
function judge(leg: LegRow, ask: Ask, answer: Answer, now: Date) {
  const change = follow(sagaOf(leg), ask, answer, now);
  const isStill = change.state === leg.state && (change.step ?? null) === leg.step;
  const waits = answer.kind === 'unknown' || change.state === 'resolving' || (isStill && answer.kind !== 'same-terms');
  return { change, isStill, waits };
}

/** What came with the answer, beside what it means for the saga. */
const learn = async (deps: Deps, tx: Tx, leg: LegRow, { answer, order, terms }: Heard): Promise<LegChange> => ({
  ...(order ? await learnOrder(deps, tx, leg, order) : {}),
  ...(answer.kind === 'same-terms' && terms ? { terms } : {}),
});

/** Undefined where somebody else moved the leg meanwhile, or it has to wait. */
function apply(deps: Deps, leg: LegRow, ask: Ask, heard: Heard): Promise<LegRow | undefined> {
  return transact(deps.db, ACTOR, async (tx) => {
    const locked = await lockLeg(tx, leg.id);
    if (locked?.version !== leg.version) return undefined;
    const learnt = await learn(deps, tx, locked, heard);
    const { change, isStill, waits } = judge(locked, ask, heard.answer, deps.now());
    const attempts = waits ? locked.attempts : 0;
    const saved = isStill
      ? await saveLeg(tx, locked, { ...learnt, attempts })
      : await takeStep(deps, tx, locked, change, { ...learnt, attempts });
    if (!waits) return saved;
    await waitFor(deps, tx, saved);
    return undefined;
  });
}

/**
 * Takes a leg as far as it goes now: each step is one transaction, each question stands between two, and the answer counts
 * only if nobody moved the leg meanwhile. Whoever dies in between is found where it was, and asks the same again.
 */
export async function advanceLeg(deps: Deps, id: LegId): Promise<void> {
  let leg = await findLeg(deps.db, id);
  if (leg && WAITING.includes(leg.state)) return refreshLeg(deps, id);
  for (let taken = 0; leg && taken < stepsAtOnce; taken += 1) {
    const plan = planOf(sagaOf(leg), deps.now());
    if (!plan) return settleRefunds(deps, leg);
    const ready: LegRow | undefined = await prepare(deps, leg, plan);
    if (!ready) return;
    leg = await apply(deps, ready, plan.ask, await put(deps, ready, plan.ask));
  }
}

/** Part of an order may go back while the rest is on its way or was received. */
async function settleRefunds(deps: Deps, leg: LegRow): Promise<void> {
  if (leg.nextAt === null) return;
  const answer = await sendRefunds(deps, leg);
  await transact(deps.db, ACTOR, async (tx) => {
    const locked = await lockLeg(tx, leg.id);
    if (locked?.version !== leg.version) return;
    if (answer.kind === 'unknown') return waitFor(deps, tx, locked);
    await saveLeg(tx, locked, { nextAt: null, attempts: 0 });
    if (answer.kind === 'declined') await tellOperator(deps, tx, locked);
  });
}
