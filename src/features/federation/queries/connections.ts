import { eq } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import type { PartnerRow } from '../queries.ts';
import { federationLanes, partners } from '../tables.ts';

/** Changes only what is named: a turn that ends meanwhile stays ended. */
export async function changePartner(
  tx: Tx,
  key: string,
  set: Partial<Pick<PartnerRow, 'settings' | 'secretsSealed' | 'cadenceSeconds' | 'updatedAt'>>,
): Promise<PartnerRow> {
  const [saved] = await tx.update(partners).set(set).where(eq(partners.key, key)).returning();
  if (!saved) throw new Error(`The partner ${key} is gone`);
  return saved;
}

/** Lets every lane of the partner be read from its beginning. */
export async function forgetCheckpoints(tx: Tx, partnerKey: string): Promise<void> {
  await tx.update(federationLanes).set({ checkpoint: null }).where(eq(federationLanes.partnerKey, partnerKey));
}
