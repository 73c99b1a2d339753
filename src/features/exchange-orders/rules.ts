import { hourMs } from '#core/clock.ts';
import { type Vnd, vnd } from '#core/money.ts';
import type { LegMethod, LegState, LegTerms, OriginState, Step } from './types.ts';

/** From the moment that the money is set aside; a shopper is not kept waiting longer for an exchange that says nothing. */
const reserveWithinMs = 10 * 60_000;
/** So long before the origin's deadline nothing is captured any more: what is asked must still arrive in time. */
const captureMarginMs = 60_000;
export const tellOperatorAfterMs = 30 * 60_000;

/** A leg as the saga sees it. */
export type Saga = {
  readonly state: LegState;
  readonly method: LegMethod;
  /** What is to be found out; set in `resolving` alone. */
  readonly step: Step | null;
  readonly acceptedVnd: Vnd;
  readonly quoteExpiresAt: Date;
  /** When its money was set aside, or when a transfer for it was promised. */
  readonly authorisedAt: Date | null;
  readonly confirmBy: Date | null;
  readonly orderId: string | null;
  /** The origin has said that the order is sold: an answer that was lost, or a database of ours that was put back. */
  readonly isSold?: boolean;
  /** Whether the shopper's money was taken. */
  readonly captured: boolean;
};

/** What is asked of the origin or of the provider. Each may be asked again: it has the same key, or changes nothing. */
export type Ask =
  | 'requote'
  | 'reserve'
  | 'find-order'
  | 'capture'
  | 'find-payment'
  | 'confirm'
  | 'look-order'
  | 'cancel'
  | 'void'
  | 'refund';

/** `unknown`: neither yes nor no. */
export type Answer =
  | { readonly kind: 'order'; readonly order: Told }
  | { readonly kind: 'same-terms' }
  | { readonly kind: 'other-terms' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'paid'; readonly amountVnd: Vnd }
  | { readonly kind: 'set-aside' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'unknown' };
export type Told = {
  readonly orderId: string;
  readonly state: OriginState;
  readonly totalVnd: Vnd;
  readonly confirmBy: Date;
};

export type Change = Partial<Omit<Saga, 'state' | 'step' | 'method'>> & {
  readonly state: LegState;
  readonly step?: Step;
  readonly reason?: string;
};
/** The state to be in while it is asked, written before it is. */
export type Plan = { readonly ask: Ask; readonly during: LegState; readonly step?: Step; readonly reason?: string };

const resolving = (step: Step): Change => ({ state: 'resolving', step });
/** What is sold has no deadline any more. */
const isLate = ({ confirmBy, isSold }: Saga, now: Date, marginMs = 0): boolean =>
  confirmBy !== null && !isSold && now.getTime() > confirmBy.getTime() - marginMs;
const gaveUp = ({ authorisedAt }: Saga, now: Date): boolean =>
  authorisedAt !== null && now.getTime() - authorisedAt.getTime() > reserveWithinMs;
const cancelFor = (reason: string): Plan => ({ ask: 'cancel', during: 'cancelling', reason });

function planResolving(saga: Saga, now: Date): Plan {
  if (saga.step === 'capturing') return { ask: 'find-payment', during: 'resolving', step: 'capturing' };
  if (saga.step === 'confirming') return { ask: 'look-order', during: 'resolving', step: 'confirming' };
  // What may have been reserved is confirmed by nobody, so its origin lets it go at its own deadline.
  if (gaveUp(saga, now)) return { ask: 'void', during: 'voiding', reason: 'origin-silent' };
  return { ask: 'find-order', during: 'resolving', step: 'reserving' };
}

const plans: Partial<Record<LegState, (saga: Saga, now: Date) => Plan | undefined>> = {
  authorised: (saga, now) => {
    if (gaveUp(saga, now)) return { ask: 'void', during: 'voiding', reason: 'origin-silent' };
    // The shopper took longer to pay than the prices hold: they are asked for again, and must be the same.
    return saga.quoteExpiresAt <= now
      ? { ask: 'requote', during: 'authorised' }
      : { ask: 'reserve', during: 'reserving' };
  },
  reserving: () => ({ ask: 'reserve', during: 'reserving' }),
  reserved: (saga, now) => {
    if (isLate(saga, now, captureMarginMs)) return cancelFor('too-late');
    // Where a provider sets nothing aside the money was taken with the shopper's yes: it is only looked at.
    return { ask: saga.captured ? 'find-payment' : 'capture', during: 'capturing' };
  },
  // Reserved, and its shopper transfers meanwhile: what comes is looked at by `arrive`.
  'awaiting-transfer': (saga, now) => (isLate(saga, now, captureMarginMs) ? cancelFor('not-paid') : undefined),
  // A process died with the question under way: after the deadline it is not put again before it is known what it did.
  capturing: (saga, now) =>
    saga.captured || isLate(saga, now, captureMarginMs)
      ? { ask: 'find-payment', during: 'resolving', step: 'capturing' }
      : { ask: 'capture', during: 'capturing' },
  captured: (saga, now) => (isLate(saga, now) ? cancelFor('too-late') : { ask: 'confirm', during: 'confirming' }),
  confirming: (saga, now) =>
    isLate(saga, now)
      ? { ask: 'look-order', during: 'resolving', step: 'confirming' }
      : { ask: 'confirm', during: 'confirming' },
  resolving: planResolving,
  cancelling: () => ({ ask: 'cancel', during: 'cancelling' }),
  voiding: () => ({ ask: 'void', during: 'voiding' }),
  refunding: () => ({ ask: 'refund', during: 'refunding' }),
};

/** What to ask next; undefined where the leg waits for its shopper or for its origin, or has ended. */
export const planOf = (saga: Saga, now: Date): Plan | undefined => plans[saga.state]?.(saga, now);

/** What is left to be done with the money once nothing is ordered any more. */
const letGo = ({ captured }: Saga, reason: string): Change => ({ state: captured ? 'refunding' : 'voiding', reason });

function afterOrder(saga: Saga, { orderId, confirmBy, state, totalVnd }: Told): Change {
  if (state === 'cancelled' || state === 'expired') return { state: 'voiding', orderId, confirmBy, reason: state };
  // Nobody pays another sum than the one that was accepted, whatever the origin made of it.
  if (totalVnd !== saga.acceptedVnd) return { state: 'cancelling', orderId, confirmBy, reason: 'total-changed' };
  // An order that is sold already goes on: its money is looked at, and confirming it again changes nothing.
  const next = saga.method === 'vietqr' ? 'awaiting-transfer' : 'reserved';
  return { state: next, orderId, confirmBy, isSold: state !== 'reserved' };
}

function afterReserve(saga: Saga, answer: Answer, now: Date): Change {
  if (answer.kind === 'order') return afterOrder(saga, answer.order);
  if (answer.kind !== 'refused') return resolving('reserving');
  // Other words under our key: a database of ours was put back and asked anew. What the key has made is looked up.
  if (answer.code === 'idempotency-key-reused') return resolving('reserving');
  if (answer.code !== 'unknown-idempotency-key') return { state: 'voiding', reason: answer.code };
  // It never arrived: sent again, by the same key.
  return gaveUp(saga, now) ? { state: 'voiding', reason: 'origin-silent' } : { state: 'reserving' };
}

function afterCapture(saga: Saga, ask: Ask, answer: Answer, now: Date): Change {
  if (answer.kind === 'paid') return { state: 'captured', captured: true };
  // A provider that says no to a capture may mean that it was done before: what it has is looked at first.
  if (answer.kind === 'declined')
    return ask === 'capture' ? resolving('capturing') : { state: 'cancelling', reason: 'payment-declined' };
  if (answer.kind === 'set-aside')
    return isLate(saga, now, captureMarginMs) ? { state: 'cancelling', reason: 'too-late' } : { state: 'capturing' };
  return resolving('capturing');
}

function afterConfirm(saga: Saga, answer: Answer, now: Date): Change {
  if (answer.kind === 'order') {
    const { state } = answer.order;
    if (state === 'cancelled' || state === 'expired') return { state: 'refunding', reason: state };
    if (state !== 'reserved') return { state: 'confirmed' };
    return isLate(saga, now) ? { state: 'cancelling', reason: 'too-late' } : { state: 'confirming' };
  }
  // A refusal of the moment (a grant taken away) does not say what became of the order: calling it off does.
  return answer.kind === 'refused' ? { state: 'cancelling', reason: answer.code } : resolving('confirming');
}

/** After these the origin holds nothing for us. */
const nothingHeld: ReadonlySet<string> = new Set(['unknown-order', 'order-expired', 'order-cancelled']);

function afterCancel(saga: Saga, answer: Answer): Change {
  const stays: Change = { state: 'cancelling' };
  if (answer.kind === 'order') {
    const { state } = answer.order;
    return state === 'cancelled' || state === 'expired' ? letGo(saga, '') : stays;
  }
  if (answer.kind !== 'refused') return stays;
  if (nothingHeld.has(answer.code)) return letGo(saga, '');
  // It was confirmed after all and has left: the shopper gets what was paid for.
  return answer.code === 'order-under-way' && saga.captured ? { state: 'confirmed' } : stays;
}

function afterVoid(answer: Answer): Change {
  if (answer.kind === 'declined') return { state: 'void' };
  return answer.kind === 'paid' ? { state: 'refunding', captured: true } : { state: 'voiding' };
}

function afterRefund(answer: Answer): Change {
  if (answer.kind === 'paid') return { state: 'refunded' };
  return answer.kind === 'declined' ? { state: 'refund-owed' } : { state: 'refunding' };
}

function afterRequote(answer: Answer): Change {
  if (answer.kind === 'other-terms') return { state: 'voiding', reason: 'price-changed' };
  return answer.kind === 'refused' ? { state: 'voiding', reason: answer.code } : { state: 'authorised' };
}

/** What an answer makes of the leg. */
export function follow(saga: Saga, ask: Ask, answer: Answer, now: Date): Change {
  if (ask === 'requote') return afterRequote(answer);
  if (ask === 'reserve' || ask === 'find-order') return afterReserve(saga, answer, now);
  if (ask === 'capture' || ask === 'find-payment') return afterCapture(saga, ask, answer, now);
  if (ask === 'confirm' || ask === 'look-order') return afterConfirm(saga, answer, now);
  if (ask === 'cancel') return afterCancel(saga, answer);
  return ask === 'void' ? afterVoid(answer) : afterRefund(answer);
}

/** Nothing of it is to be had, whatever its origin says: an order that lives on there is called off. */
export const isGivenUp = ({ state }: Pick<Saga, 'state'>): boolean =>
  state === 'void' || state === 'refunding' || state === 'refunded' || state === 'refund-owed';
/** Held or sold, and nothing has left. */
export const livesAt = (told: OriginState): boolean => told !== 'cancelled' && told !== 'expired';

/** What the origin tells by itself of an order that was confirmed; undefined when it is no news. */
export function afterNews({ state }: Pick<Saga, 'state'>, told: OriginState): Change | undefined {
  if (state !== 'confirmed' && state !== 'fulfilling') return undefined;
  if (told === 'cancelled' || told === 'expired') return { state: 'refunding', reason: 'cancelled-by-origin' };
  if (told === 'delivered') return { state: 'done' };
  return told === 'shipped' && state === 'confirmed' ? { state: 'fulfilling' } : undefined;
}

/** A transfer for a leg, with what came before it and was not given back. In đồng. */
export type Arrival = { readonly creditVnd: Vnd; readonly amountVnd: Vnd };
/** What a transfer makes of the leg: `back` of it, or of all that came, belongs to its shopper again. */
export type Arrived =
  | { readonly kind: 'short' }
  | { readonly kind: 'paid'; readonly backVnd: Vnd }
  | { readonly kind: 'late' | 'double'; readonly backVnd: Vnd };

const isPaid: readonly LegState[] = ['captured', 'confirming', 'confirmed', 'fulfilling', 'done'];

/** Money counts for the leg until a minute before the origin's deadline, so that the confirmation still arrives in time. */
export function arrive(saga: Saga, { creditVnd, amountVnd }: Arrival, now: Date): Arrived {
  const allVnd = vnd(creditVnd + amountVnd);
  if (saga.captured)
    return { kind: isPaid.includes(saga.state) || saga.step === 'confirming' ? 'double' : 'late', backVnd: amountVnd };
  if (saga.state !== 'awaiting-transfer' || isLate(saga, now, captureMarginMs))
    return { kind: 'late', backVnd: allVnd };
  return allVnd < saga.acceptedVnd ? { kind: 'short' } : { kind: 'paid', backVnd: vnd(allVnd - saga.acceptedVnd) };
}

/** Until when a transfer for a reserved leg counts. */
export const transferUntil = (confirmBy: Date): Date => new Date(confirmBy.getTime() - captureMarginMs);

/** Seconds until something that nobody answered is asked again. Doubles to five minutes. */
export const againAfterSeconds = (attempts: number): number => Math.min(300, 5 * 2 ** Math.min(attempts, 6));

const priceOf = ({ lines, shipping }: LegTerms): string =>
  JSON.stringify([
    lines.map(({ uri, quantity, unitVnd }) => [uri, quantity, unitVnd]),
    shipping.map(({ code, amountVnd }) => [code, amountVnd]),
  ]);

/** Whether two quotes ask for the same money, whatever their names and deadlines. */
export const samePrices = (a: LegTerms, b: LegTerms): boolean => priceOf(a) === priceOf(b);

/** What a quote comes to with one of its ways of sending; undefined where it has no such way. */
export function totalOf(terms: LegTerms, shippingCode: string): Vnd | undefined {
  const way = terms.shipping.find(({ code }) => code === shippingCode);
  return way && vnd(terms.goodsVnd + way.amountVnd);
}

/** Accepted terms hold for half an hour without being paid: whoever comes back later sees the prices of then. */
export const payWithinMs = hourMs / 2;

/** The steps that a leg may take, as `exchange_leg_moves` lists them. */
const next: Readonly<Record<LegState, readonly LegState[]>> = {
  draft: ['quoted', 'lapsed'],
  quoted: ['price-changed', 'authorising', 'reserving', 'lapsed'],
  'price-changed': ['quoted', 'authorising', 'reserving', 'lapsed'],
  authorising: ['price-changed', 'authorised', 'lapsed'],
  authorised: ['reserving', 'voiding'],
  reserving: ['reserved', 'awaiting-transfer', 'resolving', 'voiding', 'cancelling'],
  reserved: ['capturing', 'cancelling'],
  'awaiting-transfer': ['captured', 'cancelling'],
  capturing: ['captured', 'resolving', 'cancelling'],
  captured: ['confirming', 'cancelling'],
  confirming: ['confirmed', 'resolving', 'cancelling', 'refunding'],
  confirmed: ['fulfilling', 'done', 'refunding'],
  fulfilling: ['done', 'refunding'],
  resolving: [
    'reserving',
    'reserved',
    'awaiting-transfer',
    'capturing',
    'captured',
    'confirming',
    'confirmed',
    'voiding',
    'cancelling',
    'refunding',
  ],
  voiding: ['void', 'refunding'],
  cancelling: ['voiding', 'refunding', 'confirmed'],
  refunding: ['refunded', 'refund-owed'],
  done: [],
  // Its money was found at the provider: a database of ours was put back.
  lapsed: ['resolving', 'voiding'],
  void: [],
  refunded: [],
  'refund-owed': ['refunded'],
};
export const LEG_MOVES: readonly (readonly [LegState, LegState])[] = (Object.keys(next) as LegState[]).flatMap((from) =>
  next[from].map((to) => [from, to] as const),
);
