export { createDeciding } from './deciding.ts';
export { changeRoutes } from './routes.ts';
export { flagsInText } from './rules/flags.ts';
export { type Changes, createChanges, type OpenSet } from './service.ts';
