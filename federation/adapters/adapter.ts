import type { PullFailureCode } from '../engine/failure.ts';
import type { PeerHttp } from '../engine/http.ts';
import type { HashedRecord } from '../protocol/canonical.ts';
import type { NodeIdentity, PublicJwk } from '../protocol/keys.ts';
import type { OrderChanges, OrderRequest, Quote, QuoteRequest, RemoteOrder, Settlement } from '../protocol/ordering.ts';
import type { FedRecord, Lane } from '../protocol/record.ts';

export const ADAPTER_KINDS = [
  'native',
  'vendure',
  'medusa',
  'woocommerce',
  'haravan',
  'sapo',
  'magento2',
  'google-merchant',
  'csv',
  'json-ld',
] as const;
export type AdapterKind = (typeof ADAPTER_KINDS)[number];

/** A key of a partner and the time in which it counts. */
export type PinnedKey = {
  readonly keyid: string;
  readonly jwk: PublicJwk;
  readonly from?: Date;
  readonly until?: Date;
};

export const doesCount = ({ from, until }: Pick<PinnedKey, 'from' | 'until'>, now: Date): boolean =>
  (from === undefined || from <= now) && (until === undefined || now < until);

/** A partner as the engine sees it. */
export type PartnerEndpoint = {
  readonly key: string;
  /** Whose records it may send. */
  readonly origin: string;
  readonly baseUrl: URL;
  readonly adapter: AdapterKind;
  /** The pinned key that must sign its answers; foreign systems have none. */
  readonly pinned?: PinnedKey;
  /** The endorsed key that follows it. While both count, either may sign. */
  readonly next?: PinnedKey;
  /** It is shown within bounds: its prices may not jump, its names not shout. */
  readonly isOnProbation?: boolean;
  /** What the adapter must be told of this partner (channel, currency, columns, categories), in the adapter's own shape. */
  readonly settings: Readonly<Record<string, unknown>>;
};

/** All that an adapter may use of the world. It has no other network, clock or secret. */
export type Ctx = {
  readonly partner: PartnerEndpoint;
  readonly http: PeerHttp;
  readonly identity: NodeIdentity;
  readonly now: () => Date;
  /** A secret of this partner by the name that the adapter gives it (`token`, `key`); undefined when there is none. */
  readonly secret: (name: string) => Promise<string | undefined>;
  readonly signal?: AbortSignal;
};

/** Where a lane stands. Only the adapter that wrote it can read it. */
export type Checkpoint = string;
/** A record in the partner's own words. `id` is the partner's name for it, for reports. */
export type SourceRecord = { readonly id: string; readonly body: unknown };

export type Page = {
  readonly records: readonly SourceRecord[];
  readonly next: Checkpoint;
  /** Whether the lane has been read to its end. */
  readonly complete: boolean;
  /**
   * Set when the page is the whole lane, or the last of several that are: what it does not name is gone. `named` are the
   * uris of the whole lane then, those of records that could not be read among them.
   */
  readonly snapshot?: { readonly total: number; readonly named?: ReadonlySet<string> };
};

/** What a partner still has, by the uri that its record gets here; asked for by sweeps, since most systems tell no deletion. */
export type Present = { readonly uri: string };

type Rejection = { readonly code: string; readonly detail: string };
export type Normalised = { readonly record: FedRecord } | { readonly rejection: Rejection };

export type LaneMode = 'changes' | 'since' | 'snapshot' | 'crawl' | 'none';
/** How the partner's system behaves, declared rather than guessed. */
type AdapterManifest = {
  readonly kind: AdapterKind;
  readonly adapterVersion: string;
  /** No such system could be tried here: the adapter was written from documents and proved against a simulator. */
  readonly simulated: boolean;
  readonly lanes: Readonly<Record<Lane, LaneMode>>;
  readonly deletes: 'tombstone' | 'sweep' | 'snapshot-absence';
  /** Who numbers revisions: the origin, or we, since the system has no number that grows with every change. */
  readonly revisions: 'origin' | 'ours';
  readonly money: {
    /** Digits behind the point in what the system sends for VND: `45000` is 0, `45000.00` is 2, `4500000` as minor unit is 2. */
    readonly exponent: number;
    readonly tax: 'included' | 'excluded' | 'declared';
  };
  readonly clock: {
    /** Of instants without an offset. */
    readonly zone: string;
    /** A `since` lane asks again for so much of what it has read: clocks differ and ties are cut by pages. */
    readonly overlapMs: number;
    /** Whether `since` gives what changed in that very instant. */
    readonly inclusive: boolean;
  };
  readonly orders: 'none' | 'referral' | 'quote' | 'full';
  readonly limits: {
    /** Requests a second, and how many at once after a pause. */
    readonly rps: number;
    readonly burst: number;
    readonly maxPage: number;
    readonly maxBytes: number;
  };
};

type ProbeReport = {
  /** Peer's clock minus ours, in milliseconds. */
  readonly clockSkewMs: number;
  readonly versions: readonly string[];
};

/** Comparing by hashes instead of names, where the partner can: only what differs is fetched. Each throws PullFailure. */
export type Auditing = {
  /** The hash of each bucket of the lane as the partner has it now; undefined when it cannot tell. */
  hashes(ctx: Ctx, lane: Lane): Promise<readonly string[] | undefined>;
  members(ctx: Ctx, lane: Lane, bucket: number): Promise<readonly HashedRecord[]>;
  /** The records themselves, those that are gone by now left out. */
  fetch(ctx: Ctx, uris: readonly string[]): Promise<readonly SourceRecord[]>;
};

/** A refusal that the partner signed, with whatever else its document says (`offers`, `lines`, `order`). */
export type Refusal = {
  /** One of `PEER_PROBLEMS`, or of a later version. */
  readonly code: string;
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;
};
/**
 * What became of something that was asked of a partner. `unknown` is neither yes nor no: nothing came, or nothing that
 * the partner signed. It is never taken for a refusal; whoever asked finds out, by the same key.
 */
export type Outcome<T> =
  | { readonly ok: T }
  | { readonly refused: Refusal }
  | { readonly unknown: PullFailureCode; readonly retryAfterMs?: number };

/** Buying for a shopper at a partner, where its system can. None of these throws for what the partner does. */
export type Ordering = {
  quote(ctx: Ctx, asked: QuoteRequest): Promise<Outcome<Quote>>;
  /** Once per `key`: sent again with the same key and words it gives the same order. */
  reserve(ctx: Ctx, asked: OrderRequest, key: string): Promise<Outcome<RemoteOrder>>;
  confirm(ctx: Ctx, order: Pick<RemoteOrder, 'orderId' | 'total'>): Promise<Outcome<RemoteOrder>>;
  cancel(ctx: Ctx, orderId: string, reason: string): Promise<Outcome<RemoteOrder>>;
  /** Refused as `unknown-idempotency-key` where nothing with the key ever arrived. */
  orderState(ctx: Ctx, by: { readonly orderId: string } | { readonly key: string }): Promise<Outcome<RemoteOrder>>;
  /** What changed after `cursor`, or all orders from the first on without one. */
  orderChanges(ctx: Ctx, cursor: string | undefined): Promise<Outcome<OrderChanges>>;
  /** The statement of a day (YYYY-MM-DD in Vietnam) with the very bytes and headers that the partner signed. */
  settlement(ctx: Ctx, day: string): Promise<Outcome<Signed<Settlement>>>;
};
/** A document with the proof that a dispute needs. */
export type Signed<T> = {
  readonly document: T;
  readonly body: string;
  readonly signature: Readonly<Record<string, string>>;
};

/** What a foreign system must be able to do to be a partner. */
export interface PartnerAdapter {
  readonly manifest: AdapterManifest;
  /** A signed question that changes nothing. Throws PullFailure. */
  probe(ctx: Ctx): Promise<ProbeReport>;
  /** Pages from `from` on, or the whole lane when it is undefined or no longer valid. Throws PullFailure. */
  pull(ctx: Ctx, lane: Lane, from: Checkpoint | undefined): AsyncIterable<Page>;
  /** All that the partner has now, for a sweep; adapters whose `deletes` is `sweep` have it. Throws PullFailure. */
  enumerate?(ctx: Ctx, lane: Lane): AsyncIterable<Present>;
  readonly audit?: Auditing;
  readonly ordering?: Ordering;
  /** One record anew, by the partner's name for it. Throws PullFailure. */
  fetchOne?(ctx: Ctx, lane: Lane, id: string): Promise<SourceRecord | 'gone'>;
  /**
   * Pure and total: no I/O, never throws. Where revisions are ours, `rev` is left at 1 and numbered when the record is
   * applied.
   */
  normalise(source: SourceRecord, partner: PartnerEndpoint): Normalised;
}
