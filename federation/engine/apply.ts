import type { Checkpoint, Page, PartnerAdapter, PartnerEndpoint, SourceRecord } from '../adapters/adapter.ts';
import { type FedRecord, type Lane, laneOf } from '../protocol/record.ts';
import { PullFailure } from './failure.ts';
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
  readonly acceptDeletes: boolean;
};

/**
 * Applies a page and moves the checkpoint, in one transaction. Undefined when another worker moved the checkpoint
 * meanwhile: nothing is done then. Throws PullFailure `schema-drift` or `mass-delete`, leaving nothing changed.
 */
export function applyPage(store: EngineStore, taken: Taken, page: Page): Promise<Counts | undefined> {
  const { records, rejected } = normalise(taken, page.records);
  if (rejected.length > Math.max(driftFloor, page.records.length * driftShare)) {
    const reasons = [...new Set(rejected.map(({ reason, detail }) => `${reason} ${detail}`))].slice(0, 3).join('; ');
    const drift = `${rejected.length} of ${page.records.length} records: ${reasons}`;
    return Promise.reject(new PullFailure('schema-drift', drift));
  }
  return store.onLane(taken.partner.key, taken.lane, async (unit) => {
    if (unit.checkpoint !== taken.from) return undefined;
    const counts: Record<keyof Counts, number> = { ...NO_COUNTS, pages: 1, quarantined: rejected.length };
    for (let i = 0; i < records.length; i += chunkSize) {
      const conflicts = await saveChunk(unit, taken, page, records.slice(i, i + chunkSize), counts);
      rejected.push(...conflicts);
    }
    if (page.snapshot) counts.withdrawn = await withdrawAbsent(unit, taken, [...records, ...rejected]);
    if (rejected.length > 0) await unit.quarantine(rejected);
    if (page.next !== taken.from) await unit.advance(page.next);
    return counts;
  });
}

async function saveChunk(
  unit: LaneUnit,
  { partner, self, adapter }: Taken,
  page: Page,
  records: readonly FedRecord[],
  counts: Record<Verdict, number>,
): Promise<readonly Quarantined[]> {
  const stored = new Map(await unit.findStored(records.map(({ uri }) => uri)));
  const fresh = new Map<string, FedRecord>();
  const conflicts: Quarantined[] = [];
  for (const sent of records) {
    const record = numbered(sent, stored.get(sent.uri), adapter.manifest.revisions);
    const trusted = page.snapshot !== undefined;
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
function numbered(record: FedRecord, stored: StoredRecord | undefined, revisions: 'origin' | 'ours'): FedRecord {
  if (revisions === 'origin' || !stored) return record;
  return { ...record, rev: stored.hash === record.hash ? stored.rev : stored.rev + 1 };
}

/** What a snapshot does not name is gone, but a record that we could not read was named. */
async function withdrawAbsent(
  unit: LaneUnit,
  { acceptDeletes }: Taken,
  named: readonly (FedRecord | Quarantined)[],
): Promise<number> {
  const present = new Set(named.map((item) => ('uri' in item ? item.uri : item.sourceId)));
  const live = await unit.listLive();
  const absent = live.filter((uri) => !present.has(uri));
  const bearable = Math.max(massDeleteFloor, live.length * massDeleteShare);
  if (absent.length > bearable && !acceptDeletes) {
    throw new PullFailure('mass-delete', `${absent.length} of ${live.length} would be withdrawn`);
  }
  if (absent.length > 0) await unit.withdraw(absent);
  return absent.length;
}

function normalise(taken: Taken, sources: readonly SourceRecord[]) {
  const records: FedRecord[] = [];
  const rejected: Quarantined[] = [];
  for (const source of sources) {
    const result = taken.adapter.normalise(source, taken.partner);
    const rejection = 'rejection' in result ? result.rejection : misplaced(result.record, taken);
    if (rejection) rejected.push(quarantined(source.id, rejection.code, rejection.detail, source.body));
    else if ('record' in result) records.push(result.record);
  }
  return { records, rejected };
}

function misplaced(record: FedRecord, { lane, partner }: Taken) {
  if (laneOf(record) !== lane) return { code: 'wrong-lane', detail: `a ${record.kind} in the lane ${lane}` };
  if (record.kind !== 'listing' || record.origin !== partner.origin) return undefined;
  const host = URL.parse(record.landingUrl)?.host;
  const registered = host === partner.origin || host === partner.baseUrl.host;
  return registered ? undefined : { code: 'foreign-link', detail: `landingUrl leads to ${host ?? 'nowhere'}` };
}

const quarantined = (sourceId: string, reason: string, detail: string, body: unknown): Quarantined => ({
  sourceId: sourceId.replaceAll('\0', '').slice(0, 400),
  reason,
  detail: detail.slice(0, 500),
  payload: (JSON.stringify(body) ?? '').slice(0, maxPayload),
});
