export { importJobs } from './events.ts';
export { importPersonalData } from './personal-data.ts';
export { importRoutes } from './routes.ts';
export { createImports } from './service.ts';
export { openSheet } from './sheets.ts';
export { createGoods } from './writing.ts';
