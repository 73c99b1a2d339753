export { exchangeOrderJobs } from './events.ts';
export { createOrigins } from './origins.ts';
export { exchangeOrderPersonalData } from './personal-data.ts';
export { exchangeOrderRoutes } from './routes.ts';
export { createExchangeOrders, type ExchangeOrders } from './service.ts';
export { withTransfers } from './transfers.ts';
