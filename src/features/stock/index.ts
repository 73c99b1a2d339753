export { createStock, type Demand, type Stock } from './service.ts';
