export { feeRoutes } from './routes.ts';
export { feesOf, type LineFee } from './rules.ts';
export { createFees, type Fees } from './service.ts';
