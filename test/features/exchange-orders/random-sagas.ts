import { vnd } from '#core/money.ts';
import {
  type Answer,
  type Ask,
  againAfterSeconds,
  arrive,
  follow,
  isGivenUp,
  livesAt,
  planOf,
  type Saga,
  type Told,
} from '#features/exchange-orders/rules.ts';
import { ENDED, type LegState } from '#features/exchange-orders/types.ts';
import { createRandom } from '#test/support/random.ts';

/** Money and goods as they truly are, whatever anybody was told. */
type World = {
  order: Told | undefined;
  confirmed: boolean;
  money: 'set-aside' | 'taken' | 'let-go' | 'back';
  captures: number;
  /** By transfer: all that came, and all that went back. */
  received: number;
  back: number;
  orders: number;
  refunds: number;
};
type Seen = {
  readonly ends: Record<string, number>;
  readonly steps: ReadonlySet<string>;
  readonly faults: readonly string[];
};

const unknown: Answer = { kind: 'unknown' };
const settledStates: readonly LegState[] = ['confirmed', 'fulfilling'];

/**
 * Runs the saga against an origin and a provider that keep books of their own, lose questions and answers, say no, are
 * late and stay away; between any two steps time may pass, the process may die and begin again where the state says, or the
 * database may be put back to an older copy.
 */
export function runSagas({ count, seed }: { readonly count: number; readonly seed: number }): Seen {
  const random = createRandom(seed);
  const ends: Record<string, number> = {};
  const steps = new Set<string>();
  const faults: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const fault = runOne(random, (end) => (ends[end] = (ends[end] ?? 0) + 1), steps);
    if (fault) faults.push(`saga ${index} of seed ${seed}: ${fault}`);
  }
  return { ends, steps, faults };
}

/** Money comes by the bank, whole or not, wanted or not. */
function transfer(
  world: World,
  saga: Saga,
  { now, random }: { readonly now: Date; readonly random: Random },
  steps: Set<string>,
): Saga {
  const amountVnd = vnd([saga.acceptedVnd, 30_000, 40_000, 90_000][random.between(0, 3)] ?? 1);
  const arrived = arrive(saga, { creditVnd: vnd(world.received - world.back), amountVnd }, now);
  world.received += amountVnd;
  if (arrived.kind !== 'short') world.back += arrived.backVnd;
  return arrived.kind === 'paid' ? move(saga, { state: 'captured', captured: true }, steps) : saga;
}

type Random = ReturnType<typeof createRandom>;
const chance = (random: Random, percent: number): boolean => random.between(1, 100) <= percent;

function runOne(random: Random, ended: (state: LegState) => void, steps: Set<string>): string | undefined {
  let nowMs = Date.parse('2026-11-27T00:00:00Z');
  const now = (): Date => new Date(nowMs);
  const counts = { captures: 0, orders: 0, refunds: 0, received: 0, back: 0 };
  const world: World = { order: undefined, confirmed: false, money: 'set-aside', ...counts };
  const method = chance(random, 50) ? 'vietqr' : 'stripe';
  const loss = random.between(0, 90);
  const hasStock = chance(random, 85);
  const holdMs = random.between(2, 20) * 60_000;
  let saga: Saga = {
    state: method === 'vietqr' ? 'reserving' : 'authorised',
    method,
    step: null,
    acceptedVnd: vnd(70_000),
    quoteExpiresAt: new Date(nowMs + random.between(-2, 10) * 60_000),
    authorisedAt: now(),
    confirmBy: null,
    orderId: null,
    captured: false,
  };
  let attempts = 0;
  let copy = saga;
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (ENDED.includes(saga.state) || settledStates.includes(saga.state)) break;
    // A database is put back to an older copy: what happened since happened all the same.
    if (chance(random, 4)) copy = saga;
    else if (chance(random, 2)) saga = copy;
    const plan = planOf(saga, now());
    if (!plan && saga.state === 'awaiting-transfer') {
      // The shopper thinks, and may transfer any sum at any time.
      nowMs += random.between(0, 300) * 1_000;
      lapse(world, now());
      if (chance(random, 60)) saga = transfer(world, saga, { now: now(), random }, steps);
      continue;
    }
    if (!plan) return `waits in ${saga.state}`;
    saga = move(saga, { state: plan.during, ...(plan.step ? { step: plan.step } : {}) }, steps);
    // The process dies before it asks, or after it asked: what is written says where to go on.
    if (chance(random, 5)) {
      nowMs += 120_000;
      continue;
    }
    lapse(world, now());
    const isAway = chance(random, loss / 2);
    const truth = isAway ? unknown : act(world, saga, plan.ask, { now: now(), hasStock, holdMs, random });
    const answer = chance(random, loss / 2) ? unknown : truth;
    if (chance(random, 5)) {
      nowMs += 120_000;
      continue;
    }
    const change = follow(saga, plan.ask, answer, now());
    saga = move(saga, change, steps);
    if (plan.ask === 'requote' && answer.kind === 'same-terms')
      saga = { ...saga, quoteExpiresAt: new Date(nowMs + 600_000) };
    attempts = answer.kind === 'unknown' ? attempts + 1 : 0;
    nowMs += answer.kind === 'unknown' ? againAfterSeconds(attempts) * 1_000 : random.between(0, 60) * 1_000;
  }
  ended(saga.state);
  if (saga.state === 'void') world.back = world.received;
  if (method === 'vietqr' && chance(random, 30)) transfer(world, saga, { now: now(), random }, steps);
  // Long after: whatever was held and not confirmed must have been let go.
  lapse(world, new Date(nowMs + 24 * 3_600_000));
  // The origin's feed tells of an order that lives on although it was given up.
  if (isGivenUp(saga) && world.order && livesAt(world.order.state)) cancel(world);
  return faultOf(saga, world);
}

function move(
  saga: Saga,
  { state, step, reason: _reason, ...members }: ReturnType<typeof follow>,
  steps: Set<string>,
): Saga {
  if (state !== saga.state) steps.add(`${saga.state} ${state}`);
  return { ...saga, ...members, state, step: step ?? null };
}

/** The origin lets go by itself what nobody confirmed in time. */
function lapse(world: World, now: Date): void {
  if (world.order?.state === 'reserved' && world.order.confirmBy <= now)
    world.order = { ...world.order, state: 'expired' };
}

type Around = { readonly now: Date; readonly hasStock: boolean; readonly holdMs: number; readonly random: Random };
const answerWith = (order: Told | undefined, code: string): Answer =>
  order ? { kind: 'order', order } : { kind: 'refused', code };

function act(world: World, saga: Saga, ask: Ask, around: Around): Answer {
  if (ask === 'requote') return chance(around.random, 90) ? { kind: 'same-terms' } : { kind: 'other-terms' };
  if (ask === 'reserve') return reserve(world, saga, around);
  if (ask === 'find-order') return answerWith(world.order, 'unknown-idempotency-key');
  if (ask === 'look-order') return answerWith(world.order, 'unknown-order');
  if (ask === 'confirm') return confirm(world);
  if (ask === 'cancel') return cancel(world);
  return saga.method === 'vietqr' ? giveBack(world, saga, ask) : pay(world, ask, around.random);
}

function reserve(world: World, saga: Saga, { now, hasStock, holdMs, random }: Around): Answer {
  if (world.order) return { kind: 'order', order: world.order };
  if (!hasStock) return { kind: 'refused', code: 'quantity-unavailable' };
  if (saga.quoteExpiresAt <= now) return { kind: 'refused', code: 'quote-expired' };
  world.orders += 1;
  const totalVnd = chance(random, 95) ? saga.acceptedVnd : vnd(saga.acceptedVnd + 1);
  world.order = { orderId: 'o1', state: 'reserved', totalVnd, confirmBy: new Date(now.getTime() + holdMs) };
  return { kind: 'order', order: world.order };
}

function confirm(world: World): Answer {
  const { order } = world;
  if (!order) return { kind: 'refused', code: 'unknown-order' };
  if (order.state === 'expired') return { kind: 'refused', code: 'order-expired' };
  if (order.state === 'cancelled') return { kind: 'refused', code: 'order-cancelled' };
  world.order = { ...order, state: 'confirmed' };
  world.confirmed = true;
  return { kind: 'order', order: world.order };
}

function cancel(world: World): Answer {
  const { order } = world;
  if (!order) return { kind: 'refused', code: 'unknown-order' };
  if (order.state !== 'expired') world.order = { ...order, state: 'cancelled' };
  return { kind: 'order', order: world.order ?? order };
}

/** Nothing is set aside for a transfer, and no provider gives it back: a person does, once. */
function giveBack(world: World, saga: Saga, ask: Ask): Answer {
  if (ask === 'refund' && world.refunds === 0) {
    world.refunds = 1;
    world.back += saga.acceptedVnd;
  }
  return { kind: 'declined' };
}

/** A provider that captures once, whatever it is asked, and says no where there is nothing to take. */
function pay(world: World, ask: Ask, random: Random): Answer {
  if (ask === 'refund') {
    if (world.money === 'taken') world.refunds += 1;
    world.money = 'back';
    return { kind: 'paid', amountVnd: vnd(70_000) };
  }
  if (world.money === 'taken') return { kind: 'paid', amountVnd: vnd(70_000) };
  if (world.money === 'let-go') return { kind: 'declined' };
  if (ask === 'find-payment') return { kind: 'set-aside' };
  if (ask === 'void' || chance(random, 5)) {
    world.money = 'let-go';
    return { kind: 'declined' };
  }
  world.money = 'taken';
  world.captures += 1;
  return { kind: 'paid', amountVnd: vnd(70_000) };
}

/** What must not be, however it went. */
function faultOf(saga: Saga, world: World): string | undefined {
  const isSold = settledStates.includes(saga.state);
  if (!isSold && !ENDED.includes(saga.state)) return `does not end: ${saga.state}`;
  if (world.captures > 1) return `captured ${world.captures} times`;
  if (world.orders > 1) return `${world.orders} orders`;
  if (world.order?.state === 'reserved') return 'a hold that nobody lets go';
  if (saga.method === 'vietqr') {
    const kept = world.received - world.back;
    if (kept !== (isSold ? saga.acceptedVnd : 0)) return `${saga.state}, and ${kept} of ${world.received} is kept`;
    return isSold === (world.order?.state === 'confirmed') ? undefined : `${saga.state}, and ${world.order?.state}`;
  }
  if (isSold)
    return world.money === 'taken' && world.order?.state === 'confirmed'
      ? undefined
      : `sold, and ${world.money}, ${world.order?.state}`;
  if (world.money === 'taken' || world.money === 'set-aside') return `${saga.state}, and the money is ${world.money}`;
  return world.order?.state === 'confirmed' ? `${saga.state}, and the goods are sold` : undefined;
}
