import type { Checkpoint } from '../adapters/adapter.ts';
import type { HashedRecord } from '../protocol/canonical.ts';
import type { FedRecord, Lane } from '../protocol/record.ts';
import type { BreakerState } from './breaker.ts';
import type { PullFailureCode } from './failure.ts';
import type { StoredRecord, Verdict } from './verdict.ts';

/** A record that was not applied, kept so that a person can look at it and its exchange can be told. */
export type Quarantined = {
  /** The peer's name for the record, as far as it could be read; at most 400 characters. */
  readonly sourceId: string;
  readonly reason: string;
  readonly detail: string;
  /** What came, cut to 8,192 characters. */
  readonly payload: string;
};

/** `drifted` counts records that an audit found otherwise than their origin has them. */
export type Counts = Readonly<Record<Verdict | 'quarantined' | 'withdrawn' | 'drifted' | 'pages', number>>;

export const NO_COUNTS: Counts = {
  applied: 0,
  duplicate: 0,
  stale: 0,
  'rev-conflict': 0,
  loop: 0,
  'origin-mismatch': 0,
  quarantined: 0,
  withdrawn: 0,
  drifted: 0,
  pages: 0,
};

/** How the pull of a lane ended. `held` waits for a person. */
export type LaneOutcome = {
  readonly state: 'ok' | 'failed' | 'held';
  readonly failure?: { readonly code: PullFailureCode; readonly detail: string };
  readonly counts: Counts;
  readonly at: Date;
};

/** One transaction on one lane of one partner, which it holds locked until its end. */
export interface LaneUnit {
  /** Where the lane stands, read under the lock. */
  readonly checkpoint: Checkpoint | undefined;
  /** Tombstones included: they guard against an old upsert that comes late. */
  findStored(uris: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>>;
  /** The uris of the lane that are shown now. */
  listLive(): Promise<readonly string[]>;
  /** Keeps the records and shows, or for tombstones hides, what they say. */
  save(records: readonly FedRecord[]): Promise<void>;
  /** Hides what its origin no longer has, without a tombstone. */
  withdraw(uris: readonly string[]): Promise<void>;
  /** Forgets the tombstones of the lane: after a snapshot no older revision can come, and a restored origin numbers anew. */
  forgetDead(): Promise<void>;
  quarantine(items: readonly Quarantined[]): Promise<void>;
  /** Ends the quarantine of what could be read after all, by the partner's names. */
  release(sourceIds: readonly string[]): Promise<void>;
  /** What the offers among `uris` that are shown now cost, in đồng. */
  findPrices(uris: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Says that the whole lane was held against what the partner has. */
  compared(at: Date): Promise<void>;
  advance(to: Checkpoint): Promise<void>;
}

/** Where the engine keeps what it knows; the host implements it over its database. */
export interface EngineStore {
  findBreaker(partner: string): Promise<BreakerState | undefined>;
  saveBreaker(partner: string, state: BreakerState): Promise<void>;
  findCheckpoint(partner: string, lane: Lane): Promise<Checkpoint | undefined>;
  /** When the whole lane was last held against what the partner has. */
  findComparedAt(partner: string, lane: Lane): Promise<Date | undefined>;
  /** A hash for each bucket of what is shown of the lane, as `bucketHashes` of the protocol makes them. */
  hashBuckets(partner: string, lane: Lane): Promise<readonly string[]>;
  /** What is shown of the lane in these buckets. */
  listBuckets(partner: string, lane: Lane, buckets: readonly number[]): Promise<readonly HashedRecord[]>;
  saveOutcome(partner: string, lane: Lane, outcome: LaneOutcome): Promise<void>;
  /** Runs `work` in one transaction: all of it happens or none. The engine makes no network call inside. */
  onLane<T>(partner: string, lane: Lane, work: (unit: LaneUnit) => Promise<T>): Promise<T>;
}
