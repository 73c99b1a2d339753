import type { JobHandler } from '#db/jobs.ts';
import { SEND_QUEUE } from './sending.ts';
import type { Webhooks } from './service.ts';
import type { MessageId } from './types.ts';

/**
 * Planned each minute from the events, and not by a job of each sale: an order should not cost more because some business
 * listens.
 */
export const webhookJobs = (webhooks: Webhooks): readonly JobHandler[] => [
  {
    queue: 'webhooks.plan',
    options: { cron: '* * * * *', retryLimit: 2 },
    run: async () => {
      await webhooks.planDue();
    },
  },
  {
    queue: 'webhooks.forget',
    options: { cron: '10 4 * * *', retryLimit: 2 },
    run: async () => {
      await webhooks.forgetOld();
    },
  },
  {
    queue: SEND_QUEUE,
    options: { concurrency: 4, pollSeconds: 5 },
    run: async (batch) => {
      for (const job of batch) await webhooks.send((job as { messageId: MessageId }).messageId);
    },
  },
];
