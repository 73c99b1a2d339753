import { gunzipSync } from 'node:zlib';
import { Compile } from 'typebox/compile';
import { parseBoundedJson } from '../../engine/bounded-json.ts';
import { PullFailure } from '../../engine/failure.ts';
import { askPeer } from '../../engine/peer.ts';
import { unpackLimit } from '../../engine/unpack-limit.ts';
import { rootHash } from '../../protocol/canonical.ts';
import { type Change, ChangesPage, MAX_CHANGES, SnapshotHeader, SnapshotTrailer } from '../../protocol/documents.ts';
import type { Lane } from '../../protocol/record.ts';
import type { Checkpoint, Ctx, Page, PartnerAdapter, SourceRecord } from '../adapter.ts';
import { inWords } from '../json-rows.ts';
import { audit } from './audit.ts';
import { normalise } from './normalise.ts';
import { ordering } from './ordering.ts';

const mib = 1_048_576;
const maxPageBytes = 16 * mib;
const maxSnapshotBytes = 32 * mib;
const smallUnpackedBytes = 16 * mib;
const json = 'application/json';
const ndjson = 'application/x-ndjson';

const checkPage = Compile(ChangesPage);
const checkHeader = Compile(SnapshotHeader);
const checkTrailer = Compile(SnapshotTrailer);

/** Another node of this software, or anyone who speaks its protocol. The checkpoint is the peer's cursor. */
export const nativeAdapter: PartnerAdapter = {
  manifest: {
    kind: 'native',
    adapterVersion: '1',
    simulated: false,
    lanes: { catalogue: 'changes', offer: 'changes' },
    deletes: 'tombstone',
    revisions: 'origin',
    money: { exponent: 0, tax: 'declared' },
    clock: { zone: 'UTC', overlapMs: 0, inclusive: true },
    orders: 'full',
    limits: { rps: 10, burst: 20, maxPage: MAX_CHANGES, maxBytes: maxSnapshotBytes },
  },
  normalise,
  audit,
  ordering,
  fetchOne,
  pull: pullChanges,
  probe: async (ctx) => {
    const { body } = await askPeer(ctx, '/federation/v1/health', {}, { maxBytes: mib, contentType: json });
    const health = parseBoundedJson(body);
    const stated =
      health && typeof health === 'object' && 'time' in health ? Date.parse(inWords(health.time)) : Number.NaN;
    if (Number.isNaN(stated)) throw new PullFailure('malformed', 'health states no time');
    const versions = 'versions' in Object(health) ? Object(health).versions : [];
    return {
      clockSkewMs: stated - ctx.now().getTime(),
      versions: Array.isArray(versions) ? versions.map(inWords) : [],
    };
  },
};

/** Withdrawn, or never there: both only when the peer signed it. */
const isGone = (error: unknown): boolean =>
  error instanceof PullFailure && (error.problem === 'record-withdrawn' || error.problem === 'unknown-record');

async function fetchOne(ctx: Ctx, _lane: Lane, uri: string): Promise<SourceRecord | 'gone'> {
  try {
    const path = `/federation/v1/records/${encodeURIComponent(uri)}`;
    const { body } = await askPeer(ctx, path, {}, { maxBytes: mib, contentType: json });
    return { id: uri, body: parseBoundedJson(body) };
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

/** A cursor that the peer no longer honours is not an error of the feed: the snapshot is how one goes on. */
const asksForSnapshot = (error: unknown): boolean =>
  error instanceof PullFailure && (error.problem === 'cursor-expired' || error.problem === 'epoch-changed');

async function* pullChanges(ctx: Ctx, lane: Lane, from: Checkpoint | undefined): AsyncGenerator<Page> {
  let cursor = from;
  if (cursor !== undefined) {
    const first = await pageOrExpiry(ctx, lane, cursor);
    if (first) yield first;
    if (first?.complete) return;
    cursor = first?.next;
  }
  if (cursor === undefined) {
    const whole = await fetchSnapshot(ctx, lane);
    yield whole;
    cursor = whole.next;
  }
  for (;;) {
    const page = await fetchPage(ctx, lane, cursor);
    yield page;
    if (page.complete) return;
    cursor = page.next;
  }
}

async function pageOrExpiry(ctx: Ctx, lane: Lane, cursor: Checkpoint): Promise<Page | undefined> {
  try {
    return await fetchPage(ctx, lane, cursor);
  } catch (error) {
    if (asksForSnapshot(error)) return undefined;
    throw error;
  }
}

async function fetchPage(ctx: Ctx, lane: Lane, cursor: Checkpoint): Promise<Page> {
  const query = { lane, cursor, limit: String(MAX_CHANGES) };
  const { body } = await askPeer(ctx, '/federation/v1/changes', query, { maxBytes: maxPageBytes, contentType: json });
  const page = parseBoundedJson(body);
  if (!checkPage.Check(page)) throw new PullFailure('malformed', 'the body is no changes-page.json');
  return { records: page.items.map(sourceOf), next: page.next, complete: !page.hasMore };
}

/** The envelope repeats what the record says; where they differ, the record is not what the feed announced. */
const sourceOf = (item: Change): SourceRecord => {
  const { record, uri, rev, hash } = item;
  const said = record && typeof record === 'object' ? (record as Readonly<Record<string, unknown>>) : {};
  const agrees = said.uri === uri && said.rev === rev && said.hash === hash;
  return { id: uri, body: agrees ? record : item };
};

async function fetchSnapshot(ctx: Ctx, lane: Lane): Promise<Page> {
  const answer = await askPeer(
    ctx,
    '/federation/v1/snapshot',
    { lane },
    { maxBytes: maxSnapshotBytes, contentType: ndjson },
  );
  const lines = linesOf(answer.headers['content-encoding'] === 'gzip' ? unpack(answer.body) : answer.body);
  const [header, trailer] = [lines.at(0), lines.at(-1)];
  const records = lines.slice(1, -1);
  if (!checkHeader.Check(header) || header.lane !== lane || !checkTrailer.Check(trailer)) {
    throw new PullFailure('snapshot-mismatch', 'header or trailer is missing');
  }
  const counted = records.length === header.count && records.length === trailer.count;
  if (!counted || rootOf(records) !== trailer.root) {
    throw new PullFailure('snapshot-mismatch', `${records.length} records against ${trailer.count} in the trailer`);
  }
  const sources = records.map((body) => ({ id: inWords(Object(body).uri ?? ''), body }));
  return { records: sources, next: header.cursorAtStart, complete: false, snapshot: { total: trailer.count } };
}

const rootOf = (records: readonly unknown[]): string =>
  rootHash(
    records.map((record) => {
      const { uri, rev, hash } = Object(record);
      return { uri: inWords(uri), rev: typeof rev === 'number' ? rev : 0, hash: inWords(hash) };
    }),
  );

function unpack(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: unpackLimit(body.length, smallUnpackedBytes) });
  } catch (cause) {
    throw new PullFailure('snapshot-mismatch', 'the snapshot is cut short or unpacks beyond its limits', { cause });
  }
}

function linesOf(bytes: Buffer): readonly unknown[] {
  const lines: unknown[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end === -1 ? bytes.length : end;
    if (stop > start) lines.push(parseBoundedJson(bytes.subarray(start, stop)));
    start = stop + 1;
  }
  return lines;
}
