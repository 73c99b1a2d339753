export { createOverviews } from './overview.ts';
export { reportCheckRoutes, reportRoutes } from './routes.ts';
export { createReports } from './service.ts';
