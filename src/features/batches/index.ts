export { batchRoutes } from './routes.ts';
export { createBatches } from './service.ts';
