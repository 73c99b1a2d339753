import type { PartnerAdapter } from '../adapter.ts';
import { MAX_PAGE_BYTES, PAGED } from '../shops/paged.ts';
import { UNVERIFIED } from './settings.ts';

/** By public client code alone: the vendor's documents could not be read, and no shop of it could be tried. */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'sapo',
  adapterVersion: '1',
  ...PAGED,
  clock: { zone: '+07:00', overlapMs: 5 * 60_000, inclusive: true },
  limits: { ...UNVERIFIED.limits, maxPage: UNVERIFIED.pageSize, maxBytes: MAX_PAGE_BYTES },
};
