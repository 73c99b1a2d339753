export { type CommissionRule, commissionOf } from './rules.ts';
export { createLedger, type Ledger } from './service.ts';
