export { paymentRoutes } from './routes.ts';
export { createPayments, type Payments, type PaymentView } from './service.ts';
export { paymentStaffRoutes } from './staff-routes.ts';
export { webhookRoutes } from './webhooks.ts';
