export { sellerReturnRoutes, staffReturnRoutes } from './desk-routes.ts';
export { careJobs } from './events.ts';
export { carePersonalData } from './personal-data.ts';
export { returnRoutes } from './routes.ts';
export { createCare } from './service.ts';
