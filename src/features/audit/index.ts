export { createAnchors } from './anchors.ts';
export { auditPersonalData } from './personal-data.ts';
export { auditRoutes } from './routes.ts';
export { type Audit, createAudit } from './service.ts';
