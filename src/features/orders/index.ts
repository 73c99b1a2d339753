export { type Codes, codes } from './codes.ts';
export { dataOfBuyers, orderPersonalData } from './personal-data.ts';
export { orderRoutes } from './routes.ts';
export { piecesLeft, refundableOf, sumParts } from './rules/line-parts.ts';
export { GroupBody } from './schemas.ts';
export { sellerOrderRoutes } from './seller-routes.ts';
export { createOrders, type Orders } from './service.ts';
export { orderStaffRoutes } from './staff-routes.ts';
export type { GroupView } from './views.ts';
