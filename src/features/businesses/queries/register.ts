import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { businesses, paperRules } from '../tables.ts';
import type { BusinessId, BusinessType } from '../types.ts';

export type NewBusiness = Omit<
  typeof businesses.$inferInsert,
  'id' | 'createdAt' | 'updatedAt' | 'version' | 'personalNumberSealed' | 'personalNumberLast4'
>;
export type BusinessRow = typeof businesses.$inferSelect;
export type BusinessChange = Partial<Omit<BusinessRow, 'id' | 'createdAt' | 'updatedAt' | 'version' | 'partnerKey'>>;

export async function insertBusinesses(tx: Tx, rows: readonly (typeof businesses.$inferInsert)[]): Promise<void> {
  await tx.insert(businesses).values([...rows]);
}

/** Those of these producers of a partner that we know, by where they come from. */
export const listPartnerBusinesses = (reader: Reader, partnerKey: string, originUris: readonly string[]) =>
  reader
    .select({
      id: businesses.id,
      originUri: businesses.originUri,
      name: businesses.name,
      taxCode: businesses.taxCode,
    })
    .from(businesses)
    .where(
      and(
        eq(businesses.partnerKey, partnerKey),
        sql`${businesses.originUri} = any(${sql.param([...originUris])}::text[])`,
      ),
    );

/** In the order given, so that two lanes do not wait for each other in a ring. */
export const upsertPartnerBusinesses = (tx: Tx, rows: readonly (typeof businesses.$inferInsert)[]) =>
  tx
    .insert(businesses)
    .values([...rows])
    .onConflictDoUpdate({
      target: [businesses.partnerKey, businesses.originUri],
      set: { name: sql`excluded.name`, taxCode: sql`excluded.tax_code`, updatedAt: sql`excluded.updated_at` },
    })
    .returning({ id: businesses.id, originUri: businesses.originUri });

/** One of our own, held until the transaction ends: whatever changes a business comes one after the other. */
export async function lockBusiness(tx: Tx, id: BusinessId): Promise<BusinessRow | undefined> {
  const [row] = await tx
    .select()
    .from(businesses)
    .where(and(eq(businesses.id, id), sql`${businesses.partnerKey} is null`))
    .for('update');
  return row;
}

export async function updateBusiness(tx: Tx, id: BusinessId, change: BusinessChange, at: Date): Promise<void> {
  await tx
    .update(businesses)
    .set({ ...change, updatedAt: at, version: sql`${businesses.version} + 1` })
    .where(eq(businesses.id, id));
}

/** The next number of the register. Two approvals at one time take it one after the other. */
export async function takeCode(tx: Tx): Promise<string> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('businesses.code'))`);
  const { rows } = await tx.execute<{ next: number }>(
    sql`select coalesce(max(substring(code from 2)::int), 0) + 1 as next from businesses where code ~ '^B[0-9]+$'`,
  );
  return `B${String(rows[0]?.next ?? 1).padStart(3, '0')}`;
}

export async function isSlugFree(tx: Tx, slug: string): Promise<boolean> {
  const [row] = await tx.select({ id: businesses.id }).from(businesses).where(eq(businesses.slug, slug));
  return row === undefined;
}

export const listPaperRules = (reader: Reader, type: BusinessType) =>
  reader
    .select({
      kind: paperRules.kind,
      need: paperRules.need,
      ground: paperRules.ground,
      validFrom: paperRules.validFrom,
    })
    .from(paperRules)
    .where(eq(paperRules.businessType, type))
    .orderBy(asc(paperRules.validFrom))
    .limit(100);

/** Businesses whose holiday begins on `today` or ended on the day before: what is shown of them changes at midnight. */
export const listHolidayTurns = (reader: Reader, today: string, yesterday: string) =>
  reader
    .select({ id: businesses.id })
    .from(businesses)
    .where(
      and(
        inArray(businesses.status, ['approved']),
        sql`(${businesses.holidayFrom} = ${today} or ${businesses.holidayTo} = ${yesterday})`,
      ),
    )
    .limit(10_000);
