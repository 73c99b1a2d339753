import type { Ctx, PartnerEndpoint } from '../adapters/adapter.ts';
import { type FedRecord, LANES, type Lane, type Listing, type Offer } from '../protocol/record.ts';
import { normalise, numbered, quarantined } from './apply.ts';
import { PullFailure, type PullFailureCode } from './failure.ts';
import { findJumps } from './money.ts';
import type { Quarantined } from './store.ts';
import { judge, type StoredRecord } from './verdict.ts';
import { ctxOf, type EngineDeps } from './visit.ts';

/** What the host holds of a partner, for reading only. */
export type Known = {
  find(uris: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>>;
  listLive(lane: Lane): Promise<readonly string[]>;
  findPrices(uris: readonly string[]): Promise<ReadonlyMap<string, number>>;
};

type LanePreview = {
  readonly lane: Lane;
  /** `foreign` are records of others, or of ours, that would not be taken. */
  readonly counts: Readonly<Record<'fresh' | 'changed' | 'same' | 'gone' | 'refused' | 'foreign', number>>;
  /** Whether the lane was read to its end; otherwise what is gone is not known. */
  readonly isWhole: boolean;
  readonly failure?: { readonly code: PullFailureCode; readonly detail: string };
};
export type Preview = {
  readonly lanes: readonly LanePreview[];
  readonly refused: readonly (Quarantined & { readonly lane: Lane })[];
  readonly sample: readonly { readonly listing: Listing; readonly offer: Offer | undefined; readonly isNew: boolean }[];
};

/** A person reads this on a page: enough to judge by, and an end for lanes that have none. */
const maxPages = 200;
const maxRecords = 60_000;
const maxSample = 50;
const maxRefused = 100;
const patienceMs = 40_000;

type Reading = {
  readonly counts: { -readonly [Name in keyof LanePreview['counts']]: number };
  readonly seen: Set<string>;
  readonly refused: (Quarantined & { readonly lane: Lane })[];
  readonly listings: { readonly listing: Listing; readonly isNew: boolean }[];
  readonly offers: Map<string, Offer>;
};
type Reader = { readonly deps: EngineDeps; readonly partner: PartnerEndpoint; readonly known: Known };

/**
 * What a first pull, or a pull of everything, would bring: both lanes read from their beginning and judged as a pull would,
 * with nothing written. A failure ends its lane and is told.
 */
export async function previewPartner(deps: EngineDeps, partner: PartnerEndpoint, known: Known): Promise<Preview> {
  const readings: Reading[] = [];
  const lanes: LanePreview[] = [];
  const listings: Reading['listings'] = [];
  const offers: Reading['offers'] = new Map();
  for (const lane of LANES) {
    const counts = { fresh: 0, changed: 0, same: 0, gone: 0, refused: 0, foreign: 0 };
    const reading: Reading = { counts, seen: new Set(), refused: [], listings, offers };
    readings.push(reading);
    lanes.push(await previewLane({ deps, partner, known }, lane, reading));
  }
  return {
    lanes,
    refused: readings.flatMap(({ refused }) => refused).slice(0, maxRefused),
    sample: listings.map((one) => ({ ...one, offer: offers.get(one.listing.uri) })),
  };
}

async function previewLane(reader: Reader, lane: Lane, reading: Reading): Promise<LanePreview> {
  const { counts, seen } = reading;
  try {
    const isWhole = await readLane(reader, lane, reading);
    const live = isWhole ? await reader.known.listLive(lane) : [];
    counts.gone += live.filter((uri) => !seen.has(uri)).length;
    return { lane, counts, isWhole };
  } catch (error) {
    if (!(error instanceof PullFailure)) throw error;
    return { lane, counts, isWhole: false, failure: { code: error.code, detail: error.message } };
  }
}

async function readLane({ deps, partner, known }: Reader, lane: Lane, reading: Reading): Promise<boolean> {
  const adapter = deps.adapterFor(partner);
  const visit = { deps, partner, lane, adapter, isAccepted: false, counts: {} as never };
  const ctx: Ctx = { ...ctxOf(visit), signal: AbortSignal.timeout(patienceMs) };
  let pages = 0;
  for await (const page of adapter.pull(ctx, lane, undefined)) {
    pages += 1;
    const read = normalise({ partner, lane, adapter }, page.records);
    await judgeAll({ deps, partner, known }, lane, read.records, reading);
    for (const fault of read.rejected) refuse(reading, lane, fault);
    for (const uri of page.snapshot?.named ?? []) reading.seen.add(uri);
    if (page.complete) return true;
    if (pages >= maxPages || reading.seen.size >= maxRecords) return false;
  }
  return true;
}

function refuse({ counts, refused, seen }: Reading, lane: Lane, fault: Quarantined): void {
  counts.refused += 1;
  // It is still there, though it cannot be read.
  seen.add(fault.sourceId);
  if (refused.length < maxRefused) refused.push({ ...fault, lane });
}

async function judgeAll(
  { deps, partner, known }: Reader,
  lane: Lane,
  records: readonly FedRecord[],
  reading: Reading,
): Promise<void> {
  const uris = records.map(({ uri }) => uri);
  const stored = await known.find(uris);
  const prices = lane === 'offer' ? await known.findPrices(uris) : new Map();
  const { jumps } = findJumps(records, prices, partner.isOnProbation);
  const jumped = new Map(jumps.map((jump) => [jump.offer.uri, jump]));
  const { revisions } = deps.adapterFor(partner).manifest;
  for (const sent of records) {
    const before = stored.get(sent.uri);
    const jump = jumped.get(sent.uri);
    if (jump) {
      const detail = `${jump.before} became ${jump.offer.price.amount}`;
      refuse(reading, lane, quarantined(sent.uri, 'price-jump', detail, sent));
      continue;
    }
    const record = numbered(sent, before, revisions);
    count(reading, record, before, judge(record, before, { self: deps.self, from: partner.origin, trusted: true }));
  }
}

function count(reading: Reading, record: FedRecord, before: StoredRecord | undefined, verdict: string): void {
  const { counts, seen, listings, offers } = reading;
  if (verdict === 'loop' || verdict === 'origin-mismatch') {
    counts.foreign += 1;
    return;
  }
  // What the partner itself calls withdrawn is counted with what it no longer names.
  if (record.kind === 'tombstone') return;
  seen.add(record.uri);
  counts[verdict === 'duplicate' ? 'same' : before ? 'changed' : 'fresh'] += 1;
  if (record.kind === 'listing' && listings.length < maxSample && verdict !== 'duplicate') {
    listings.push({ listing: record, isNew: !before });
  }
  if (record.kind === 'offer' && isFirst(offers.get(record.listing), record)) offers.set(record.listing, record);
}

const isFirst = (held: Offer | undefined, next: Offer): boolean => !held || (next.position ?? 0) < (held.position ?? 0);
