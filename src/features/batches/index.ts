export { batchRoutes } from './routes.ts';
export { type Batches, type BatchRequest, createBatches, type MadeOn } from './service.ts';
