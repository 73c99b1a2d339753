import type { SQL } from 'drizzle-orm';

/**
 * One thing that must hold. The query gives a row for each place where it does not: what, and what was found there.
 * `test/faults/planted.test.ts` plants a fault for each name and sees it reported by that name.
 */
export type Check = { readonly check: string; readonly query: SQL };
