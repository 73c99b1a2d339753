import type { PartnerAdapter } from '../adapter.ts';
import { MAX_PAGE_BYTES, PAGED } from '../shops/paged.ts';

/** `per_page` is at most 100. The pace is our politeness: WooCommerce has no limit of its own. */
export const limits = { rps: 10, burst: 40, maxPage: 100, maxBytes: MAX_PAGE_BYTES };

/**
 * By the documents of REST v3; no shop of it could be tried. `date_modified` is not moved by stock (woocommerce issue
 * 40060), so offers are read whole each time. Deleted products vanish from the list.
 */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'woocommerce',
  adapterVersion: '1',
  ...PAGED,
  // `modified_after` leaves the very second out. Vietnamese shops keep their wall clock.
  clock: { zone: '+07:00', overlapMs: 5 * 60_000, inclusive: false },
  limits,
};
