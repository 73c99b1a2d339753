import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { bankAccounts, businessMeasures, withholdingModes } from '../tables.ts';
import type { BusinessId, MeasureId } from '../types.ts';

export type MeasureRow = typeof businessMeasures.$inferSelect;

export async function insertMeasure(tx: Tx, row: typeof businessMeasures.$inferInsert): Promise<void> {
  await tx.insert(businessMeasures).values(row);
}

export async function lockMeasure(tx: Tx, id: MeasureId): Promise<MeasureRow | undefined> {
  const [row] = await tx.select().from(businessMeasures).where(eq(businessMeasures.id, id)).for('update');
  return row;
}

export async function updateMeasure(
  tx: Tx,
  id: MeasureId,
  change: Partial<Pick<MeasureRow, 'appliedAt' | 'liftedAt' | 'liftedBy' | 'liftReason'>>,
): Promise<void> {
  await tx.update(businessMeasures).set(change).where(eq(businessMeasures.id, id));
}

/** Measures that stand, of either kind. A closure that took effect ends every suspension. */
export const listOpenMeasures = (reader: Reader, businessId: BusinessId): Promise<MeasureRow[]> =>
  reader
    .select()
    .from(businessMeasures)
    .where(and(eq(businessMeasures.businessId, businessId), isNull(businessMeasures.liftedAt)))
    .orderBy(asc(businessMeasures.noticeAt))
    .limit(10);

/** Measures whose notice is over and that nobody has carried out yet. */
export const listDueMeasures = (reader: Reader, now: Date) =>
  reader
    .select({ id: businessMeasures.id, businessId: businessMeasures.businessId })
    .from(businessMeasures)
    .where(
      and(
        isNull(businessMeasures.appliedAt),
        isNull(businessMeasures.liftedAt),
        lte(businessMeasures.effectiveAt, now),
      ),
    )
    .orderBy(asc(businessMeasures.effectiveAt))
    .limit(500);

export const listSealedNumbers = (tx: Tx, ids: readonly Id<'BankAccount'>[]) =>
  tx
    .select({ id: bankAccounts.id, businessId: bankAccounts.businessId, numberSealed: bankAccounts.numberSealed })
    .from(bankAccounts)
    .where(inArray(bankAccounts.id, [...ids]));

export async function insertBankAccount(tx: Tx, row: typeof bankAccounts.$inferInsert): Promise<void> {
  await tx.insert(bankAccounts).values(row);
}

export async function insertWithholding(tx: Tx, row: typeof withholdingModes.$inferInsert): Promise<void> {
  await tx.insert(withholdingModes).values(row);
}
