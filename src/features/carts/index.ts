export { cartPersonalData } from './personal-data.ts';
export { type PricedBusiness, takenFor } from './pricing.ts';
export { cartRoutes } from './routes.ts';
export { CartParams, CheckoutBody } from './schemas.ts';
export { type Carts, createCarts, type ReadyCart } from './service.ts';
