export { nextAfter } from './going-on.ts';
export { queueRoutes } from './routes.ts';
export { createQueues, type Queues } from './service.ts';
