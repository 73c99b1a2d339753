import type { PartnerAdapter } from '../adapter.ts';
import { UNVERIFIED } from './settings.ts';

/** By public client code alone: the vendor's documents could not be read, and no shop of it could be tried. */
export const manifest: PartnerAdapter['manifest'] = {
  kind: 'sapo',
  adapterVersion: '1',
  simulated: true,
  lanes: { catalogue: 'since', offer: 'snapshot' },
  deletes: 'sweep',
  revisions: 'ours',
  // Whole đồng, as number or decimal text.
  money: { exponent: 0, tax: 'declared' },
  clock: { zone: '+07:00', overlapMs: 5 * 60_000, inclusive: true },
  orders: 'referral',
  limits: { ...UNVERIFIED.limits, maxPage: UNVERIFIED.pageSize, maxBytes: 16 * 1_048_576 },
};
