import type { Clock } from '#core/clock.ts';
import { type Db, transact } from '#db/client.ts';
import type { EngineStore, LaneUnit } from '#federation/engine/store.ts';
import { type MirrorDeps, mirrorListings } from './mirror.ts';
import {
  deleteMirrors,
  findCheckpoint,
  findPartner,
  findStored,
  listLiveUris,
  lockLane,
  saveBreaker,
  saveCheckpoint,
  saveMirrors,
  saveOutcome,
  saveQuarantine,
} from './queries.ts';

type Deps = MirrorDeps & { readonly db: Db; readonly now: Clock };

/** The engine's storage over our database. A page, what it shows to shoppers, and the checkpoint are one transaction. */
export const createEngineStore = ({ db, now, ...mirror }: Deps): EngineStore => ({
  findBreaker: async (partner) => (await findPartner(db, partner))?.breaker ?? undefined,
  saveBreaker: (partner, state) => saveBreaker(db, partner, state),
  findCheckpoint: (partner, lane) => findCheckpoint(db, partner, lane),
  saveOutcome: (partner, lane, outcome) =>
    transact(db, `partner:${partner}`, (tx) => saveOutcome(tx, partner, lane, outcome)),
  onLane: (partner, lane, work) =>
    transact(db, `partner:${partner}`, async (tx) => {
      const checkpoint = await lockLane(tx, partner, lane);
      const unit: LaneUnit = {
        checkpoint,
        findStored: (uris) => findStored(tx, partner, uris),
        listLive: () => listLiveUris(tx, partner, lane),
        save: async (records) => mirrorListings(tx, mirror, partner, await saveMirrors(tx, partner, records, now())),
        withdraw: async (uris) => mirrorListings(tx, mirror, partner, await deleteMirrors(tx, partner, uris)),
        quarantine: (items) => saveQuarantine(tx, partner, lane, items, now()),
        advance: (to) => saveCheckpoint(tx, partner, lane, to),
      };
      return await work(unit);
    }),
});
