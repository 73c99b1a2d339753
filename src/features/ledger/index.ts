export { type CommissionRule, commissionOfLines } from './rules.ts';
export { createLedger, type Ledger } from './service.ts';
