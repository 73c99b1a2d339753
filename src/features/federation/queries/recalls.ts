import { and, eq, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { federationRecallSends, federationRecalls } from '../tables.ts';
import type { RecallId } from '../types.ts';

type Send = { readonly recallId: RecallId; readonly partnerKey: string };

export async function insertRecalls(
  tx: Tx,
  recalls: readonly (typeof federationRecalls.$inferInsert)[],
  sends: readonly Send[],
): Promise<void> {
  await tx.insert(federationRecalls).values([...recalls]);
  if (sends.length > 0) await tx.insert(federationRecallSends).values([...sends]);
}

export async function saveSend(
  tx: Tx,
  recallId: RecallId,
  partnerKey: string,
  set: { readonly triedAt: Date; readonly acknowledgedAt?: Date; readonly fault: string | null },
): Promise<void> {
  const { recallId: recall, partnerKey: partner, acknowledgedAt } = federationRecallSends;
  await tx
    .update(federationRecallSends)
    .set({ ...set, tries: sql`${federationRecallSends.tries} + 1` })
    .where(and(eq(recall, recallId), eq(partner, partnerKey), sql`${acknowledgedAt} is null`));
}

/** Sends of the last week that nobody acknowledged, and that no job is still trying. */
export async function listUnsent(reader: Reader, now: Date): Promise<Send[]> {
  const { rows } = await reader.execute<Send>(sql`
    select s.recall_id as "recallId", s.partner_key as "partnerKey" from federation_recall_sends s
    join federation_recalls r on r.id = s.recall_id join partners p on p.key = s.partner_key and p.state in ('probation', 'active')
    where s.acknowledged_at is null and r.opened_at > ${now.toISOString()}::timestamptz - interval '7 days'
      and coalesce(s.tried_at, r.opened_at) < ${now.toISOString()}::timestamptz - interval '10 minutes'`);
  return rows;
}
