export { assistanceRoutes } from './routes.ts';
export { createAssistance } from './service.ts';
