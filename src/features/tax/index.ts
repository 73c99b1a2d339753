export { taxJobs, taxQueues } from './events.ts';
export { taxRoutes } from './routes.ts';
export { createTax } from './service.ts';
