import type { JobHandler } from '#db/jobs.ts';
import { DELIVER_QUEUE, SPREAD_QUEUE } from './deps.ts';
import type { Notices } from './service.ts';
import type { DeliveryId, NoticeId } from './types.ts';

/** A try that fails makes its own next one, so that the queue need not repeat it. */
export const noticeJobs = (notices: Notices): readonly JobHandler[] => [
  {
    queue: SPREAD_QUEUE,
    // pg-boss goes on at once only after a full batch of more than one: one by one, 500 lapses take four hours to tell.
    options: { batchSize: 50 },
    run: async (batch) => {
      for (const job of batch) await notices.spread((job as { noticeId: NoticeId }).noticeId);
    },
  },
  {
    queue: DELIVER_QUEUE,
    options: { batchSize: 10, concurrency: 4, pollSeconds: 10 },
    run: async (batch) => {
      for (const job of batch) await notices.deliver((job as { deliveryId: DeliveryId }).deliveryId);
    },
  },
];
