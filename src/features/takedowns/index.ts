export { takedownRoutes } from './routes.ts';
export { createTakedowns, type Takedowns } from './service.ts';
