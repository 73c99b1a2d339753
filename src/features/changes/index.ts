export { createDeciding } from './deciding.ts';
export { changeRoutes } from './routes.ts';
export { type Changes, createChanges, type OpenSet } from './service.ts';
