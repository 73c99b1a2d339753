export { certificateRoutes } from './routes.ts';
export { type Certificates, createCertificates } from './service.ts';
