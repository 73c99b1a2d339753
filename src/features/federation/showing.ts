import type { Reader, Tx } from '#db/client.ts';
import { type MirrorDeps, mirrorListings } from './mirror.ts';
import type { PartnerRow } from './queries.ts';
import { PROBATION_LISTINGS } from './rules/onboarding.ts';
import { SHOWN_STATES } from './rules/states.ts';
import { listShownUris } from './views/registry.ts';
import { listMirroredListings } from './views.ts';

/**
 * Which of these listings may be shown or hidden anew: none of a partner that is only judged, and of one on probation no more
 * than its number. Those that are shown already stay; what is beyond waits until the partner is let in.
 */
export async function withinQuota(
  reader: Reader,
  { key, state }: Pick<PartnerRow, 'key' | 'state'>,
  uris: readonly string[],
): Promise<readonly string[]> {
  if (!SHOWN_STATES.includes(state)) return [];
  if (state !== 'probation') return uris;
  const shown = await listShownUris(reader, key);
  let free = Math.max(0, PROBATION_LISTINGS - shown.size);
  return uris.filter((uri) => {
    if (shown.has(uri)) return true;
    free -= 1;
    return free >= 0;
  });
}

/** Shows what we hold of a partner and do not show yet, as much of it as its state allows; what is shown is so as it stands. */
export async function showListings(
  tx: Tx,
  deps: MirrorDeps,
  partner: Pick<PartnerRow, 'key' | 'state'>,
): Promise<void> {
  const shown = await listShownUris(tx, partner.key);
  const uris = await withinQuota(tx, partner, await listMirroredListings(tx, partner.key));
  await mirrorListings(
    tx,
    deps,
    partner.key,
    uris.filter((uri) => !shown.has(uri)),
  );
}

/** Of these listings, shows those that the partner's state lets be shown and hides the others. */
export async function showOrHide(
  tx: Tx,
  deps: MirrorDeps,
  partner: Pick<PartnerRow, 'key' | 'state'>,
  uris: readonly string[],
): Promise<void> {
  if (SHOWN_STATES.includes(partner.state))
    return await mirrorListings(tx, deps, partner.key, await withinQuota(tx, partner, uris));
  await deps.products.withdrawMirrors(tx, partner.key, uris);
}
