export { importJobs } from './events.ts';
export { importRoutes } from './routes.ts';
export { createImports } from './service.ts';
export { createGoods } from './writing.ts';
