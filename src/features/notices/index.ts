export { createNotices } from './service.ts';
