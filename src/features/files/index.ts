export { createFiles } from './service.ts';
