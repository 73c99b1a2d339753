export type { PricedBusiness, PricedCart } from './pricing.ts';
export { cartRoutes } from './routes.ts';
export { CartParams, CheckoutBody } from './schemas.ts';
export { type Carts, type CartView, createCarts, type DeliveryRequest, etagOfCart, type ReadyCart } from './service.ts';
