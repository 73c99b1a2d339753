import type { PartnerAdapter } from '../adapter.ts';
import { MAX_PAGE_BYTES, PAGED } from '../shops/paged.ts';
import { UNVERIFIED } from './settings.ts';

/**
 * By the vendor's documents where they say it; no shop of it could be tried. The leaky bucket is theirs: 80, of which 4 a
 * second leak. Whether stock moves `updated_at` is not told, so offers are read whole each time.
 */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'haravan',
  adapterVersion: '1',
  ...PAGED,
  clock: { zone: '+07:00', overlapMs: 5 * 60_000, inclusive: true },
  limits: { rps: 4, burst: 80, maxPage: UNVERIFIED.pageSize, maxBytes: MAX_PAGE_BYTES },
};
