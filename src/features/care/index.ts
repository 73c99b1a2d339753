export { sellerReturnRoutes, staffReturnRoutes } from './desk-routes.ts';
export { careJobs } from './events.ts';
export { carePersonalData } from './personal-data.ts';
export type { Shopper } from './returning.ts';
export { maxPhotoBytes, proofKeys, returnRoutes, shopperOf } from './routes.ts';
export { type Care, createCare } from './service.ts';
export type { ProvedOrder } from './views/returns.ts';
