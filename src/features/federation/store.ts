import type { Clock } from '#core/clock.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { EngineStore, LaneUnit } from '#federation/engine/store.ts';
import { type MirrorDeps, mirrorListings } from './mirror.ts';
import { findStored, saveMirrors } from './queries/mirrors.ts';
import {
  deleteMirrors,
  deleteTombstones,
  findCheckpoint,
  findComparedAt,
  findPartner,
  listLiveUris,
  lockLane,
  releaseQuarantine,
  saveBreaker,
  saveCheckpoint,
  saveComparedAt,
  saveOutcome,
  saveQuarantine,
} from './queries.ts';
import { withinQuota } from './showing.ts';
import { findPrices, hashMirrors, listMirrorBuckets } from './views.ts';

type Deps = MirrorDeps & { readonly db: Db; readonly now: Clock };

/** The engine's storage over our database. A page, what it shows to shoppers, and the checkpoint are one transaction. */
export const createEngineStore = ({ db, now, ...mirror }: Deps): EngineStore => {
  const show = async (tx: Tx, key: string, uris: readonly string[]): Promise<void> => {
    const partner = await findPartner(tx, key);
    if (partner) await mirrorListings(tx, mirror, key, await withinQuota(tx, partner, uris));
  };
  return {
    findBreaker: async (partner) => (await findPartner(db, partner))?.breaker ?? undefined,
    saveBreaker: (partner, state) => saveBreaker(db, partner, state),
    findCheckpoint: (partner, lane) => findCheckpoint(db, partner, lane),
    findComparedAt: (partner, lane) => findComparedAt(db, partner, lane),
    hashBuckets: async (partner, lane) => (await hashMirrors(db, partner, lane)).hashes,
    listBuckets: (partner, lane, buckets) => listMirrorBuckets(db, partner, lane, buckets),
    saveOutcome: (partner, lane, outcome) =>
      transact(db, `partner:${partner}`, (tx) => saveOutcome(tx, partner, lane, outcome)),
    onLane: (partner, lane, work) =>
      transact(db, `partner:${partner}`, async (tx) => {
        const checkpoint = await lockLane(tx, partner, lane);
        const unit: LaneUnit = {
          checkpoint,
          findStored: (uris) => findStored(tx, partner, uris),
          listLive: () => listLiveUris(tx, partner, lane),
          save: async (records) => show(tx, partner, await saveMirrors(tx, partner, lane, records, now())),
          withdraw: async (uris) => show(tx, partner, await deleteMirrors(tx, partner, uris)),
          forgetDead: () => deleteTombstones(tx, partner, lane),
          quarantine: (items) => saveQuarantine(tx, partner, lane, items, now()),
          release: (sourceIds) => releaseQuarantine(tx, partner, lane, sourceIds),
          findPrices: (uris) => findPrices(tx, partner, uris),
          compared: (at) => saveComparedAt(tx, partner, lane, at),
          advance: (to) => saveCheckpoint(tx, partner, lane, to),
        };
        return await work(unit);
      }),
  };
};
