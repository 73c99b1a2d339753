export { courierRoutes } from './routes.ts';
export { createCouriers } from './service.ts';
