import type { PartnerAdapter } from '../adapter.ts';
import { MAX_PAGE_BYTES, PAGED } from '../shops/paged.ts';

/** The pace and the page are our politeness: Magento has no limits unless its host sets some. */
export const limits = { rps: 10, burst: 40, maxPage: 100, maxBytes: MAX_PAGE_BYTES };

/**
 * By documents and issues; no shop of it could be tried. Stock is kept in source items, which move no date of a product,
 * so offers are read whole each time. Behind its last page Magento gives the last page again (magento2 issue 8099).
 */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'magento2',
  adapterVersion: '1',
  ...PAGED,
  clock: { zone: 'Z', overlapMs: 5 * 60_000, inclusive: true },
  limits,
};
