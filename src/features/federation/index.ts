export { federationJobs, federationSubscriptions } from './events.ts';
export { loadNodeKey } from './node-key.ts';
export { federationRoutes } from './routes.ts';
export { createFederation } from './service.ts';
