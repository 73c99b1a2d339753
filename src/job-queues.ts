import { federationSubscriptions } from '#features/federation/index.ts';
import { partnerOrderSubscriptions } from '#features/partner-orders/index.ts';
import { INDEX_QUEUE, PARTNER_QUEUE } from '#features/search/index.ts';
import { taxQueues } from '#features/tax/index.ts';

/** Queues of the slices that have no file of their own for them. */
export const jobQueues = {
  pictures: 'pictures.encode',
  endPayments: 'payments.end',
  refunds: 'payments.refund',
  paid: 'orders.tell-paid',
  endDirect: 'direct.end',
  erasures: 'identity.note-erasure',
} as const;

/** Which queues hear of which event. */
export const subscriptions = {
  'product.changed': [INDEX_QUEUE, ...federationSubscriptions['product.changed']],
  // Nothing of partners is exported.
  'mirrors.changed': [INDEX_QUEUE],
  'partner.moved': [PARTNER_QUEUE],
  'account.erased': [jobQueues.erasures],
  'order-group.expired': [jobQueues.endPayments, jobQueues.endDirect],
  'order-group.paid': [jobQueues.paid, ...federationSubscriptions['order-group.paid']],
  ...partnerOrderSubscriptions,
  'refund.queued': [jobQueues.refunds, taxQueues.refunded],
  'order.received': [taxQueues.received],
  'order.refunded-directly': [taxQueues.received],
};
