export { assistPages, consentHelpers } from './pages.ts';
export { assistancePersonalData } from './personal-data.ts';
export { assistanceRoutes } from './routes.ts';
export { type Assistance, createAssistance } from './service.ts';
export { teamPages } from './team-pages.ts';
