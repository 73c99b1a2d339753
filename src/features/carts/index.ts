export { cartPersonalData } from './personal-data.ts';
export { type PricedBusiness, type PricedCart, type PricedLine, takenFor } from './pricing.ts';
export { cartRoutes } from './routes.ts';
export { CartParams, CheckoutBody, DeliveryBody } from './schemas.ts';
export { type Carts, createCarts, type DeliveryRequest, type ReadyCart } from './service.ts';
