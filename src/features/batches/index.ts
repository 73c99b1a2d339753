export { batchRoutes } from './routes.ts';
export { type Batches, type BatchRequest, createBatches } from './service.ts';
