import type { MessageKey } from '#web/i18n/messages.ts';
import type { LegMethod, LegState } from './types.ts';

/** How a leg stands, in words. */
export const stateWords: Readonly<Record<LegState, MessageKey>> = {
  draft: 'leg.state.waiting',
  quoted: 'leg.state.waiting',
  'price-changed': 'leg.state.waiting',
  authorising: 'leg.state.paying',
  authorised: 'leg.state.reserving',
  reserving: 'leg.state.reserving',
  reserved: 'leg.state.paid',
  'awaiting-transfer': 'leg.state.transfer',
  capturing: 'leg.state.paid',
  captured: 'leg.state.paid',
  confirming: 'leg.state.paid',
  confirmed: 'leg.state.confirmed',
  fulfilling: 'leg.state.fulfilling',
  done: 'leg.state.done',
  resolving: 'leg.state.resolving',
  voiding: 'leg.state.ending',
  cancelling: 'leg.state.ending',
  refunding: 'leg.state.refunding',
  lapsed: 'leg.state.lapsed',
  void: 'leg.state.void',
  refunded: 'leg.state.refunded',
  'refund-owed': 'leg.state.owed',
};
export const good: readonly LegState[] = ['confirmed', 'fulfilling', 'done'];

/** Why nothing was bought, where a shopper can do something with it. */
const reasonWords: Readonly<Record<string, MessageKey>> = {
  'quantity-unavailable': 'leg.reason.stock',
  'not-for-sale': 'leg.reason.stock',
  'price-changed': 'leg.reason.price',
  'not-paid': 'leg.reason.notPaid',
  'total-changed': 'leg.reason.price',
  'quote-expired': 'leg.reason.price',
  'origin-silent': 'leg.reason.silent',
  'too-late': 'leg.reason.late',
  expired: 'leg.reason.late',
  'order-expired': 'leg.reason.late',
  'payment-declined': 'leg.reason.payment',
  cancelled: 'leg.reason.cancelled',
  'order-cancelled': 'leg.reason.cancelled',
  'cancelled-by-origin': 'leg.reason.cancelled',
};
const without: readonly LegState[] = ['voiding', 'void', 'cancelling', 'refunding', 'refunded', 'refund-owed'];

/** Undefined while it is still to be bought, and where the reason says nothing to a shopper. */
export const reasonOf = (state: LegState, reason: string | null): MessageKey | undefined =>
  without.includes(state) && reason !== null ? (reasonWords[reason] ?? 'leg.reason.refused') : undefined;

/** A transfer is no card: nothing was set aside, and what came goes back. */
export const voidWords = (state: LegState, method: LegMethod): MessageKey | undefined => {
  if (method === 'stripe') return undefined;
  if (state === 'void' || state === 'voiding' || state === 'cancelling') return 'leg.state.notBought';
  return undefined;
};

/** How far it has come, from the money to the door; who transfers pays for goods that are held already. */
const stages: Readonly<Record<LegMethod, readonly MessageKey[]>> = {
  stripe: ['leg.step.money', 'leg.step.held', 'leg.step.taken', 'step.shipped', 'step.delivered'],
  vietqr: ['leg.step.held', 'step.paid', 'leg.step.taken', 'step.shipped', 'step.delivered'],
};
const reached: Partial<Record<LegState, readonly [stripe: number, vietqr: number]>> = {
  authorised: [1, 0],
  reserving: [1, 0],
  reserved: [2, 1],
  'awaiting-transfer': [2, 1],
  capturing: [2, 1],
  captured: [2, 2],
  confirming: [2, 2],
  confirmed: [3, 3],
  fulfilling: [4, 4],
  done: [5, 5],
};

/** The stages, and how many of them are behind it; undefined where it does not go that way any more, or nobody knows. */
export function wayOf(state: LegState, method: LegMethod) {
  const done = reached[state]?.[method === 'stripe' ? 0 : 1];
  return done === undefined ? undefined : { stages: stages[method], done };
}
