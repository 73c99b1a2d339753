import type { Checkpoint, Ctx, Page, PartnerAdapter, PartnerEndpoint } from '../adapters/adapter.ts';
import { sha256Hex } from '../protocol/canonical.ts';
import { LANES, type Lane } from '../protocol/record.ts';
import { applyPage } from './apply.ts';
import { afterFailure, CLOSED, mayAttempt } from './breaker.ts';
import { PullFailure } from './failure.ts';
import { type Counts, type EngineStore, type LaneOutcome, NO_COUNTS } from './store.ts';

export type EngineDeps = Omit<Ctx, 'partner'> & {
  readonly store: EngineStore;
  readonly adapterFor: (partner: PartnerEndpoint) => PartnerAdapter;
  /** Our own origin: what comes back to us from a neighbour is not taken. */
  readonly self: string;
  /** In [0, 1), for the jitter of the back-off. */
  readonly random: () => number;
};

export type PullReport =
  | { readonly state: 'waiting' }
  | { readonly state: 'pulled'; readonly lanes: Readonly<Record<Lane, LaneOutcome | undefined>> };

/** Far above 50,000 listings in pages of 500: a feed longer than this does not end. */
const maxPages = 1_000;

/**
 * Pulls both lanes of a partner, catalogue first so that offers find their listings. Each page and its checkpoint are
 * one transaction. Failures are recorded, not thrown; only a failing store throws.
 * `acceptDeletes` is a person's word that a lane held by the mass-delete guard may shrink.
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

async function pullLane(deps: EngineDeps, partner: PartnerEndpoint, lane: Lane, acceptDeletes: boolean) {
  const progress = { counts: NO_COUNTS };
  try {
    await drainLane(deps, partner, lane, acceptDeletes, progress);
    const outcome: LaneOutcome = { state: 'ok', counts: progress.counts, at: deps.now() };
    return { outcome, failure: undefined };
  } catch (failure) {
    if (!(failure instanceof PullFailure)) throw failure;
    const { code, message: detail } = failure;
    const state = code === 'mass-delete' ? 'held' : 'failed';
    const outcome: LaneOutcome = { state, failure: { code, detail }, counts: progress.counts, at: deps.now() };
    return { outcome, failure };
  }
}

async function drainLane(
  deps: EngineDeps,
  partner: PartnerEndpoint,
  lane: Lane,
  acceptDeletes: boolean,
  progress: { counts: Counts },
): Promise<void> {
  const adapter = deps.adapterFor(partner);
  const ctx: Ctx = { ...deps, partner };
  const seen = new Set<string>();
  let from: Checkpoint | undefined = await deps.store.findCheckpoint(partner.key, lane);
  for await (const page of adapter.pull(ctx, lane, from)) {
    refusePagingLoop(page, from, seen);
    const taken = { partner, lane, adapter, self: deps.self, from, acceptDeletes };
    const counts = await applyPage(deps.store, taken, page);
    // Another worker applied this page meanwhile and goes on from there.
    if (!counts) return;
    progress.counts = addCounts(progress.counts, counts);
    from = page.next;
    if (page.complete) return;
  }
}

/** Some systems give their last page again for ever (Magento does): the same page twice ends the pull. */
function refusePagingLoop(page: Page, from: Checkpoint | undefined, seen: Set<string>): void {
  if (page.complete) return;
  const hash = sha256Hex(JSON.stringify(page.records));
  const stuck = page.next === from || (page.records.length > 0 && seen.has(hash)) || seen.size >= maxPages;
  if (stuck) throw new PullFailure('paging-loop', `the same page again after ${seen.size} pages`);
  seen.add(hash);
}

const addCounts = (a: Counts, b: Counts): Counts => {
  const names = Object.keys(a) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as Counts;
};
