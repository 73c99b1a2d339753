import type { PeerHttp } from '../engine/http.ts';
import type { NodeIdentity, PublicJwk } from '../protocol/keys.ts';
import type { FedRecord, Lane } from '../protocol/record.ts';

export const ADAPTER_KINDS = [
  'native',
  'woocommerce',
  'haravan',
  'sapo',
  'magento2',
  'google-merchant',
  'csv',
  'json-ld',
] as const;
export type AdapterKind = (typeof ADAPTER_KINDS)[number];

/** A partner as the engine sees it. */
export type PartnerEndpoint = {
  readonly key: string;
  /** Whose records it may send. */
  readonly origin: string;
  readonly baseUrl: URL;
  readonly adapter: AdapterKind;
  /** The pinned key that must sign its answers. */
  readonly pinned: { readonly keyid: string; readonly jwk: PublicJwk };
};

/** All that an adapter may use of the world. It has no other network, clock or secret. */
export type Ctx = {
  readonly partner: PartnerEndpoint;
  readonly http: PeerHttp;
  readonly identity: NodeIdentity;
  readonly now: () => Date;
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
  /** Set when the page is the whole lane: what it does not name is gone. */
  readonly snapshot?: { readonly total: number };
};

type Rejection = { readonly code: string; readonly detail: string };
export type Normalised = { readonly record: FedRecord } | { readonly rejection: Rejection };

/** How the partner's system behaves, declared rather than guessed. */
type AdapterManifest = {
  readonly kind: AdapterKind;
  readonly adapterVersion: string;
  readonly lanes: Readonly<Record<Lane, 'changes' | 'since' | 'snapshot' | 'crawl' | 'none'>>;
  readonly deletes: 'tombstone' | 'sweep' | 'snapshot-absence';
};

type ProbeReport = {
  /** Peer's clock minus ours, in milliseconds. */
  readonly clockSkewMs: number;
  readonly versions: readonly string[];
};

/** What a foreign system must be able to do to be a partner. */
export interface PartnerAdapter {
  readonly manifest: AdapterManifest;
  /** A signed question that changes nothing. Throws PullFailure. */
  probe(ctx: Ctx): Promise<ProbeReport>;
  /** Pages from `from` on, or the whole lane when it is undefined or no longer valid. Throws PullFailure. */
  pull(ctx: Ctx, lane: Lane, from: Checkpoint | undefined): AsyncIterable<Page>;
  /** Pure and total: no I/O, never throws. */
  normalise(source: SourceRecord): Normalised;
}
