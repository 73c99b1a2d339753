export { federationJobs, federationSubscriptions } from './events.ts';
export { loadNodeKey } from './node-key.ts';
export type { Introduction } from './partners.ts';
export { federationRoutes } from './routes.ts';
export { createFederation, type Federation, type FederationDeps } from './service.ts';
