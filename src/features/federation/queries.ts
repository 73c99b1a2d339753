import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Db, Reader, Tx } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import type { BreakerState } from '#federation/engine/breaker.ts';
import type { LaneOutcome, Quarantined } from '#federation/engine/store.ts';
import { LANES, type Lane } from '#federation/protocol/record.ts';
import { countVisit } from './queries/score.ts';
import type { FeedRow } from './records.ts';
import { READ_STATES } from './rules/states.ts';
import {
  federationChanges,
  federationFeeds,
  federationLanes,
  federationMirrors,
  federationNonces,
  federationQuarantine,
  partners,
} from './tables.ts';

export type PartnerRow = typeof partners.$inferSelect;
export type NewPartner = typeof partners.$inferInsert;

export async function insertManifests(tx: Tx, rows: readonly NewPartner[]): Promise<void> {
  await tx
    .insert(partners)
    .values([...rows])
    .onConflictDoNothing();
}

export const listPartners = (reader: Reader): Promise<PartnerRow[]> =>
  reader.select().from(partners).orderBy(partners.key);

export async function findPartner(reader: Reader, key: string): Promise<PartnerRow | undefined> {
  const [row] = await reader.select().from(partners).where(eq(partners.key, key));
  return row;
}

const isRead = inArray(partners.state, [...READ_STATES]);

export async function savePartner(tx: Tx, row: NewPartner): Promise<PartnerRow> {
  const { key: _key, ...set } = row;
  const [saved] = await tx.insert(partners).values(row).onConflictDoUpdate({ target: partners.key, set }).returning();
  if (!saved) throw new Error('A partner was neither inserted nor updated');
  return saved;
}

/**
 * Begins the turn and gives the partner whose turn it is; undefined when the turn is over, or the partner was shut out.
 * What it nudged before is looked for now.
 */
export async function beginTurn(db: Db, key: string, turn: number, now: Date): Promise<PartnerRow | undefined> {
  const [row] = await db
    .update(partners)
    .set({ pullingSince: now, nudgedAt: null })
    .where(and(eq(partners.key, key), eq(partners.turn, turn), isRead))
    .returning();
  return row;
}

type Nudged = { readonly turnedAt: Date | null };

/** Notes that the partner has news, and gives its last turn where a new one has to be begun: none is queued or going on. */
export async function noteNudge(tx: Tx, key: string, now: Date): Promise<Nudged | undefined> {
  const [row] = await tx
    .update(partners)
    .set({ nudgedAt: now })
    .where(and(eq(partners.key, key), isRead, isNull(partners.nudgedAt)))
    .returning({ pullingSince: partners.pullingSince, turnedAt: partners.turnedAt });
  return row?.pullingSince === null ? row : undefined;
}

/** Ends the turn of a partner that is read and gives the next one; undefined when another job ended it. */
export async function nextTurn(tx: Tx, key: string, now: Date, ended?: number): Promise<PartnerRow | undefined> {
  const [row] = await tx
    .update(partners)
    .set({ turn: sql`${partners.turn} + 1`, turnedAt: now, pullingSince: null })
    .where(and(eq(partners.key, key), isRead, ended === undefined ? undefined : eq(partners.turn, ended)))
    .returning();
  return row;
}

/** Partners whose turn has not ended for `graceSeconds` beyond their cadence: their chain of jobs broke. */
export const listStalled = (reader: Reader, now: Date, graceSeconds: number): Promise<{ key: string }[]> =>
  reader
    .select({ key: partners.key })
    .from(partners)
    .where(
      and(
        isRead,
        sql`${partners.turnedAt} + make_interval(secs => ${partners.cadenceSeconds} + ${graceSeconds}) < ${now.toISOString()}::timestamptz`,
      ),
    );

export async function saveBreaker(reader: Reader, key: string, breaker: BreakerState | null): Promise<void> {
  await reader.update(partners).set({ breaker }).where(eq(partners.key, key));
}

export async function findCheckpoint(reader: Reader, partnerKey: string, lane: Lane): Promise<string | undefined> {
  const [row] = await reader
    .select({ checkpoint: federationLanes.checkpoint })
    .from(federationLanes)
    .where(and(eq(federationLanes.partnerKey, partnerKey), eq(federationLanes.lane, lane)));
  return row?.checkpoint ?? undefined;
}

/** Locks the lane until the transaction ends and gives its checkpoint. */
export async function lockLane(tx: Tx, partnerKey: string, lane: Lane): Promise<string | undefined> {
  await tx.insert(federationLanes).values({ partnerKey, lane }).onConflictDoNothing();
  const [row] = await tx
    .select({ checkpoint: federationLanes.checkpoint })
    .from(federationLanes)
    .where(and(eq(federationLanes.partnerKey, partnerKey), eq(federationLanes.lane, lane)))
    .for('update');
  return row?.checkpoint ?? undefined;
}

export async function saveCheckpoint(tx: Tx, partnerKey: string, lane: Lane, checkpoint: string): Promise<void> {
  await tx
    .update(federationLanes)
    .set({ checkpoint })
    .where(and(eq(federationLanes.partnerKey, partnerKey), eq(federationLanes.lane, lane)));
}

export async function findComparedAt(reader: Reader, partnerKey: string, lane: Lane): Promise<Date | undefined> {
  const [row] = await reader
    .select({ comparedAt: federationLanes.comparedAt })
    .from(federationLanes)
    .where(and(eq(federationLanes.partnerKey, partnerKey), eq(federationLanes.lane, lane)));
  return row?.comparedAt ?? undefined;
}

export async function saveComparedAt(tx: Tx, partnerKey: string, lane: Lane, comparedAt: Date): Promise<void> {
  await tx
    .update(federationLanes)
    .set({ comparedAt })
    .where(and(eq(federationLanes.partnerKey, partnerKey), eq(federationLanes.lane, lane)));
}

export async function saveOutcome(tx: Tx, partnerKey: string, lane: Lane, outcome: LaneOutcome): Promise<void> {
  await countVisit(tx, partnerKey, lane, outcome);
  const { state, at } = outcome;
  const set = { state, outcome, attemptedAt: at, ...(state === 'ok' ? { succeededAt: at } : {}) };
  await tx
    .insert(federationLanes)
    .values({ partnerKey, lane, ...set })
    .onConflictDoUpdate({ target: [federationLanes.partnerKey, federationLanes.lane], set });
  if (state === 'ok' && lane === 'offer') {
    await tx.update(partners).set({ pricesAsOf: at }).where(eq(partners.key, partnerKey));
  }
}

export const listLanes = (reader: Reader) =>
  reader.select().from(federationLanes).orderBy(federationLanes.partnerKey, federationLanes.lane);

const isLive = sql`${federationMirrors.record} ->> 'kind' <> 'tombstone'`;

export async function listLiveUris(reader: Reader, partnerKey: string, lane: Lane): Promise<string[]> {
  const rows = await reader
    .select({ uri: federationMirrors.uri })
    .from(federationMirrors)
    .where(and(eq(federationMirrors.partnerKey, partnerKey), eq(federationMirrors.lane, lane), isLive));
  return rows.map(({ uri }) => uri);
}

/** Forgets records that their origin no longer has, and gives the uris of the listings concerned. */
export async function deleteMirrors(tx: Tx, partnerKey: string, uris: readonly string[]): Promise<readonly string[]> {
  const rows = await tx
    .delete(federationMirrors)
    .where(and(eq(federationMirrors.partnerKey, partnerKey), inArray(federationMirrors.uri, [...uris])))
    .returning({ listingUri: federationMirrors.listingUri });
  return [...new Set(rows.map(({ listingUri }) => listingUri).filter((uri) => uri !== null))];
}

export async function deleteTombstones(tx: Tx, partnerKey: string, lane: Lane): Promise<void> {
  await tx
    .delete(federationMirrors)
    .where(
      and(
        eq(federationMirrors.partnerKey, partnerKey),
        eq(federationMirrors.lane, lane),
        sql`${federationMirrors.record} ->> 'kind' = 'tombstone'`,
      ),
    );
}

export async function saveQuarantine(
  tx: Tx,
  partnerKey: string,
  lane: Lane,
  items: readonly Quarantined[],
  now: Date,
): Promise<void> {
  const rows = [...new Map(items.map((item) => [item.sourceId, item])).values()].map((item) => ({
    id: newId<'Quarantine'>(),
    partnerKey,
    lane,
    ...item,
    firstSeenAt: now,
    lastSeenAt: now,
  }));
  await tx
    .insert(federationQuarantine)
    .values(rows)
    .onConflictDoUpdate({
      target: [federationQuarantine.partnerKey, federationQuarantine.lane, federationQuarantine.sourceId],
      set: {
        reason: sql`excluded.reason`,
        detail: sql`excluded.detail`,
        payload: sql`excluded.payload`,
        lastSeenAt: now,
        // What an officer let be stays so as long as it comes unchanged.
        dismissedAt: sql`case when ${unchanged} then ${federationQuarantine.dismissedAt} end`,
        dismissedReason: sql`case when ${unchanged} then ${federationQuarantine.dismissedReason} end`,
      },
    });
}
const unchanged = sql`${federationQuarantine.payload} = excluded.payload and ${federationQuarantine.reason} = excluded.reason`;

export async function releaseQuarantine(tx: Tx, partnerKey: string, lane: Lane, sourceIds: readonly string[]) {
  await tx
    .delete(federationQuarantine)
    .where(
      and(
        eq(federationQuarantine.partnerKey, partnerKey),
        eq(federationQuarantine.lane, lane),
        inArray(federationQuarantine.sourceId, [...sourceIds]),
      ),
    );
}

/** Serialises the exports of each of these products until the transaction ends. `ids` are sorted here: one order, no deadlock. */
export async function lockExports(tx: Tx, ids: readonly ProductId[]): Promise<void> {
  const sorted = [...ids].sort();
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('federation:' || id, 0)) from unnest(${sql.param(sorted)}::text[]) with ordinality as product(id, position) order by position`,
  );
}

export const listFeedRows = (reader: Reader, ids: readonly ProductId[]): Promise<FeedRow[]> =>
  reader
    .select()
    .from(federationChanges)
    .where(inArray(federationChanges.productId, [...ids]));

export async function nextSeqs(tx: Tx, count: number): Promise<number[]> {
  const { rows } = await tx.execute<{ seq: string }>(
    sql`select nextval(pg_get_serial_sequence('federation_changes', 'seq')) as seq from generate_series(1, ${count})`,
  );
  return rows.map(({ seq }) => Number(seq));
}

/** Writes changes, each in place of what its uri said before. */
export async function saveChanges(tx: Tx, rows: readonly FeedRow[]): Promise<void> {
  await tx
    .insert(federationChanges)
    .values([...rows])
    .onConflictDoUpdate({
      target: federationChanges.uri,
      set: {
        seq: sql`excluded.seq`,
        tx: sql`excluded.tx`,
        op: sql`excluded.op`,
        hash: sql`excluded.hash`,
        record: sql`excluded.record`,
        at: sql`excluded.at`,
      },
    });
}

/** The life of each feed, begun at the first start. */
export async function openFeeds(tx: Tx): Promise<void> {
  await tx
    .insert(federationFeeds)
    .values(LANES.map((lane) => ({ lane, epoch: newId<'Epoch'>() })))
    .onConflictDoNothing();
}

/**
 * Begins a new epoch: after a restore, positions that partners hold may name changes that no longer exist. The changes
 * are numbered into the present, because transaction ids of another server would hide them for ever.
 */
export async function startEpoch(tx: Tx): Promise<void> {
  await tx.update(federationChanges).set({ tx: sql`pg_current_xact_id()` });
  for (const lane of LANES) {
    await tx
      .update(federationFeeds)
      .set({ epoch: newId<'Epoch'>(), horizonTx: '0', horizonSeq: 0 })
      .where(eq(federationFeeds.lane, lane));
  }
}

/** Throws away tombstones from before `before`; cursors below them expire from now on. */
export async function pruneTombstones(tx: Tx, before: Date): Promise<void> {
  await tx.execute(sql`
    with pruned as (
      delete from federation_changes where op = 'delete' and at < ${before.toISOString()}::timestamptz returning lane, tx, seq),
    last as (select distinct on (lane) lane, tx, seq from pruned order by lane, tx desc, seq desc)
    update federation_feeds f set horizon_tx = last.tx, horizon_seq = last.seq
    from last where last.lane = f.lane and (last.tx, last.seq) > (f.horizon_tx, f.horizon_seq)`);
}

/** Keeps a nonce; false when it was kept before. Two equal requests at once: the key of the table lets one in. */
export async function rememberNonce(db: Db, keyid: string, nonce: string, expiresAt: Date): Promise<boolean> {
  const rows = await db
    .insert(federationNonces)
    .values({ keyid, nonce, expiresAt })
    .onConflictDoNothing()
    .returning({ nonce: federationNonces.nonce });
  return rows.length === 1;
}

export async function forgetNonces(tx: Tx, before: Date): Promise<void> {
  await tx.delete(federationNonces).where(lt(federationNonces.expiresAt, before));
}
