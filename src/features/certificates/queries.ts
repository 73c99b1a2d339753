import { and, eq, inArray, lte } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { insertRows } from '#db/insert-rows.ts';
import { certificates } from './tables.ts';
import type { CertificateId } from './types.ts';

export type CertificateRow = typeof certificates.$inferInsert;

export const insertCertificates = (tx: Tx, rows: readonly CertificateRow[]): Promise<void> =>
  insertRows(tx, certificates, rows);

/** Verifies those that still wait; a certifier's own submissions are refused by a constraint. */
export const verifySubmitted = (tx: Tx, ids: readonly CertificateId[], verifiedBy: string, at: Date) =>
  tx
    .update(certificates)
    .set({ status: 'verified', verifiedBy, verifiedAt: at })
    .where(and(inArray(certificates.id, [...ids]), eq(certificates.status, 'submitted')))
    .returning({ id: certificates.id, productId: certificates.productId });

/** Marks what has lapsed; each row once, however many workers run. */
export const expireDue = (tx: Tx, now: Date) =>
  tx
    .update(certificates)
    .set({ status: 'expired' })
    .where(and(eq(certificates.status, 'verified'), lte(certificates.validUntil, now)))
    .returning({ id: certificates.id, productId: certificates.productId });
