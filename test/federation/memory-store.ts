import type { Checkpoint } from '#federation/adapters/adapter.ts';
import type { BreakerState } from '#federation/engine/breaker.ts';
import type { EngineStore, LaneOutcome, Quarantined } from '#federation/engine/store.ts';
import { bucketHashes, bucketOf } from '#federation/protocol/canonical.ts';
import { type FedRecord, type Lane, laneOf } from '#federation/protocol/record.ts';

/** The engine's port over a map, for tests of the engine alone. A failing unit leaves nothing, as a transaction would. */
export class MemoryStore implements EngineStore {
  records = new Map<string, FedRecord>();
  checkpoints = new Map<string, Checkpoint>();
  quarantine: readonly Quarantined[] = [];
  /** A partner may name a product and its offer alike. */
  readonly #lanes = new WeakMap<Quarantined, Lane>();
  comparedAt = new Map<Lane, Date>();
  outcomes = new Map<Lane, LaneOutcome>();
  breaker: BreakerState | undefined;
  /** Saves that were asked for, to see that a duplicate makes none. */
  saves = 0;
  /** Set to fail at the end of a unit, as a crash before the commit. */
  crash = false;

  findBreaker = async () => this.breaker;
  saveBreaker = async (_partner: string, state: BreakerState) => {
    this.breaker = state;
  };
  findCheckpoint = async (_partner: string, lane: Lane) => this.checkpoints.get(lane);
  findComparedAt = async (_partner: string, lane: Lane) => this.comparedAt.get(lane);
  #live = (lane: Lane) =>
    [...this.records.values()].filter((record) => laneOf(record) === lane && record.kind !== 'tombstone');
  hashBuckets = async (_partner: string, lane: Lane) => bucketHashes(this.#live(lane));
  listBuckets = async (_partner: string, lane: Lane, buckets: readonly number[]) =>
    this.#live(lane).filter(({ uri }) => buckets.includes(bucketOf(uri)));
  saveOutcome = async (_partner: string, lane: Lane, outcome: LaneOutcome) => {
    this.outcomes.set(lane, outcome);
  };
  onLane: EngineStore['onLane'] = async (_partner, lane, work) => {
    const [records, checkpoints, compared] = [
      new Map(this.records),
      new Map(this.checkpoints),
      new Map(this.comparedAt),
    ];
    let quarantine = this.quarantine;
    const live = () => [...records.values()].filter((record) => laneOf(record) === lane && record.kind !== 'tombstone');
    const result = await work({
      checkpoint: checkpoints.get(lane),
      findStored: async (uris) => new Map([...records].filter(([uri]) => uris.includes(uri))),
      listLive: async () => live().map(({ uri }) => uri),
      save: async (saved) => {
        this.saves += saved.length;
        for (const record of saved) records.set(record.uri, record);
        quarantine = quarantine.filter(({ sourceId }) => !saved.some(({ uri }) => uri === sourceId));
      },
      withdraw: async (uris) => {
        for (const uri of uris) records.delete(uri);
      },
      forgetDead: async () => {
        for (const record of records.values()) {
          if (record.kind === 'tombstone' && laneOf(record) === lane) records.delete(record.uri);
        }
      },
      quarantine: async (items) => {
        quarantine = [...quarantine, ...items];
        for (const item of items) this.#lanes.set(item, lane);
      },
      release: async (ids) => {
        quarantine = quarantine.filter((item) => this.#lanes.get(item) !== lane || !ids.includes(item.sourceId));
      },
      findPrices: async (uris) =>
        new Map(
          live().flatMap((record) =>
            record.kind === 'offer' && uris.includes(record.uri) ? [[record.uri, record.price.amount] as const] : [],
          ),
        ),
      compared: async (at) => {
        compared.set(lane, at);
      },
      advance: async (to) => {
        checkpoints.set(lane, to);
      },
    });
    if (this.crash) throw new Error('killed before the commit');
    [this.records, this.checkpoints, this.comparedAt, this.quarantine] = [records, checkpoints, compared, quarantine];
    return result;
  };

  titles(): readonly string[] {
    return [...this.records.values()].flatMap((record) => (record.kind === 'listing' ? [record.title.vi] : [])).sort();
  }
}
