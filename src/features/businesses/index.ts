export { businessRoutes } from './routes.ts';
export { type Businesses, createBusinesses, type PartnerProducer } from './service.ts';
export type { BusinessCard, BusinessDetail } from './views.ts';
