import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Vnd } from '#core/money.ts';
import type { Reader, Tx } from '#db/client.ts';
import { federationReferrals } from '../tables.ts';
import type { ReferralId } from '../types.ts';

export type ReferralRow = typeof federationReferrals.$inferSelect;
type NewReferral = typeof federationReferrals.$inferInsert;

/** Whether it was new: a token that comes again is no second visit. */
export async function insertReferral(tx: Tx, referral: NewReferral): Promise<boolean> {
  const made = await tx
    .insert(federationReferrals)
    .values(referral)
    .onConflictDoNothing()
    .returning({ id: federationReferrals.id });
  return made.length === 1;
}

/** The row, locked: two reports of one referral come one after the other. */
export async function lockReferral(
  tx: Tx,
  { direction, partnerKey, jti }: Pick<ReferralRow, 'direction' | 'partnerKey' | 'jti'>,
): Promise<ReferralRow | undefined> {
  const { direction: way, partnerKey: partner, jti: name } = federationReferrals;
  const [row] = await tx
    .select()
    .from(federationReferrals)
    .where(and(eq(way, direction), eq(partner, partnerKey), eq(name, jti)))
    .for('update');
  return row;
}

export async function findReferral(reader: Reader, id: ReferralId): Promise<ReferralRow | undefined> {
  const [row] = await reader.select().from(federationReferrals).where(eq(federationReferrals.id, id));
  return row;
}

/** Lets the first order of a visit count for it. */
export async function saveOrdered(tx: Tx, id: ReferralId, groupCode: string): Promise<void> {
  const { id: key, direction, groupCode: held } = federationReferrals;
  await tx
    .update(federationReferrals)
    .set({ groupCode })
    .where(and(eq(key, id), eq(direction, 'received'), isNull(held)));
}

export async function saveConversion(tx: Tx, id: ReferralId, convertedAt: Date, goodsVnd: Vnd): Promise<void> {
  await tx.update(federationReferrals).set({ convertedAt, goodsVnd }).where(eq(federationReferrals.id, id));
}

export async function saveReported(tx: Tx, id: ReferralId, reportedAt: Date): Promise<void> {
  await tx.update(federationReferrals).set({ reportedAt }).where(eq(federationReferrals.id, id));
}

/** Bought in the last week, and the partner that sent the shopper does not know of it yet. */
export async function listUnreported(reader: Reader, now: Date): Promise<{ readonly referralId: ReferralId }[]> {
  const { rows } = await reader.execute<{ referralId: ReferralId }>(sql`
    select r.id as "referralId" from federation_referrals r join partners p on p.key = r.partner_key and p.state in ('probation', 'active')
    where r.direction = 'received' and r.converted_at is not null and r.reported_at is null
      and r.converted_at between ${now.toISOString()}::timestamptz - interval '7 days' and ${now.toISOString()}::timestamptz - interval '10 minutes'`);
  return rows;
}

/** Visits that came to nothing, after a quarter of a year. What was bought is kept, as books are. */
export async function forgetReferrals(tx: Tx, before: Date): Promise<void> {
  const { at, convertedAt, groupCode } = federationReferrals;
  await tx.delete(federationReferrals).where(and(lt(at, before), isNull(convertedAt), isNull(groupCode)));
}
