export { reportPersonalData } from './personal-data.ts';
export { fieldReportRoutes } from './routes.ts';
export { createFieldReports, type FieldReports } from './service.ts';
