import type { EventOf, Subscriptions } from '#db/events.ts';
import type { JobHandler } from '#db/jobs.ts';
import type { PartnerOrders } from './service.ts';

const followQueue = 'partner-orders.follow';

/** An order that moves may be one that a partner exchange sold, which hears of it by its feed. */
export const partnerOrderSubscriptions: Subscriptions = { 'order.changed': [followQueue] };

export const partnerOrderJobs = (partnerOrders: PartnerOrders): readonly JobHandler[] => [
  {
    queue: followQueue,
    options: { batchSize: 100 },
    run: async (batch) => {
      await partnerOrders.followOrders(batch.map((job) => (job as EventOf<'order.changed'>).orderId));
    },
  },
  { queue: 'partner-orders.tidy', options: { cron: '25 3 * * *' }, run: () => partnerOrders.tidy() },
];
