export { webhookJobs } from './events.ts';
export { webhookEndpointRoutes } from './routes.ts';
export { createWebhooks } from './service.ts';
export type { Post } from './types.ts';
