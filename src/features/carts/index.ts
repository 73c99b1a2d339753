export { addressFields, type ContactForm, recipientFields } from './checkout-form.ts';
export { contactFieldOf, findTypedWard, keptContact, sentContact } from './contact.ts';
export { cartPersonalData } from './personal-data.ts';
export { type PricedBusiness, type PricedCart, type PricedLine, takenFor } from './pricing.ts';
export { cartRoutes } from './routes.ts';
export { CartParams, CheckoutBody, DeliveryBody, LineBody } from './schemas.ts';
export { type Carts, type CartView, createCarts, type DeliveryRequest, type ReadyCart } from './service.ts';
export { findVisitorCart, piecesIn } from './visitor-cart.ts';
