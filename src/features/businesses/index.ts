export { businessRoutes } from './routes.ts';
export { type Businesses, createBusinesses } from './service.ts';
export type { BusinessCard, BusinessDetail } from './views.ts';
