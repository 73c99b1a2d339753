export { sellerSettlementRoutes } from './seller-routes.ts';
export { createSettlement } from './service.ts';
export { staffSettlementRoutes } from './staff-routes.ts';
