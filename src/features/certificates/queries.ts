import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { insertRows } from '#db/insert-rows.ts';
import { certificateImports, certificates } from './tables.ts';
import type { CertificateId, ImportId } from './types.ts';

export type CertificateRow = typeof certificates.$inferInsert;
export type StoredCertificate = typeof certificates.$inferSelect;

export const insertCertificates = (tx: Tx, rows: readonly CertificateRow[]): Promise<void> =>
  insertRows(tx, certificates, rows);

/** Locks them in the order of their ids, so that two verdicts on one come one after the other. */
export const lockCertificates = (tx: Tx, ids: readonly CertificateId[]): Promise<StoredCertificate[]> =>
  tx
    .select()
    .from(certificates)
    .where(inArray(certificates.id, [...ids]))
    .orderBy(certificates.id)
    .for('update');

export async function updateCertificate(tx: Tx, id: CertificateId, change: Partial<CertificateRow>): Promise<void> {
  await tx.update(certificates).set(change).where(eq(certificates.id, id));
}

type Verification = Pick<CertificateRow, 'verifiedBy' | 'verifiedAt'> & Pick<Partial<CertificateRow>, 'checklist'>;

/** Verifies those that still wait; a certifier's own submissions are refused by a constraint. */
export const verifySubmitted = (tx: Tx, ids: readonly CertificateId[], verification: Verification) =>
  tx
    .update(certificates)
    .set({ status: 'verified', ...verification })
    .where(and(inArray(certificates.id, [...ids]), eq(certificates.status, 'submitted')))
    .returning({ id: certificates.id, productId: certificates.productId });

/** Marks what has lapsed; each row once, however many workers run. */
export const expireDue = (tx: Tx, now: Date) =>
  tx
    .update(certificates)
    .set({ status: 'expired' })
    .where(
      and(
        inArray(
          certificates.id,
          sql`(select id from certificates where status = 'verified' and valid_until <= ${now.toISOString()}::timestamptz order by id for update skip locked)`,
        ),
        eq(certificates.status, 'verified'),
        lte(certificates.validUntil, now),
      ),
    )
    .returning({ id: certificates.id, productId: certificates.productId });

export type StoredImport = typeof certificateImports.$inferSelect;

export async function insertImport(tx: Tx, row: typeof certificateImports.$inferInsert): Promise<void> {
  await tx.insert(certificateImports).values(row);
}

export async function lockImport(tx: Tx, id: ImportId): Promise<StoredImport | undefined> {
  const [row] = await tx.select().from(certificateImports).where(eq(certificateImports.id, id)).for('update');
  return row;
}

export async function saveChoices(tx: Tx, id: ImportId, choices: Readonly<Record<string, string>>): Promise<void> {
  await tx.update(certificateImports).set({ choices }).where(eq(certificateImports.id, id));
}

export async function confirmImport(
  tx: Tx,
  id: ImportId,
  confirmation: { readonly confirmedAt: Date; readonly recordedCount: number },
): Promise<void> {
  await tx.update(certificateImports).set(confirmation).where(eq(certificateImports.id, id));
}

/** Those of a list that still wait, locked in the order of their ids. */
export const lockWaitingOf = (tx: Tx, id: ImportId): Promise<StoredCertificate[]> =>
  tx
    .select()
    .from(certificates)
    .where(and(eq(certificates.importId, id), eq(certificates.status, 'submitted')))
    .orderBy(certificates.id)
    .for('update');
