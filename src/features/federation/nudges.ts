import { type Db, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import { PullFailure } from '#federation/engine/failure.ts';
import { nudgePeer } from '#federation/engine/push.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { ORDER_LANE } from '#federation/protocol/ordering.ts';
import { LANES, type Lane } from '#federation/protocol/record.ts';
import { endpointOf, nudgedPause, queueTurn } from './partners.ts';
import { noteNudge, type PartnerRow } from './queries.ts';
import { ORDER_NEWS_QUEUE } from './types.ts';
import { isFeedHeld } from './views/mirrors.ts';
import { listReaders } from './views/recalls.ts';

export const NUDGE_QUEUE = 'federation.nudge';

/** Has partners told of an export, in its transaction. Most exchanges have none, and each order is an export. */
export const queueNudge = async (tx: Tx, { jobs }: Pick<Deps, 'jobs'>, lanes: readonly Lane[]): Promise<void> => {
  if (lanes.length > 0 && (await listReaders(tx)).length > 0) await jobs.add(tx, NUDGE_QUEUE, [{ lanes }]);
};

type News = readonly (Lane | typeof ORDER_LANE)[];
/** A job of the queue: for all who read us, or for one alone. */
export type Hint = { readonly lanes: News; readonly partnerKey?: string };
type Deps = { readonly db: Db; readonly jobs: Pick<Jobs, 'add'>; readonly engine: EngineDeps };

/** A job is enough for whatever is held back then: it is asked for again until nothing is. */
const again: readonly Hint[] = [{ lanes: LANES }];
const afterSeconds = 2;
/** Whoever says nothing to a hint for so long keeps those that answer waiting for the next. */
const patienceMs = 2_000;

/** Hints that there is news. Pulls find it without them, later: so whoever cannot be told is not told again. */
export const createNudges = ({ db, jobs, engine }: Deps) => {
  const tell = async (row: PartnerRow, lanes: News): Promise<void> => {
    const partner = endpointOf(row);
    if (!partner || row.breaker?.isOpen) return;
    try {
      await nudgePeer({ ...engine, partner, signal: AbortSignal.timeout(patienceMs) }, lanes);
    } catch (error) {
      if (!(error instanceof PullFailure)) throw error;
    }
  };
  return {
    /** Tells every partner that pulls our feed, all at once and each of them once, which lanes have news for it. */
    nudge: async (hints: readonly Hint[]): Promise<void> => {
      const newsOf = (key: string) =>
        new Set(hints.flatMap(({ lanes, partnerKey = key }) => (partnerKey === key ? lanes : [])));
      const told = (await listReaders(db)).map((row) => ({ row, lanes: [...newsOf(row.key)] }));
      const isHeld = told.length > 0 && (await isFeedHeld(db));
      await Promise.all(told.map(async ({ row, lanes }) => (lanes.length > 0 ? await tell(row, lanes) : undefined)));
      // They may have pulled before the news could be given out, and nothing would tell them again.
      if (isHeld) await transact(db, 'system:federation', (tx) => jobs.add(tx, NUDGE_QUEUE, again, { afterSeconds }));
    },
    /** Has a partner told that orders of its own have moved here; in the transaction that moved them. */
    tellOrders: (tx: Tx, partnerKey: string): Promise<void> =>
      jobs.add(tx, NUDGE_QUEUE, [{ lanes: [ORDER_LANE], partnerKey } satisfies Hint]),
    /**
     * A partner has news: it is pulled now, or a second after the last pull where that ended just now or is going on. News
     * of orders are for whoever buys there.
     */
    nudged: (key: string, lanes: News): Promise<void> =>
      transact(db, 'system:federation', async (tx) => {
        if (lanes.includes(ORDER_LANE)) await jobs.add(tx, ORDER_NEWS_QUEUE, [{ partnerKey: key }]);
        if (!lanes.some((lane) => lane !== ORDER_LANE)) return;
        const at = engine.now();
        const last = await noteNudge(tx, key, at);
        if (last) await queueTurn(tx, { jobs, now: engine.now }, key, { afterMs: nudgedPause(last.turnedAt, at) });
      }),
  };
};
