export { federationJobs, federationSubscriptions } from './events.ts';
export { loadNodeKey } from './node-key.ts';
export { federationRoutes } from './routes.ts';
export { createFederation, type Federation } from './service.ts';
