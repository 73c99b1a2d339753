export { businessJobs } from './events.ts';
export { memberRoutes } from './member-routes.ts';
export { actList, type Helpers } from './own-pages.ts';
export { businessPersonalData } from './personal-data.ts';
export { businessRoutes } from './routes.ts';
export { sellerBusinessRoutes } from './seller-routes.ts';
export { type Businesses, createBusinesses } from './service.ts';
export { staffBusinessRoutes } from './staff-routes.ts';
export type { BusinessCard, BusinessDetail } from './views/public.ts';
