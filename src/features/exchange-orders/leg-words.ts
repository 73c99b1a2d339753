import type { MessageKey } from '#web/i18n/messages.ts';
import type { LegState } from './types.ts';

/** How a leg stands, in words. */
export const stateWords: Readonly<Record<LegState, MessageKey>> = {
  draft: 'leg.state.waiting',
  quoted: 'leg.state.waiting',
  'price-changed': 'leg.state.waiting',
  authorising: 'leg.state.paying',
  authorised: 'leg.state.reserving',
  reserving: 'leg.state.reserving',
  reserved: 'leg.state.paid',
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

/** How far it has come, from the money to the door. */
export const stages: readonly MessageKey[] = [
  'leg.step.money',
  'leg.step.held',
  'leg.step.taken',
  'step.shipped',
  'step.delivered',
];
const reached: Partial<Record<LegState, number>> = {
  authorised: 1,
  reserving: 1,
  reserved: 2,
  capturing: 2,
  captured: 2,
  confirming: 2,
  confirmed: 3,
  fulfilling: 4,
  done: 5,
};
/** How many of the stages are behind it; undefined where it does not go that way any more, or nobody knows. */
export const stagesDone = (state: LegState): number | undefined => reached[state];
