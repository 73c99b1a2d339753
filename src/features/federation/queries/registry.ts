import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { PartnerRow } from '../queries.ts';
import { partnerGrants, partnerTransitions } from '../tables/registry.ts';
import { partners } from '../tables.ts';
import type { PartnerState, Verb } from '../types.ts';

export async function lockPartner(tx: Tx, key: string): Promise<PartnerRow | undefined> {
  const [row] = await tx.select().from(partners).where(eq(partners.key, key)).for('update');
  return row;
}

/** Takes the step. The trigger that logs it reads the reason from the transaction's own setting. */
export async function saveState(
  tx: Tx,
  { key, state: from }: Pick<PartnerRow, 'key' | 'state'>,
  state: PartnerState,
  { reason, at }: { readonly reason: string | undefined; readonly at: Date },
): Promise<void> {
  await tx.execute(sql`select set_config('app.reason', ${reason ?? ''}, true)`);
  const resumesTo = state === 'suspended' ? from : null;
  await tx
    .update(partners)
    .set({ state, resumesTo, stateSince: at, breaker: null, updatedAt: at })
    .where(eq(partners.key, key));
}

export async function listGrants(reader: Reader, partnerKey: string): Promise<readonly Verb[]> {
  const rows = await reader
    .select({ verb: partnerGrants.verb })
    .from(partnerGrants)
    .where(eq(partnerGrants.partnerKey, partnerKey))
    .orderBy(partnerGrants.verb);
  return rows.map(({ verb }) => verb);
}

export async function addGrants(
  tx: Tx,
  partnerKey: string,
  verbs: readonly Verb[],
  by: { readonly grantedBy: string; readonly grantedAt: Date },
): Promise<void> {
  if (verbs.length === 0) return;
  await tx
    .insert(partnerGrants)
    .values(verbs.map((verb) => ({ partnerKey, verb, ...by })))
    .onConflictDoNothing();
}

export async function dropGrants(tx: Tx, partnerKey: string, verbs: readonly Verb[]): Promise<void> {
  if (verbs.length === 0) return;
  await tx
    .delete(partnerGrants)
    .where(and(eq(partnerGrants.partnerKey, partnerKey), inArray(partnerGrants.verb, [...verbs])));
}

/** What a partner was granted, with its state, in one reading. */
export async function findStanding(
  reader: Reader,
  key: string,
): Promise<{ readonly state: PartnerState; readonly granted: readonly Verb[] } | undefined> {
  const [row] = await reader.select({ state: partners.state }).from(partners).where(eq(partners.key, key));
  return row && { ...row, granted: await listGrants(reader, key) };
}

/** The steps that were taken, the latest first. */
export const listTransitions = (reader: Reader, partnerKey: string) =>
  reader
    .select()
    .from(partnerTransitions)
    .where(eq(partnerTransitions.partnerKey, partnerKey))
    .orderBy(sql`${partnerTransitions.seq} desc`)
    .limit(100);
