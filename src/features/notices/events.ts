import type { JobHandler } from '#db/jobs.ts';
import { DELIVER_QUEUE, SPREAD_QUEUE } from './deps.ts';
import type { Notices } from './service.ts';
import type { DeliveryId, NoticeId } from './types.ts';

/** A try that fails makes its own next one, so that the queue need not repeat it. */
export const noticeJobs = (notices: Notices): readonly JobHandler[] => [
  {
    queue: SPREAD_QUEUE,
    run: async (batch) => {
      for (const job of batch) await notices.spread((job as { noticeId: NoticeId }).noticeId);
    },
  },
  {
    queue: DELIVER_QUEUE,
    options: { concurrency: 4, pollSeconds: 10 },
    run: async (batch) => {
      for (const job of batch) await notices.deliver((job as { deliveryId: DeliveryId }).deliveryId);
    },
  },
];
