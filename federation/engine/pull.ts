import type { Checkpoint, Page, PartnerEndpoint } from '../adapters/adapter.ts';
import { sha256Hex } from '../protocol/canonical.ts';
import { LANES, type Lane } from '../protocol/record.ts';
import { applyPage } from './apply.ts';
import { afterFailure, CLOSED, mayAttempt } from './breaker.ts';
import { compareLane } from './compare.ts';
import { PullFailure } from './failure.ts';
import { type LaneOutcome, NO_COUNTS } from './store.ts';
import { addCounts, ctxOf, type EngineDeps, takenOf, type Visit } from './visit.ts';

export type PullReport =
  | { readonly state: 'waiting' }
  | { readonly state: 'pulled'; readonly lanes: Readonly<Record<Lane, LaneOutcome | undefined>> };

/** Far above 50,000 listings in pages of 500: a feed longer than this does not end. */
const maxPages = 1_000;

/**
 * Pulls both lanes of a partner, catalogue first so that offers find their listings. Each page and its checkpoint are
 * one transaction. Failures are recorded, not thrown; only a failing store throws.
 * `acceptDeletes` is a person's word that a lane that is held may shrink, or change its prices as it says.
 */
export async function pullPartner(
  deps: EngineDeps,
  partner: PartnerEndpoint,
  { acceptDeletes = false }: { readonly acceptDeletes?: boolean } = {},
): Promise<PullReport> {
  const before = (await deps.store.findBreaker(partner.key)) ?? CLOSED;
  if (!acceptDeletes && !mayAttempt(before, deps.now().getTime())) return { state: 'waiting' };
  const lanes: Record<Lane, LaneOutcome | undefined> = { catalogue: undefined, offer: undefined };
  let failed: PullFailure | undefined;
  for (const lane of LANES) {
    const { outcome, failure } = await pullLane(deps, partner, lane, acceptDeletes);
    lanes[lane] = outcome;
    await deps.store.saveOutcome(partner.key, lane, outcome);
    failed ??= failure;
    if (failure && !failure.concernsOneLane) break;
  }
  const after = failed ? afterFailure(before, failed, deps.now().getTime(), deps.random()) : CLOSED;
  if (after !== before) await deps.store.saveBreaker(partner.key, after);
  return { state: 'pulled', lanes };
}

async function pullLane(deps: EngineDeps, partner: PartnerEndpoint, lane: Lane, isAccepted: boolean) {
  const visit: Visit = { deps, partner, lane, isAccepted, adapter: deps.adapterFor(partner), counts: NO_COUNTS };
  try {
    const isRestarted = await drainLane(visit);
    await compareLane(visit, isRestarted, () => drainLane(visit));
    const outcome: LaneOutcome = { state: 'ok', counts: visit.counts, at: deps.now() };
    return { outcome, failure: undefined };
  } catch (failure) {
    if (!(failure instanceof PullFailure)) throw failure;
    const { code, message: detail } = failure;
    const state = failure.needsPerson ? 'held' : 'failed';
    const outcome: LaneOutcome = { state, failure: { code, detail }, counts: visit.counts, at: deps.now() };
    return { outcome, failure };
  }
}

/** Reads the lane to its end, and says whether it was read from the beginning. */
async function drainLane(visit: Visit): Promise<boolean> {
  const { deps, partner, lane, adapter } = visit;
  const seen = new Set<string>();
  const start = await deps.store.findCheckpoint(partner.key, lane);
  let from: Checkpoint | undefined = start;
  for await (const page of adapter.pull(ctxOf(visit), lane, from)) {
    refusePagingLoop(page, from, seen);
    const counts = await applyPage(deps.store, takenOf(visit, from), page);
    // Another worker applied this page meanwhile and goes on from there.
    if (!counts) return false;
    visit.counts = addCounts(visit.counts, counts);
    from = page.next;
    if (page.complete) break;
  }
  return start === undefined && from !== undefined;
}

/** Some systems give their last page again for ever (Magento does): the same page twice ends the pull. */
function refusePagingLoop(page: Page, from: Checkpoint | undefined, seen: Set<string>): void {
  if (page.complete) return;
  const hash = sha256Hex(JSON.stringify(page.records));
  const stuck = page.next === from || (page.records.length > 0 && seen.has(hash)) || seen.size >= maxPages;
  if (stuck) throw new PullFailure('paging-loop', `the same page again after ${seen.size} pages`);
  seen.add(hash);
}
