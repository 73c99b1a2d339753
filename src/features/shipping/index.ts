export type { ShippingRate } from './queries.ts';
export { createShipping, type Rates, type Shipping } from './service.ts';
