export { voucherRoutes } from './routes.ts';
export { type Discounts, discountsOf } from './rules.ts';
export { createVouchers, type VoucherRequest, type Vouchers } from './service.ts';
export { whyNotNames } from './words.ts';
