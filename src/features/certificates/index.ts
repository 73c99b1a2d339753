export { certificateListRoutes } from './list-routes.ts';
export { certificateRoutes, keySetRoutes } from './routes.ts';
export { sellerCertificateRoutes } from './seller-routes.ts';
export { type Certificates, createCertificates } from './service.ts';
export { staffCertificateRoutes } from './staff-routes.ts';
export { createStatementKeys } from './statement-keys.ts';
