export { partnerOrderJobs, partnerOrderSubscriptions } from './events.ts';
export { partnerOrderRoutes } from './routes.ts';
export { createPartnerOrders, type PartnerOrders } from './service.ts';
