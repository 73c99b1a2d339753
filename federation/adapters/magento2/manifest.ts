import type { PartnerAdapter } from '../adapter.ts';

/** The pace and the page are our politeness: Magento has no limits unless its host sets some. */
export const limits = { rps: 10, burst: 40, maxPage: 100, maxBytes: 16 * 1_048_576 };

/**
 * By documents and issues; no shop of it could be tried. Stock is kept in source items, which move no date of a product,
 * so offers are read whole each time. Behind its last page Magento gives the last page again (magento2 issue 8099).
 */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'magento2',
  adapterVersion: '1',
  simulated: true,
  lanes: { catalogue: 'since', offer: 'snapshot' },
  deletes: 'sweep',
  revisions: 'ours',
  // Decimals of major units; zeros behind the point are read, anything else is refused.
  money: { exponent: 0, tax: 'declared' },
  clock: { zone: 'Z', overlapMs: 5 * 60_000, inclusive: true },
  orders: 'referral',
  limits,
};
