import type { Auditing, SourceRecord } from '../adapters/adapter.ts';
import type { HashedRecord } from '../protocol/canonical.ts';
import { applyRepair, type Taken, withdrawAbsent } from './apply.ts';
import { NO_COUNTS } from './store.ts';
import { addCounts, ctxOf, takenOf, type Visit } from './visit.ts';

const hourMs = 3_600_000;
/** A sweep names everything, an audit only hashes; the one finds deletions that nobody told, the other what went wrong. */
const sweepEveryMs = 6 * hourMs;
const auditEveryMs = 24 * hourMs;
const fetchSize = 100;

/**
 * Holds a lane that was read to its end against the whole of what the partner has, when that is due: by its hashes where
 * the partner can tell them, else by the names of all records. A lane that was read from its beginning without a snapshot
 * is due at once, since nobody told what was deleted before. Throws PullFailure.
 */
export async function compareLane(visit: Visit, isRestarted: boolean, drain: () => Promise<unknown>): Promise<void> {
  const { deps, partner, lane, adapter } = visit;
  const { audit } = adapter;
  const sweeps = adapter.manifest.deletes === 'sweep' && adapter.enumerate !== undefined;
  if (!audit && !sweeps) return;
  const last = await deps.store.findComparedAt(partner.key, lane);
  const age = deps.now().getTime() - (last?.getTime() ?? 0);
  if (audit && age >= auditEveryMs) await auditLane(visit, audit, drain);
  if (!audit && (isRestarted || age >= sweepEveryMs)) await sweepLane(visit);
}

const takenHere = async (visit: Visit): Promise<Taken> =>
  takenOf(visit, await visit.deps.store.findCheckpoint(visit.partner.key, visit.lane));

/**
 * Withdraws what two enumerations in a row do not name: pages shift while they are read, and one alone may skip a record
 * whose neighbour was deleted, which a lane of changes would then not bring back.
 */
async function sweepLane(visit: Visit): Promise<void> {
  const { deps, partner, lane } = visit;
  const taken = await takenHere(visit);
  const once = await enumerate(visit);
  const missing = await deps.store.onLane(partner.key, lane, async (unit) => {
    const absent = (await unit.listLive()).filter((uri) => !once.has(uri));
    if (absent.length === 0) await unit.compared(taken.at);
    return absent;
  });
  if (missing.length === 0) return;
  const twice = await enumerate(visit);
  const withdrawn = await deps.store.onLane(partner.key, lane, async (unit) => {
    // Another worker read on meanwhile, maybe records that were not there yet when they were enumerated.
    if (unit.checkpoint !== taken.from) return 0;
    const live = await unit.listLive();
    const absent = live.filter((uri) => !once.has(uri) && !twice.has(uri));
    await unit.compared(taken.at);
    return await withdrawAbsent(unit, visit, absent, live.length);
  });
  visit.counts = addCounts(visit.counts, { ...NO_COUNTS, withdrawn });
}

async function enumerate(visit: Visit): Promise<ReadonlySet<string>> {
  const uris = new Set<string>();
  for await (const { uri } of visit.adapter.enumerate?.(ctxOf(visit), visit.lane) ?? []) uris.add(uri);
  return uris;
}

/** Buckets in which we hold something else than the partner; undefined when it cannot tell. */
async function differingBuckets(visit: Visit, audit: Auditing): Promise<readonly number[] | undefined> {
  const theirs = await audit.hashes(ctxOf(visit), visit.lane);
  if (!theirs) return undefined;
  const ours = await visit.deps.store.hashBuckets(visit.partner.key, visit.lane);
  return theirs.flatMap((hash, bucket) => (hash === ours[bucket] ? [] : [bucket]));
}

/** What differs is read once more first, since it may have changed after our last page; what differs then went wrong. */
async function auditLane(visit: Visit, audit: Auditing, drain: () => Promise<unknown>): Promise<void> {
  const first = await differingBuckets(visit, audit);
  if (first && first.length > 0) await drain();
  const taken = await takenHere(visit);
  const buckets = first && first.length > 0 ? await differingBuckets(visit, audit) : [];
  const { sources, absent } = await findDifferences(visit, audit, buckets ?? []);
  const counts = await applyRepair(visit.deps.store, taken, sources, absent);
  if (counts) visit.counts = addCounts(visit.counts, counts);
}

async function findDifferences(visit: Visit, audit: Auditing, buckets: readonly number[]) {
  const { deps, partner, lane } = visit;
  const ctx = ctxOf(visit);
  const named: HashedRecord[] = [];
  for (const bucket of buckets) named.push(...(await audit.members(ctx, lane, bucket)));
  const held = buckets.length > 0 ? await deps.store.listBuckets(partner.key, lane, buckets) : [];
  const ours = new Map(held.map((record) => [record.uri, record]));
  const wanted = named.filter(({ uri, rev, hash }) => ours.get(uri)?.rev !== rev || ours.get(uri)?.hash !== hash);
  const sources: SourceRecord[] = [];
  for (let i = 0; i < wanted.length; i += fetchSize) {
    sources.push(
      ...(await audit.fetch(
        ctx,
        wanted.slice(i, i + fetchSize).map(({ uri }) => uri),
      )),
    );
  }
  const theirs = new Set(named.map(({ uri }) => uri));
  return { sources, absent: held.map(({ uri }) => uri).filter((uri) => !theirs.has(uri)) };
}
