import { localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import type { ProductId } from '#features/products/types.ts';
import { PullFailure } from '#federation/engine/failure.ts';
import { pushRecords } from '#federation/engine/push.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { endpointOf } from './partners.ts';
import { insertRecalls, listUnsent, saveSend } from './queries/recalls.ts';
import { findPartner, listFeedRows } from './queries.ts';
import type { Content, FeedRow } from './records.ts';
import { SHOWN_STATES } from './rules/states.ts';
import type { RecallId, RecallReason } from './types.ts';
import { findSend, listReaders, listRecalls, listTakenDown } from './views/recalls.ts';

export const RECALL_QUEUE = 'federation.recall';

export type Recalled = { readonly productId: ProductId; readonly reason: RecallReason };
type Said = { readonly content: Content; readonly productId: ProductId };

/** Fewer stars than partners show, and not because the decision has run out, which their copy says by itself. */
function isStarLost(before: FeedRow['record'] | undefined, after: Content, today: string): boolean {
  if (before?.kind !== 'listing' || after.kind !== 'listing' || !before.ocop) return false;
  const ran = before.ocop.expiresOn !== undefined && before.ocop.expiresOn <= today;
  return !ran && (after.ocop?.stars ?? 0) < before.ocop.stars;
}

/**
 * What of an export must not wait until partners pull: goods that an authority had taken down, and stars that were taken
 * away. What a seller takes off the shelf is gone from partners with their next pull.
 */
export async function findRecalled(
  tx: Tx,
  {
    fresh,
    deletes,
    stored,
  }: Readonly<Record<'fresh' | 'deletes', readonly Said[]>> & {
    readonly stored: ReadonlyMap<string, FeedRow>;
  },
  now: Date,
): Promise<readonly Recalled[]> {
  const today = localDate(now);
  const lost = fresh.filter(({ content }) => isStarLost(stored.get(content.uri)?.record, content, today));
  const gone = deletes.filter(({ content }) => content.kind === 'tombstone' && content.of === 'listing');
  const down = gone.length > 0 ? await listTakenDown(tx, [...new Set(gone.map(({ productId }) => productId))]) : [];
  return [
    ...down.map((productId): Recalled => ({ productId, reason: 'taken-down' })),
    ...lost.map(({ productId }): Recalled => ({ productId, reason: 'star-lost' })),
  ];
}

type Deps = { readonly db: Db; readonly jobs: Pick<Jobs, 'add'>; readonly engine: EngineDeps };

/** Sends what was recalled to every native partner, in the transaction that exported it. */
export async function openRecalls(
  tx: Tx,
  { jobs }: Pick<Deps, 'jobs'>,
  recalled: readonly Recalled[],
  now: Date,
): Promise<void> {
  if (recalled.length === 0) return;
  const readers = await listReaders(tx);
  const recalls = recalled.map((one) => ({ id: newId<'Recall'>(), ...one, openedAt: now }));
  const sends = recalls.flatMap(({ id }) => readers.map(({ key }) => ({ recallId: id, partnerKey: key })));
  await insertRecalls(tx, recalls, sends);
  await jobs.add(tx, RECALL_QUEUE, sends);
}

/** Recalls, and how fast each partner acknowledged them. */
export const createRecalls = ({ db, jobs, engine }: Deps) => {
  const { now } = engine;
  return {
    /** The latest first, with what each partner answered. */
    listRecalls: (limit: number) => listRecalls(db, limit),
    /**
     * Sends the records of the product as they stand now and notes the answer. Throws when the partner did not take all of
     * them, so that it is tried again.
     */
    sendRecall: async (recallId: RecallId, partnerKey: string): Promise<void> => {
      const send = await findSend(db, recallId, partnerKey);
      if (!send || send.acknowledgedAt) return;
      const partner = await findPartner(db, partnerKey);
      const endpoint = partner && SHOWN_STATES.includes(partner.state) ? endpointOf(partner) : undefined;
      if (!endpoint) return;
      const rows = await listFeedRows(db, [send.productId]);
      const result = await push(engine, endpoint, rows);
      const set = result.fault ? { fault: result.fault } : { fault: null, acknowledgedAt: now() };
      await transact(db, 'system:federation', (tx) => saveSend(tx, recallId, partnerKey, { ...set, triedAt: now() }));
      if (result.fault) throw new Error(`The recall ${recallId} is not acknowledged by ${partnerKey}: ${result.fault}`);
    },
    /** Whoever was away for longer than the job tried is asked again, for a week. */
    sendAgain: () =>
      transact(db, 'system:federation', async (tx) => jobs.add(tx, RECALL_QUEUE, await listUnsent(tx, now()))),
  };
};

async function push(
  engine: EngineDeps,
  partner: NonNullable<ReturnType<typeof endpointOf>>,
  rows: readonly FeedRow[],
): Promise<{ readonly fault: string | undefined }> {
  try {
    const results = await pushRecords(
      { ...engine, partner },
      rows.map(({ record }) => record),
    );
    const bad = results.find(({ result }) => result === 'quarantined' || result === 'rejected');
    return { fault: bad && `${bad.uri}: ${bad.code ?? bad.result}` };
  } catch (error) {
    if (error instanceof PullFailure) return { fault: error.message.slice(0, 500) };
    throw error;
  }
}
