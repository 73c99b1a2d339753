import type { EventOf } from '#db/events.ts';
import type { JobHandler } from '#db/jobs.ts';
import type { Tax } from './service.ts';

/** Heard of by jobs, a moment behind: a parcel's arrival and a refund wait for no tax. */
export const taxQueues = { received: 'tax.received', refunded: 'tax.refunded' } as const;

export const taxJobs = (tax: Tax): readonly JobHandler[] => [
  {
    queue: taxQueues.received,
    run: async (batch) => {
      for (const job of batch) await tax.settle((job as EventOf<'order.received'>).orderId);
    },
  },
  {
    queue: taxQueues.refunded,
    run: async (batch) => {
      for (const job of batch) await tax.settleRefund((job as EventOf<'refund.queued'>).refundId);
    },
  },
];
