/** Queues of the slices that have no file of their own for them. */
export const jobQueues = {
  pictures: 'pictures.encode',
  endPayments: 'payments.end',
  refunds: 'payments.refund',
  paid: 'orders.tell-paid',
  erasures: 'identity.note-erasure',
} as const;
