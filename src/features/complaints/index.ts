export { businessComplaintRoutes, staffComplaintRoutes } from './desk-routes.ts';
export { complaintJobs } from './events.ts';
export { complaintPersonalData } from './personal-data.ts';
export { complaintReportRoutes } from './report-routes.ts';
export { complaintRoutes } from './routes.ts';
export { createComplaints } from './service.ts';
