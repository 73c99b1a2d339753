import type { JobHandler } from '#db/jobs.ts';
import { ORDER_NEWS_QUEUE } from '#features/federation/types.ts';
import { ADVANCE_QUEUE } from './deps.ts';
import type { ExchangeOrders } from './service.ts';
import type { LegId } from './types.ts';

export const exchangeOrderJobs = (exchangeOrders: ExchangeOrders): readonly JobHandler[] => [
  {
    // An exchange that is slow keeps its own legs waiting and no other's.
    queue: ADVANCE_QUEUE,
    options: { concurrency: 4, pollSeconds: 5 },
    run: async (batch) => {
      for (const job of batch) await exchangeOrders.advance((job as { readonly legId: LegId }).legId);
    },
  },
  {
    // However often an exchange says so, it is asked once; what is missed is found by the look below.
    queue: ORDER_NEWS_QUEUE,
    options: { batchSize: 100, concurrency: 2, retryLimit: 2 },
    run: (batch) =>
      exchangeOrders.followNews((batch as readonly { partnerKey: string }[]).map((job) => job.partnerKey)),
  },
  {
    queue: 'exchange-orders.look',
    options: { cron: '* * * * *', retryLimit: 2 },
    run: async () => {
      await exchangeOrders.followOrders();
      await exchangeOrders.advanceDue();
    },
  },
  {
    queue: 'exchange-orders.recover',
    options: { cron: '*/15 * * * *', retryLimit: 2 },
    run: async () => {
      await exchangeOrders.recover();
    },
  },
  {
    queue: 'exchange-orders.settle',
    options: { cron: '40 * * * *' },
    run: async () => {
      await exchangeOrders.settleDays();
    },
  },
];
