import { eq } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { MemberRole } from '#core/roles.ts';
import type { Reader, Tx } from '#db/client.ts';
import { businesses, businessMembers } from './tables.ts';
import type { BusinessId } from './types.ts';

export type NewBusiness = Omit<typeof businesses.$inferInsert, 'id' | 'createdAt' | 'updatedAt' | 'version'>;

export async function insertBusinesses(tx: Tx, rows: readonly (typeof businesses.$inferInsert)[]): Promise<void> {
  await tx.insert(businesses).values([...rows]);
}

export async function upsertPartnerBusiness(tx: Tx, row: typeof businesses.$inferInsert): Promise<BusinessId> {
  const [saved] = await tx
    .insert(businesses)
    .values(row)
    .onConflictDoUpdate({
      target: [businesses.partnerKey, businesses.originUri],
      set: { name: row.name, taxCode: row.taxCode ?? null, wardCode: row.wardCode ?? null, updatedAt: row.updatedAt },
    })
    .returning({ id: businesses.id });
  if (!saved) throw new Error('A partner business was neither inserted nor updated');
  return saved.id;
}

export async function addMember(
  tx: Tx,
  businessId: BusinessId,
  accountId: Id<'Account'>,
  role: MemberRole,
): Promise<void> {
  await tx.insert(businessMembers).values({ businessId, accountId, role }).onConflictDoNothing();
}

/** The businesses that an account may act for, and as what. */
export const listMembershipsOf = (reader: Reader, accountId: Id<'Account'>) =>
  reader
    .select({ businessId: businessMembers.businessId, role: businessMembers.role })
    .from(businessMembers)
    .where(eq(businessMembers.accountId, accountId))
    .limit(1_000);
