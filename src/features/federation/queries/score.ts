import { and, eq, gte, lt, sql } from 'drizzle-orm';
import { localDate } from '#core/clock.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { LaneOutcome } from '#federation/engine/store.ts';
import type { Lane } from '#federation/protocol/record.ts';
import { dayOf } from '../score.ts';
import { federationDays, federationLanes } from '../tables.ts';

const added = (name: 'visits' | 'good' | 'records' | 'quarantined' | 'drifted' | 'down_seconds') =>
  sql.raw(`federation_days.${name} + excluded.${name}`);
const addedAges = sql.raw(
  'array(select a + b from unnest(federation_days.ages, excluded.ages) with ordinality as u (a, b, at) order by at)',
);

/** Adds a reading to its day. To be called before the lane itself is written: it tells how old the data had become. */
export async function countVisit(tx: Tx, partnerKey: string, lane: Lane, outcome: LaneOutcome): Promise<void> {
  const [before] = await tx
    .select({
      outcome: federationLanes.outcome,
      attemptedAt: federationLanes.attemptedAt,
      succeededAt: federationLanes.succeededAt,
    })
    .from(federationLanes)
    .where(and(eq(federationLanes.partnerKey, partnerKey), eq(federationLanes.lane, lane)));
  const { ages, ...counted } = dayOf(lane, before, outcome);
  await tx
    .insert(federationDays)
    .values({ partnerKey, day: localDate(outcome.at), ...counted, ages: [...ages] })
    .onConflictDoUpdate({
      target: [federationDays.partnerKey, federationDays.lane, federationDays.day],
      set: {
        visits: added('visits'),
        good: added('good'),
        records: added('records'),
        quarantined: added('quarantined'),
        drifted: added('drifted'),
        downSeconds: added('down_seconds'),
        ages: addedAges,
      },
    });
}

export const listDays = (reader: Reader, partnerKey: string, from: string) =>
  reader
    .select()
    .from(federationDays)
    .where(and(eq(federationDays.partnerKey, partnerKey), gte(federationDays.day, from)));

export async function forgetDays(tx: Tx, before: string): Promise<void> {
  await tx.delete(federationDays).where(lt(federationDays.day, before));
}
