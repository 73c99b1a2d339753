export { certificateRoutes } from './routes.ts';
export { type Certificates, createCertificates, type OcopSubmission } from './service.ts';
export type { PublicCertificate } from './views.ts';
