export { noticeJobs } from './events.ts';
export { noticePersonalData } from './personal-data.ts';
export { noticeRoutes, noticeStaffRoutes } from './routes.ts';
export { createNotices, type Notices } from './service.ts';
export type { Carriers } from './types.ts';
