export { stockRoutes } from './routes.ts';
export { createStock, type Demand, type Stock } from './service.ts';
export { createShelf, type Shelf } from './shelf.ts';
