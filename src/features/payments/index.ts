export { drawQr, transferBox } from './qr-screen.ts';
export { paymentRoutes } from './routes.ts';
export { createPayments, type Payments } from './service.ts';
export { paymentStaffRoutes } from './staff-routes.ts';
export { webhookRoutes } from './webhooks.ts';
