export { shippingRoutes } from './routes.ts';
export { freightOf, shareOf } from './rules.ts';
export { FreightParts, Point } from './schemas.ts';
export { createShipping, type Shipping } from './service.ts';
