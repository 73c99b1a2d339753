import type { PartnerAdapter } from '../adapter.ts';

/** A shop may raise `adminListQueryLimit` (1,000) or lower it; half of it is answered in time by a small server. */
export const limits = { rps: 4, burst: 8, maxPage: 500, maxBytes: 16 * 1_048_576 };

/**
 * Measured against 3.7.3 by `npm run test:foreign`. `product.updatedAt` moves with every edit of the product, its
 * translations and `enabled`, so the catalogue is read since then. It stands still when stock or price change; the
 * variant's moves when an officer edits them, but what the shopper pays and what can be promised hang on rows beside it
 * (tax rates, prices of the channel, stock that orders hold). So offers are read whole each time.
 */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'vendure',
  adapterVersion: '1',
  simulated: false,
  lanes: { catalogue: 'since', offer: 'snapshot' },
  deletes: 'sweep',
  revisions: 'ours',
  // `priceWithTax` is what the shopper pays, whether the channel keeps its prices with the tax or without.
  money: { exponent: 0, tax: 'included' },
  // The filter `after` gives the very instant again where the database kept microseconds, and does not where an edit
  // wrote milliseconds: we ask from a millisecond before.
  clock: { zone: 'UTC', overlapMs: 5 * 60_000, inclusive: false },
  orders: 'referral',
  limits,
};
