export { certificateRoutes, keySetRoutes } from './routes.ts';
export { type Certificates, createCertificates } from './service.ts';
export { createStatementKeys } from './statement-keys.ts';
