import { createGzip } from 'node:zlib';
import type { Clock } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import { bucketRoot, recordHash, rootHash } from '#federation/protocol/canonical.ts';
import { type FeedPosition, type FeedReading, openCursor, sealCursor } from '#federation/protocol/cursor.ts';
import {
  type Audit,
  type AuditBucket,
  type ChangesPage,
  MAX_CHANGES,
  type SnapshotHeader,
  type SnapshotTrailer,
} from '#federation/protocol/documents.ts';
import { PeerRefusal } from '#federation/protocol/problems.ts';
import type { FedRecord, Lane } from '#federation/protocol/record.ts';
import { parseUri } from '#federation/protocol/uri.ts';
import { listFeedRows, lockExports, nextSeqs, saveChanges, startEpoch } from './queries.ts';
import { findRecalled, type Recalled } from './recalls.ts';
import { type Content, contentsOf, type Exporter, type FeedRow, tombstoneOf } from './records.ts';
import { federationProblems } from './types.ts';
import {
  countSnapshot,
  findChanges,
  hashFeed,
  listExported,
  listFeedBucket,
  listSnapshot,
  readFeed,
  readFeedStart,
} from './views.ts';

const refuse = refusals(federationProblems);
const beginning: FeedPosition = { tx: '0', seq: '0' };
const snapshotBatch = 1_000;

type Draft = {
  readonly content: Content;
  readonly productId: ProductId;
  readonly op: FeedRow['op'];
  readonly hash: string;
};

type Exported = {
  readonly changed: number;
  /** With news for partners. */
  readonly lanes: readonly Lane[];
  readonly recalled: readonly Recalled[];
};

/**
 * Brings the feed up to the state of these products as it is now, writing only what says something new. Two runs for one
 * product come one after the other, and the later one reads the later state, so an old price never overwrites a new one.
 */
export async function exportProducts(
  tx: Tx,
  ids: readonly ProductId[],
  exporter: Exporter,
  now: Date,
): Promise<Exported> {
  await lockExports(tx, ids);
  const [products, rows] = [await listExported(tx, ids, now), await listFeedRows(tx, ids)];
  const stored = new Map(rows.map((row) => [row.uri, row]));
  const contents = products.flatMap((product) =>
    contentsOf(product, exporter).map((content) => ({ content, productId: product.productId })),
  );
  const wanted = new Set(contents.map(({ content }) => content.uri));
  const upserts = contents.map((item): Draft => ({ ...item, op: 'upsert', hash: recordHash(item.content) }));
  const deletes = rows
    .filter(({ uri, op }) => op === 'upsert' && !wanted.has(uri))
    .map(({ uri, lane, productId }): Draft => {
      const content = tombstoneOf(uri, lane, exporter);
      return { content, productId, op: 'delete', hash: recordHash(content) };
    });
  const fresh = upserts.filter(({ content, hash }) => stored.get(content.uri)?.hash !== hash);
  const changed = [...fresh, ...deletes];
  if (changed.length === 0) return { changed: 0, lanes: [], recalled: [] };
  const seqs = await nextSeqs(tx, changed.length);
  const written = changed.map((draft, index) => numbered(draft, seqs[index] ?? 0, now));
  await saveChanges(tx, written);
  const lanes = [...new Set(written.map(({ lane }) => lane))];
  return { changed: changed.length, lanes, recalled: await findRecalled(tx, { fresh, deletes, stored }, now) };
}

function numbered({ content, productId, op, hash }: Draft, seq: number, now: Date): FeedRow {
  const record = { ...content, rev: seq, hash, at: now.toISOString() } as FedRecord;
  const isListing = parseUri(content.uri)?.kind === 'listing';
  return { uri: content.uri, lane: isListing ? 'catalogue' : 'offer', productId, op, seq, hash, record, at: now };
}

type Deps = { readonly db: Db; readonly cursorKey: Uint8Array; readonly now: Clock };

/** The feed as partners read it. `partner` is the key under which we know the one who asks. */
export const createFeed = ({ db, cursorKey }: Deps) => ({
  readChanges: async (partner: string, lane: Lane, cursor: string | undefined, limit: number): Promise<ChangesPage> => {
    const { epoch, horizon, lastSeq } = await readFeedStart(db, lane);
    const fromStart: FeedReading = { ...beginning, since: horizon };
    const from = cursor === undefined ? fromStart : openCursor(cursorKey, cursor, { partner, lane, epoch });
    if (BigInt(from.seq) > BigInt(lastSeq)) throw await restored(db, lane, epoch);
    const page = await readFeed(db, lane, from, Math.min(limit, MAX_CHANGES) + 1);
    if (cursor !== undefined && page.expired) throw refuse('cursor-expired', { retryable: false });
    const rows = page.rows.slice(0, limit);
    const { tx, seq } = rows.at(-1) ?? from;
    return {
      epoch: page.epoch,
      items: rows.map(({ uri, op, seq: rev, hash, record }) => ({ uri, op, rev, hash, at: record.at, record })),
      next: sealCursor(cursorKey, { partner, lane, epoch: page.epoch, tx, seq: String(seq), since: from.since }),
      hasMore: page.rows.length > rows.length,
      watermark: page.watermark,
    };
  },
  /** 404 when we never had it, 410 with the tombstone when it was withdrawn. */
  getRecord: async (uri: string): Promise<FedRecord> => {
    const [row] = await findChanges(db, [uri]);
    if (!row) throw refuse('unknown-record');
    if (row.op === 'delete') throw refuse('record-withdrawn', { tombstone: row.record });
    return row.record;
  },
  /** The records that we have among `uris`, tombstones included. */
  listRecords: async (uris: readonly string[]): Promise<FedRecord[]> =>
    (await findChanges(db, uris)).map(({ record }) => record),
  /** A whole lane as gzipped NDJSON, read in one snapshot of the database: header, records, trailer. */
  readSnapshot: (partner: string, lane: Lane): Promise<Buffer> =>
    db.transaction(async (tx) => {
      const { epoch, position, horizon } = await readFeedStart(tx, lane);
      const count = await countSnapshot(tx, lane);
      const cursorAtStart = sealCursor(cursorKey, { partner, lane, epoch, ...position, since: horizon });
      return await gzipLines(snapshotLines(tx, { epoch, lane, cursorAtStart, count }));
    }, atOnePoint),
  /** A lane as hashes, so that a partner finds what it holds otherwise without being sent everything. */
  audit: (lane: Lane): Promise<Audit> =>
    db.transaction(async (tx) => {
      const { epoch, position } = await readFeedStart(tx, lane);
      const { hashes, count } = await hashFeed(tx, lane);
      return { epoch, watermark: position.tx, lane, count, root: bucketRoot(hashes), buckets: [...hashes] };
    }, atOnePoint),
  auditBucket: (lane: Lane, bucket: number): Promise<AuditBucket> =>
    db.transaction(async (tx) => {
      const { epoch, position } = await readFeedStart(tx, lane);
      const members = await listFeedBucket(tx, lane, bucket);
      return { epoch, watermark: position.tx, lane, bucket, hash: rootHash(members), members };
    }, atOnePoint),
});

/**
 * A cursor of ours names a change that we have not made: our database is an older copy of itself, put back on the same
 * server, which its transaction ids do not tell. What was numbered since is gone, so the feed begins a new epoch.
 */
async function restored(db: Db, lane: Lane, known: string): Promise<PeerRefusal> {
  const epoch = await transact(db, 'system:federation', async (tx) => {
    const before = await readFeedStart(tx, lane);
    if (before.epoch === known) await startEpoch(tx);
    return (await readFeedStart(tx, lane)).epoch;
  });
  return new PeerRefusal('epoch-changed', { epoch });
}

const atOnePoint = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;

async function* snapshotLines(tx: Tx, header: SnapshotHeader): AsyncGenerator<object> {
  yield header;
  const given: { uri: string; rev: number; hash: string }[] = [];
  for (let after = ''; ; ) {
    const rows = await listSnapshot(tx, header.lane, after, snapshotBatch);
    for (const { uri, record } of rows) {
      given.push({ uri, rev: record.rev, hash: record.hash });
      yield record;
    }
    after = rows.at(-1)?.uri ?? '';
    if (rows.length < snapshotBatch) break;
  }
  yield { count: given.length, root: rootHash(given) } satisfies SnapshotTrailer;
}

/** Kept whole in memory: the signature needs the digest of all bytes before the first one leaves. 50,000 listings are some 10 MB. */
async function gzipLines(lines: AsyncIterable<object>): Promise<Buffer> {
  const gzip = createGzip({ level: 5 });
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => gzip.once('end', resolve).once('error', reject));
  for await (const line of lines) {
    if (!gzip.write(`${JSON.stringify(line)}\n`)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}
