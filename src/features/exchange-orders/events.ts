import type { JobHandler } from '#db/jobs.ts';
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
