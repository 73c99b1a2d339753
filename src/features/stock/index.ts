export { stockRoutes } from './routes.ts';
export { createStock, type Stock } from './service.ts';
export { createShelf } from './shelf.ts';
