export { createJournal } from './journal.ts';
export { stockRoutes } from './routes.ts';
export { createStock, type Stock } from './service.ts';
export { createShelf } from './shelf.ts';
export { createPriceTable } from './table.ts';
