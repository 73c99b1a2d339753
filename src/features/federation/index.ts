export { createPartnerDesk, type PartnerDesk } from './desk.ts';
export { federationJobs, federationSubscriptions } from './events.ts';
export { openFederation } from './exchanges.ts';
export { loadNodeKey } from './node-key.ts';
export { answering, peerAuthentication } from './peer-auth.ts';
export { recallRoutes } from './recall-routes.ts';
export { staffReferralRoutes } from './referral-routes.ts';
export { federationRoutes } from './routes.ts';
export { createFederation, type Federation } from './service.ts';
