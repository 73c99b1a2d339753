export { createNotices, type Notices } from './service.ts';
