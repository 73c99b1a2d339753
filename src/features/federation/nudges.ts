import { type Db, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import { PullFailure } from '#federation/engine/failure.ts';
import { nudgePeer } from '#federation/engine/push.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import type { Lane } from '#federation/protocol/record.ts';
import { endpointOf, nudgedPause, queueTurn } from './partners.ts';
import { noteNudge, type PartnerRow } from './queries.ts';
import { listReaders } from './views/recalls.ts';

export const NUDGE_QUEUE = 'federation.nudge';

/** Has partners told of an export, in its transaction. Most exchanges have none, and each order is an export. */
export const queueNudge = async (tx: Tx, { jobs }: Pick<Deps, 'jobs'>, lanes: readonly Lane[]): Promise<void> => {
  if (lanes.length > 0 && (await listReaders(tx)).length > 0) await jobs.add(tx, NUDGE_QUEUE, [{ lanes }]);
};

type Deps = { readonly db: Db; readonly jobs: Pick<Jobs, 'add'>; readonly engine: EngineDeps };

/** Hints that there is news. Pulls find it without them, later: so whoever cannot be told is not told again. */
export const createNudges = ({ db, jobs, engine }: Deps) => {
  const tell = async (row: PartnerRow, lanes: readonly Lane[]): Promise<void> => {
    const partner = endpointOf(row);
    if (!partner) return;
    try {
      await nudgePeer({ ...engine, partner }, lanes);
    } catch (error) {
      if (!(error instanceof PullFailure)) throw error;
    }
  };
  return {
    /** Tells every partner that pulls our feed, all at once, that these lanes have news. */
    nudge: async (lanes: readonly Lane[]): Promise<void> => {
      await Promise.all((await listReaders(db)).map((row) => tell(row, lanes)));
    },
    /** A partner has news: it is pulled now, or a second after the last pull where that ended just now or is going on. */
    nudged: (key: string): Promise<void> =>
      transact(db, 'system:federation', async (tx) => {
        const at = engine.now();
        const last = await noteNudge(tx, key, at);
        if (last) await queueTurn(tx, { jobs, now: engine.now }, key, { afterMs: nudgedPause(last.turnedAt, at) });
      }),
  };
};
