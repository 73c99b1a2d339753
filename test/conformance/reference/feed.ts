import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { bucketOf, bucketsOf, type Named, rootOf, rootOfBuckets, sha256 } from '#conformance/kit/canonical.ts';
import type { FedRecord, Lane } from '#conformance/kit/session.ts';
import type { Has } from './defects.ts';
import type { Row, Store } from './store.ts';
import type { Refusal } from './verify.ts';

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
};
type Position = { readonly seq: number; readonly since: number };
export type Asked = {
  readonly partner: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const json = (body: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const refuse = (status: number, code: string, extra: object = {}): Refusal => ({ status, code, extra });
const invalid = refuse(400, 'invalid-request');
const lanes = ['catalogue', 'offer'];
const other: Readonly<Record<Lane, Lane>> = { catalogue: 'offer', offer: 'catalogue' };
const uriForm = /^ocop:\/\/[a-z0-9.:-]+\/(?:listing|offer|producer)\/[A-Za-z0-9._~-]{1,100}$/;

/** What partners read. */
export function createFeed(store: Store, has: Has) {
  const { rows, history, state } = store;
  const given = new Set<string>();
  const frozen = new Map<string, object>();

  const mac = (text: string): string => createHmac('sha256', 'reference').update(text).digest('base64url').slice(0, 20);
  /** `since` is what was thrown away when this reader began: it never saw that, so it misses nothing of it. */
  const seal = (partner: string, lane: Lane, seq: number, since = state.horizon[lane]): string => {
    const padding = has('cursor-huge') ? ['x'.repeat(1_100)] : [];
    const text = Buffer.from(JSON.stringify([partner, lane, state.epoch, seq, since, ...padding])).toString(
      'base64url',
    );
    return `${text}.${mac(text)}`;
  };
  /** The position, or why not. */
  const open = (cursor: string, partner: string, lane: Lane): Position | Refusal => {
    const [text = '', sealed = '', ...more] = cursor.split('.');
    const isOurs = mac(text) === sealed && more.length === 0;
    if (!isOurs && has('cursor-restarts')) return beginning(lane);
    if (!isOurs && !has('cursor-unsealed')) return refuse(400, 'invalid-cursor');
    const said = read(text);
    if (!said) return has('cursor-unsealed') ? beginning(lane) : refuse(400, 'invalid-cursor');
    const [by, of, epoch, seq, since] = said;
    const isForeign = (by !== partner && !has('cursor-any-partner')) || (of !== lane && !has('cursor-any-lane'));
    if (isForeign) return refuse(403, 'foreign-cursor');
    if (epoch !== state.epoch && !has('epoch-ignored'))
      return refuse(409, 'epoch-changed', has('epoch-untold') ? {} : { epoch: state.epoch });
    const isExpired = Math.max(Number(seq), has('walk-expires') ? 0 : Number(since)) < state.horizon[lane];
    return isExpired ? refuse(410, 'cursor-expired') : { seq: Number(seq), since: Number(since) };
  };
  const beginning = (lane: Lane): Position => ({ seq: 0, since: state.horizon[lane] });
  const read = (text: string): unknown[] | undefined => {
    try {
      return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    } catch {
      return undefined;
    }
  };

  const inLane = (lane: Lane): readonly Row[] => {
    const all = has('not-compacted') ? history : [...rows.values()];
    return all
      .filter((row) => row.lane === lane || (has('lanes-mixed') && lane === 'offer'))
      .toSorted((a, b) => a.seq - b.seq);
  };
  const live = (lane: Lane): readonly FedRecord[] =>
    [...rows.values()].filter((row) => row.lane === lane && row.op === 'upsert').map(({ record }) => record);

  const laneOf = (query: URLSearchParams, lenient: boolean): Lane | undefined => {
    const [lane = '', ...more] = query.getAll('lane');
    if (lanes.includes(lane) && more.length === 0) return lane as Lane;
    return lenient ? 'offer' : undefined;
  };
  const limitOf = (query: URLSearchParams): number | undefined => {
    const text = query.get('limit') ?? '500';
    const limit = Number(text);
    if (!/^\d+$/.test(text)) return undefined;
    if (limit < (has('limit-zero') ? 0 : 1) || (limit > 500 && !has('limit-clamped'))) return undefined;
    return has('limit-small') && limit === 500 ? undefined : Math.min(limit, 500);
  };

  const itemOf = ({ uri, op, record }: Row) => ({
    uri,
    op: has('tombstone-as-upsert') ? 'upsert' : op,
    rev: record.rev + (has('envelope-differs') ? 1 : 0),
    hash: record.hash,
    at: record.at,
    ...(!has('records-left-out') && { record }),
  });

  const changes = ({ partner, query }: Asked): Reply | Refusal => {
    const lane = laneOf(query, has('lane-default'));
    const limit = limitOf(query);
    const cursor = query.get('cursor');
    const isStrict =
      has('query-strict') && [...query.keys()].some((name) => !['lane', 'limit', 'cursor'].includes(name));
    const isOdd = cursor === '' && !has('cursor-empty');
    if (!lane || limit === undefined || isStrict || isOdd || (cursor?.length ?? 0) > 2_000) return invalid;
    const start = cursor ? open(cursor, partner, lane) : beginning(lane);
    if ('code' in start) return start;
    const { seq: from, since } = start;
    if (cursor && has('cursor-consumed')) {
      if (given.has(cursor)) return refuse(400, 'invalid-cursor');
      given.add(cursor);
    }
    const all = inLane(lane).filter(({ seq }) => (has('cursor-repeats') && from > 0 ? seq >= from : seq > from));
    const page = has('limit-ignored') ? all : all.slice(0, limit);
    const hasMore = has('always-more') || (all.length > page.length && !has('never-more'));
    const last = (page.at(-1)?.seq ?? from) + (has('cursor-skips') && page.length > 0 ? 1 : 0);
    const document = {
      epoch: has('epoch-per-page') ? `${state.epoch}-${last}` : state.epoch,
      items: page.map(itemOf),
      next: seal(partner, lane, last, since),
      hasMore,
      ...(!has('page-no-watermark') && { watermark: String(state.seq) }),
    };
    return json(document, has('page-html') ? { 'content-type': 'text/plain' } : {});
  };

  const snapshotRecords = (lane: Lane): readonly FedRecord[] => {
    const all = has('gone-in-snapshot')
      ? [...rows.values()].filter((row) => row.lane === lane).map(({ record }) => record)
      : live(lane);
    if (has('snapshot-short')) return all.slice(1);
    return has('snapshot-twice') ? [...all, ...all.slice(0, 1)] : all;
  };
  const startOf = (partner: string, lane: Lane): string => {
    if (has('snapshot-cursor-bad')) return 'forged.seal';
    if (has('snapshot-cursor-zero')) return seal(partner, lane, state.horizon[lane]);
    return seal(partner, lane, Math.max(state.seq, state.horizon[lane]) + (has('snapshot-cursor-late') ? 1 : 0));
  };

  const snapshot = ({ partner, query }: Asked): Reply | Refusal => {
    const lane = laneOf(query, has('snapshot-any-lane'));
    if (!lane) return invalid;
    const records = snapshotRecords(lane);
    const root = has('snapshot-root-unsorted')
      ? sha256(
          records
            .toReversed()
            .map(({ uri, rev, hash }) => `${uri} ${rev} ${hash}\n`)
            .join(''),
        )
      : rootOf(records);
    const header = {
      epoch: state.epoch,
      lane: has('snapshot-other-lane') ? other[lane] : lane,
      cursorAtStart: startOf(partner, lane),
      count: records.length + (has('snapshot-header-count') ? 1 : 0),
    };
    const trailer = has('snapshot-no-trailer') ? [] : [{ count: records.length, root }];
    const text =
      [header, ...records, ...trailer].map((line) => JSON.stringify(line)).join('\n') +
      (has('snapshot-cut-line') ? '' : '\n');
    const type = has('snapshot-json') ? 'application/json' : 'application/x-ndjson';
    if (has('snapshot-plain')) return { status: 200, headers: { 'content-type': type }, body: text };
    return {
      status: 200,
      headers: { 'content-type': type, 'content-encoding': 'gzip' },
      body: gzipSync(text, { level: 1 }),
    };
  };

  const bucketIn = (uri: string): number =>
    has('audit-last-byte') ? Number.parseInt(sha256(uri).slice(-2), 16) : bucketOf(uri);
  const hashesOf = (records: readonly Named[]): readonly string[] => {
    const hashes = has('audit-last-byte')
      ? Array.from({ length: 256 }, (_, index) => rootOf(records.filter(({ uri }) => bucketIn(uri) === index)))
      : bucketsOf(records);
    const told = has('audit-empty') ? hashes.map((hash) => (hash === sha256('') ? '0'.repeat(64) : hash)) : hashes;
    return has('audit-short') ? told.slice(0, 255) : told;
  };
  const auditEpoch = (): string => (has('audit-epoch') ? 'another' : state.epoch);

  const audit = ({ query }: Asked): Reply | Refusal => {
    const lane = laneOf(query, has('audit-any-lane'));
    if (!lane) return invalid;
    const records = live(lane);
    const buckets = hashesOf(records);
    const root = has('audit-root') ? sha256(buckets.join('')) : rootOfBuckets(buckets);
    const count = has('audit-count') ? inLane(lane).length : records.length;
    const said = { epoch: auditEpoch(), watermark: String(state.seq), lane, count, root, buckets };
    const kept = frozen.get(lane) ?? said;
    frozen.set(lane, kept);
    return json(has('audit-frozen') ? kept : said);
  };
  const auditBucket = ({ query, path }: Asked): Reply | Refusal => {
    const lane = laneOf(query, false);
    const text = path.split('/').at(-1) ?? '';
    const bucket = Number(text);
    if (!lane || !/^\d+$/.test(text) || bucket > (has('audit-unbounded') ? 999 : 255)) return invalid;
    const members = live(lane)
      .filter(({ uri }) => has('audit-members-all') || bucketIn(uri) === bucket)
      .map(({ uri, rev, hash }) => ({ uri, rev, hash }));
    return json({ epoch: auditEpoch(), watermark: String(state.seq), lane, bucket, hash: rootOf(members), members });
  };

  const record = ({ path, headers }: Asked): Reply | Refusal => {
    let uri: string;
    try {
      uri = decodeURIComponent(path.slice('/federation/v1/records/'.length));
    } catch {
      return has('percent-500') ? refuse(500, 'internal-error') : invalid;
    }
    if (!uriForm.test(uri) || uri.length > 400)
      return has('record-no-address-500') ? refuse(500, 'internal-error') : invalid;
    const row = rows.get(uri);
    if (!row) return has('record-missing-empty') ? json({}) : refuse(404, 'unknown-record');
    if (row.op === 'delete') {
      if (has('gone-is-404')) return refuse(404, 'unknown-record');
      return refuse(410, 'record-withdrawn', has('gone-without-tombstone') ? {} : { tombstone: row.record });
    }
    const etag = `"${has('record-etag-rev') ? row.record.rev : row.record.hash}"`;
    const isHeld = headers['if-none-match'] === etag || (has('record-always-304') && 'if-none-match' in headers);
    if (isHeld && !has('record-no-304')) return { status: 304, headers: { etag }, body: '' };
    const told = has('record-other') ? (live(row.lane)[0] ?? row.record) : row.record;
    return json(told, has('record-no-etag') ? {} : { etag });
  };

  const batch = (_asked: Asked, parsed: unknown): Reply | Refusal => {
    const { uris, ...more } = Object(parsed) as { uris?: unknown };
    const most = has('batch-unbounded') ? 1_000 : has('batch-fifty') ? 50 : 100;
    const isStrict = has('batch-strict') && Object.keys(more).length > 0;
    const isBatch =
      Array.isArray(uris) &&
      uris.length > 0 &&
      uris.length <= most &&
      uris.every((uri) => typeof uri === 'string' && uriForm.test(uri));
    if (!isBatch || isStrict) return has('batch-unchecked') && !isBatch ? refuse(500, 'internal-error') : invalid;
    const found = (uris as string[])
      .flatMap((uri) => rows.get(uri) ?? [])
      .filter(({ op }) => op === 'upsert' || !has('gone-not-in-batch'));
    if (has('batch-all-or-none') && found.length < uris.length) return refuse(404, 'unknown-record');
    return json({ records: (has('batch-cut') ? found.slice(0, 1) : found).map((row) => row.record) });
  };

  return { changes, snapshot, audit, auditBucket, record, batch };
}
