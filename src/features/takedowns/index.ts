export { takedownRoutes } from './routes.ts';
export { createTakedowns } from './service.ts';
