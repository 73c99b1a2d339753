export { directRoutes, sellerDirectRoutes } from './routes.ts';
export { createDirect, type Direct } from './service.ts';
