import type { Checkpoint, Page, PartnerAdapter, PartnerEndpoint, SourceRecord } from '../adapters/adapter.ts';
import { type FedRecord, type Lane, laneOf } from '../protocol/record.ts';
import { PullFailure } from './failure.ts';
import { findJumps } from './money.ts';
import { shoutOf } from './shouting.ts';
import { type Counts, type EngineStore, type LaneUnit, NO_COUNTS, type Quarantined } from './store.ts';
import { judge, type StoredRecord, type Verdict } from './verdict.ts';

/** One bad record is an accident, more than a tenth of a page is a changed schema. */
const driftShare = 0.1;
const driftFloor = 1;
/** A snapshot that lost more than this is held: an empty answer by mistake must not empty the shelves. */
const massDeleteFloor = 20;
const massDeleteShare = 0.1;
const maxPayload = 8_192;
const chunkSize = 500;

export type Taken = {
  readonly partner: PartnerEndpoint;
  readonly lane: Lane;
  readonly adapter: PartnerAdapter;
  readonly self: string;
  /** The checkpoint that the page was asked from. */
  readonly from: Checkpoint | undefined;
  /** A person's word that the lane may shrink or change its prices so. */
  readonly isAccepted: boolean;
  readonly at: Date;
};

/**
 * Applies a page and moves the checkpoint, in one transaction. Undefined when another worker moved the checkpoint
 * meanwhile: nothing is done then. Throws PullFailure `schema-drift`, `money-drift` or `mass-delete`, leaving nothing
 * changed.
 */
export function applyPage(store: EngineStore, taken: Taken, page: Page): Promise<Counts | undefined> {
  const read = normalise(taken, page.records);
  const { rejected } = read;
  if (rejected.length > Math.max(driftFloor, page.records.length * driftShare)) {
    const reasons = [...new Set(rejected.map(({ reason, detail }) => `${reason} ${detail}`))].slice(0, 3).join('; ');
    const drift = `${rejected.length} of ${page.records.length} records: ${reasons}`;
    return Promise.reject(new PullFailure('schema-drift', drift));
  }
  return store.onLane(taken.partner.key, taken.lane, async (unit) => {
    if (unit.checkpoint !== taken.from) return undefined;
    if (page.snapshot) await unit.forgetDead();
    const counts = await saveRead(unit, taken, read, page.snapshot !== undefined);
    counts.pages = 1;
    if (page.snapshot) {
      const present = new Set([...read.records.map(({ uri }) => uri), ...rejected.map(({ sourceId }) => sourceId)]);
      const live = await unit.listLive();
      const { named } = page.snapshot;
      const absent = live.filter((uri) => !present.has(uri) && !named?.has(uri));
      counts.withdrawn = await withdrawAbsent(unit, taken, absent, live.length);
      await unit.compared(taken.at);
    }
    if (page.next !== taken.from) await unit.advance(page.next);
    return counts;
  });
}

/**
 * Applies records that an audit fetched since they differed, and withdraws what the origin has not, in one transaction.
 * Undefined when the checkpoint moved meanwhile: what differed then may be equal now. Throws PullFailure `mass-delete` or
 * `money-drift`.
 */
export function applyRepair(
  store: EngineStore,
  taken: Taken,
  sources: readonly SourceRecord[],
  absent: readonly string[],
): Promise<Counts | undefined> {
  const read = normalise(taken, sources);
  return store.onLane(taken.partner.key, taken.lane, async (unit) => {
    if (unit.checkpoint !== taken.from) return undefined;
    const counts = await saveRead(unit, taken, read, true);
    counts.withdrawn = await withdrawAbsent(unit, taken, absent, (await unit.listLive()).length);
    counts.drifted = sources.length + absent.length;
    await unit.compared(taken.at);
    return counts;
  });
}

/** Applies one record that was quarantined, by what its partner's adapter makes of it today. */
export const applyAgain = (store: EngineStore, taken: Taken, source: SourceRecord): Promise<Verdict | Quarantined> =>
  store.onLane(taken.partner.key, taken.lane, async (unit) => {
    const result = await takeOne(unit, taken, source);
    if (typeof result === 'string') await unit.release([source.id]);
    return result;
  });

/**
 * Applies records that their partner sent by itself, each for itself, and says of each what became of it. The checkpoint
 * stays: what a pull brings again is a duplicate then.
 */
export const applyPushed = (
  store: EngineStore,
  taken: Taken,
  sources: readonly SourceRecord[],
): Promise<readonly (Verdict | Quarantined)[]> =>
  store.onLane(taken.partner.key, taken.lane, async (unit) => {
    const results: (Verdict | Quarantined)[] = [];
    for (const source of sources) results.push(await takeOne(unit, taken, source));
    const bad = results.filter((result) => typeof result !== 'string');
    if (bad.length > 0) await unit.quarantine(bad);
    return results;
  });

async function takeOne(unit: LaneUnit, taken: Taken, source: SourceRecord): Promise<Verdict | Quarantined> {
  const { records, rejected } = normalise(taken, [source]);
  const [record] = records;
  if (!record) return rejected[0] ?? quarantined(source.id, 'invalid-record', 'holds no record', source.body);
  if (!taken.isAccepted) {
    const unbelieved: Quarantined[] = [];
    await believable(unit, { ...taken, isAlone: true }, records, unbelieved);
    if (unbelieved[0]) return unbelieved[0];
  }
  const counts = { ...NO_COUNTS };
  const [conflict] = await saveChunk(unit, taken, false, records, counts);
  return conflict ?? ((Object.keys(counts) as (keyof Counts)[]).find((name) => counts[name] > 0) as Verdict);
}

const jumped = (offer: FedRecord & { readonly kind: 'offer' }, before: number): Quarantined =>
  quarantined(offer.uri, 'price-jump', `${before} became ${offer.price.amount}`, offer);

type Read = ReturnType<typeof normalise>;
type Tally = Record<keyof Counts, number>;

async function saveRead(
  unit: LaneUnit,
  taken: Taken,
  { records, rejected, ids }: Read,
  isWhole: boolean,
): Promise<Tally> {
  const counts: Tally = { ...NO_COUNTS };
  const bad = [...rejected];
  const good = await believable(unit, taken, records, bad);
  counts.quarantined = bad.length;
  for (let i = 0; i < good.length; i += chunkSize) {
    bad.push(...(await saveChunk(unit, taken, isWhole, good.slice(i, i + chunkSize), counts)));
  }
  if (ids.length > 0) await unit.release(ids);
  if (bad.length > 0) await unit.quarantine(bad);
  return counts;
}

/**
 * Without the offers whose price jumped, and the listings of a partner on probation that shout; when most prices jumped,
 * the money of the partner changed and nothing is taken.
 */
async function believable(
  unit: LaneUnit,
  { isAccepted, isAlone, lane, partner }: Taken & { readonly isAlone?: boolean },
  records: readonly FedRecord[],
  bad: Quarantined[],
): Promise<readonly FedRecord[]> {
  if (isAccepted) return records;
  if (lane === 'catalogue') return partner.isOnProbation ? quiet(records, bad) : records;
  const prices = await unit.findPrices(records.map(({ uri }) => uri));
  const { jumps, isDrift } = findJumps(records, prices, partner.isOnProbation);
  const [first] = jumps;
  if (!first) return records;
  const detail = `${first.before} became ${first.offer.price.amount}`;
  if (isDrift && !isAlone)
    throw new PullFailure('money-drift', `${jumps.length} of ${records.length} prices jumped, one ${detail}`);
  for (const jump of jumps) bad.push(jumped(jump.offer, jump.before));
  const unbelieved = new Set<FedRecord>(jumps.map(({ offer }) => offer));
  return records.filter((record) => !unbelieved.has(record));
}

const quiet = (records: readonly FedRecord[], bad: Quarantined[]): readonly FedRecord[] =>
  records.filter((record) => {
    const shout = shoutOf(record);
    if (shout !== undefined) bad.push(quarantined(record.uri, 'keyword-spam', shout, record));
    return shout === undefined;
  });

async function saveChunk(
  unit: LaneUnit,
  { partner, self, adapter }: Taken,
  trusted: boolean,
  records: readonly FedRecord[],
  counts: Record<Verdict, number>,
): Promise<readonly Quarantined[]> {
  const stored = new Map(await unit.findStored(records.map(({ uri }) => uri)));
  const fresh = new Map<string, FedRecord>();
  const conflicts: Quarantined[] = [];
  for (const sent of records) {
    const record = numbered(sent, stored.get(sent.uri), adapter.manifest.revisions);
    const verdict = judge(record, stored.get(record.uri), { self, from: partner.origin, trusted });
    counts[verdict] += 1;
    if (verdict === 'rev-conflict') conflicts.push(quarantined(record.uri, verdict, `rev ${record.rev}`, record));
    if (verdict !== 'applied') continue;
    fresh.set(record.uri, record);
    stored.set(record.uri, record);
  }
  if (fresh.size > 0) await unit.save([...fresh.values()]);
  return conflicts;
}

/** A system that has no revisions says something new when it says something else. */
export function numbered(record: FedRecord, stored: StoredRecord | undefined, revisions: 'origin' | 'ours'): FedRecord {
  if (revisions === 'origin' || !stored) return record;
  return { ...record, rev: stored.hash === record.hash ? stored.rev : stored.rev + 1 };
}

/** Withdraws what the partner no longer names, unless so much is missing that a person must look. */
export async function withdrawAbsent(
  unit: LaneUnit,
  { isAccepted }: Pick<Taken, 'isAccepted'>,
  absent: readonly string[],
  live: number,
): Promise<number> {
  if (absent.length > Math.max(massDeleteFloor, live * massDeleteShare) && !isAccepted) {
    throw new PullFailure('mass-delete', `${absent.length} of ${live} would be withdrawn`);
  }
  if (absent.length > 0) await unit.withdraw(absent);
  return absent.length;
}

/** What the records of a page are, and which of them cannot be taken. */
export function normalise(taken: Pick<Taken, 'partner' | 'lane' | 'adapter'>, sources: readonly SourceRecord[]) {
  const records: FedRecord[] = [];
  const rejected: Quarantined[] = [];
  /** Names under which a record that is good now may be quarantined; a uri is looked for whenever one is saved. */
  const ids: string[] = [];
  for (const source of sources) {
    const result = taken.adapter.normalise(source, taken.partner);
    const rejection = 'rejection' in result ? result.rejection : misplaced(result.record, taken);
    if (rejection) rejected.push(quarantined(source.id, rejection.code, rejection.detail, source.body));
    else if ('record' in result) {
      records.push(result.record);
      if (source.id !== result.record.uri) ids.push(source.id);
    }
  }
  return { records, rejected, ids };
}

function misplaced(record: FedRecord, { lane, partner }: Pick<Taken, 'lane' | 'partner'>) {
  if (laneOf(record) !== lane) return { code: 'wrong-lane', detail: `a ${record.kind} in the lane ${lane}` };
  if (record.kind !== 'listing' || record.origin !== partner.origin) return undefined;
  const host = URL.parse(record.landingUrl)?.host;
  const registered = host === partner.origin || host === partner.baseUrl.host;
  return registered ? undefined : { code: 'foreign-link', detail: `landingUrl leads to ${host ?? 'nowhere'}` };
}

export const quarantined = (sourceId: string, reason: string, detail: string, body: unknown): Quarantined => ({
  sourceId: sourceId.replaceAll('\0', '').slice(0, 400),
  reason,
  detail: detail.slice(0, 500),
  payload: (JSON.stringify(body) ?? '').slice(0, maxPayload),
});
