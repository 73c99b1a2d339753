import type { PartnerAdapter } from '../adapter.ts';

/** Medusa caps no page (2.21.2 takes `limit=100000`), so we do. */
export const limits = { rps: 5, burst: 10, maxPage: 200, maxBytes: 16 * 1_048_576 };

/**
 * Measured against 2.21.2. `updated_at` of the product moves with its texts and its status; a price moves that of the
 * variant alone, stock moves neither. So the catalogue is read since then, and the offers whole each time. Deleted goods
 * and drafts vanish from the store API.
 */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'medusa',
  adapterVersion: '1',
  simulated: false,
  lanes: { catalogue: 'since', offer: 'snapshot' },
  deletes: 'sweep',
  revisions: 'ours',
  // Major units: 45000 is forty-five thousand đồng. `calculated_amount_with_tax` is what the shopper pays.
  money: { exponent: 0, tax: 'included' },
  clock: { zone: 'UTC', overlapMs: 5 * 60_000, inclusive: true },
  orders: 'referral',
  limits,
};
