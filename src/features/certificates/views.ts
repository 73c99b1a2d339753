import { and, desc, eq, inArray, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import { fold } from '#core/vietnamese.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { storedFiles } from '#features/files/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import { products } from '#features/products/tables.ts';
import type { ProductId } from '#features/products/types.ts';
import { searchDocuments } from '#features/search/tables.ts';
import type { Twin } from './rules/checks.ts';
import { stateAt } from './rules/life.ts';
import type { Candidate } from './rules/matching.ts';
import { nameKey, type SheetRow } from './rules/sheet.ts';
import { certificateImports, certificates } from './tables.ts';
import {
  type CertificateId,
  type CertificateKind,
  type CertificateState,
  type ImportId,
  PUBLIC_STATES,
} from './types.ts';

const product = { productId: products.id, slug: products.slug, name: products.nameVi };
const business = { businessId: businesses.id, slug: businesses.slug, name: businesses.name };
const paper = {
  code: certificates.code,
  kind: certificates.kind,
  issuer: certificates.issuer,
  decisionNumber: certificates.decisionNumber,
  issuedOn: certificates.issuedOn,
  legalBasis: certificates.legalBasis,
  star: certificates.star,
  validUntil: certificates.validUntil,
};
const revocation = {
  revokedAt: certificates.revokedAt,
  revocationCause: certificates.revocationCause,
  revocationReason: certificates.revocationReason,
  revocationDecisionNumber: certificates.revocationDecisionNumber,
  revocationDecidedOn: certificates.revocationDecidedOn,
};

/** What anybody may know of certificates, by code. What waits or was refused is nobody's business; scores never are. */
export async function listPublic(reader: Reader, codes: readonly string[], now: Date) {
  const rows = await reader
    .select({
      ...paper,
      verifiedAt: certificates.verifiedAt,
      ...revocation,
      status: certificates.status,
      product,
      business,
    })
    .from(certificates)
    .innerJoin(products, eq(products.id, certificates.productId))
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .where(and(inArray(certificates.code, [...codes]), inArray(certificates.status, [...PUBLIC_STATES])));
  return rows.map((row) => {
    const status = stateAt({ ...row, status: row.status as (typeof PUBLIC_STATES)[number] }, now);
    return { ...row, status, inForce: status === 'verified' };
  });
}
export type PublicCertificate = Awaited<ReturnType<typeof listPublic>>[number];

/** A product of one of these businesses with what a certificate of it must know. */
export async function findOwnProduct(reader: Reader, id: ProductId, businessIds: readonly BusinessId[]) {
  const [row] = await reader
    .select({ ...product, businessId: businesses.id, businessName: businesses.name })
    .from(products)
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .where(and(eq(products.id, id), isNull(products.partnerKey), inArray(products.businessId, [...businessIds])));
  return row;
}

/** What may be certified of these businesses, by name. */
export const listOwnProducts = (reader: Reader, businessIds: readonly BusinessId[], limit: number) =>
  reader
    .select({ ...product, sku: products.sku, businessName: businesses.name })
    .from(products)
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .where(
      and(
        isNull(products.partnerKey),
        ne(products.status, 'withdrawn'),
        inArray(products.businessId, [...businessIds]),
      ),
    )
    .orderBy(products.nameVi, products.id)
    .limit(limit);

export type CertificateFilter = {
  readonly businessIds?: readonly BusinessId[] | undefined;
  readonly status?: CertificateState | undefined;
  readonly kind?: CertificateKind | undefined;
};

/** The state as a filter: what lapsed at midnight is expired, whether it has been marked or not. */
function inState(status: CertificateState, now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  if (status === 'verified')
    return sql`${certificates.status} = 'verified' and (${certificates.validUntil} is null or ${certificates.validUntil} > ${at})`;
  if (status === 'expired')
    return sql`(${certificates.status} = 'expired' or ${certificates.status} = 'verified' and ${certificates.validUntil} <= ${at})`;
  return sql`${certificates.status} = ${status}`;
}

/** Newest submission first. */
export async function listCertificates(
  reader: Reader,
  { businessIds, status, kind }: CertificateFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: Cursor | undefined },
  now: Date,
) {
  const rows = await reader
    .select({
      certificateId: certificates.id,
      ...paper,
      status: certificates.status,
      submittedAt: certificates.submittedAt,
      rejectionReason: certificates.rejectionReason,
      ...revocation,
      evidenceFileId: certificates.evidenceFileId,
      product,
      business,
    })
    .from(certificates)
    .innerJoin(products, eq(products.id, certificates.productId))
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .where(
      and(
        businessIds && inArray(products.businessId, [...businessIds]),
        status && inState(status, now),
        kind && eq(certificates.kind, kind),
        cursor &&
          sql`(${certificates.submittedAt}, ${certificates.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`,
      ),
    )
    .orderBy(desc(certificates.submittedAt), desc(certificates.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map((row) => ({ ...row, status: stateAt(row, now) }));
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      rows.length > limit && last
        ? encodeCursor({ value: last.submittedAt.toISOString(), id: last.certificateId })
        : null,
  };
}

export type ListedCertificate = Awaited<ReturnType<typeof listCertificates>>['items'][number];

const submitter = alias(accounts, 'submitter');
const verifier = alias(accounts, 'verifier');
const isAccount = (account: typeof submitter | typeof verifier, actor: SQL) =>
  sql`'account:' || ${account.id} = ${actor}`;

/** Everything that a certifier may know of one. */
export async function findReview(reader: Reader, id: CertificateId, now: Date) {
  const [row] = await reader
    .select({
      certificateId: certificates.id,
      ...paper,
      scoreTenths: certificates.scoreTenths,
      status: certificates.status,
      submittedBy: certificates.submittedBy,
      submittedByName: submitter.name,
      importId: certificates.importId,
      submittedAt: certificates.submittedAt,
      verifiedByName: verifier.name,
      verifiedAt: certificates.verifiedAt,
      checklist: certificates.checklist,
      rejectedAt: certificates.rejectedAt,
      rejectionReason: certificates.rejectionReason,
      ...revocation,
      evidenceSha256: certificates.evidenceSha256,
      evidence: {
        fileId: storedFiles.id,
        name: storedFiles.name,
        mediaType: storedFiles.mediaType,
        byteLength: storedFiles.byteLength,
        sha256: storedFiles.sha256,
      },
      product: { ...product, sku: products.sku, status: products.status },
      business: { ...business, status: businesses.status, type: businesses.type, wardCode: businesses.wardCode },
    })
    .from(certificates)
    .innerJoin(products, eq(products.id, certificates.productId))
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .leftJoin(storedFiles, eq(storedFiles.id, certificates.evidenceFileId))
    .leftJoin(submitter, isAccount(submitter, sql`${certificates.submittedBy}`))
    .leftJoin(verifier, isAccount(verifier, sql`${certificates.verifiedBy}`))
    .where(eq(certificates.id, id));
  return row && { ...row, status: stateAt(row, now) };
}
export type ReviewedCertificate = NonNullable<Awaited<ReturnType<typeof findReview>>>;

const twinsShown = 20;

/** Others that have the same number or the same copy of a paper, refused ones left out. */
export const listTwins = (
  reader: Reader,
  { certificateId, decisionNumber, evidenceSha256 }: ReviewedCertificate,
): Promise<Twin[]> =>
  reader
    .select({
      code: certificates.code,
      kind: certificates.kind,
      issuer: certificates.issuer,
      decisionNumber: certificates.decisionNumber,
      issuedOn: certificates.issuedOn,
      evidenceSha256: certificates.evidenceSha256,
    })
    .from(certificates)
    .where(
      and(
        ne(certificates.id, certificateId),
        ne(certificates.status, 'rejected'),
        or(
          eq(certificates.decisionNumber, decisionNumber),
          evidenceSha256 === null ? undefined : eq(certificates.evidenceSha256, evidenceSha256),
        ),
      ),
    )
    .orderBy(certificates.code)
    .limit(twinsShown);

/** Whom a change of these concerns, and how it is called. */
export const listConcerned = (reader: Reader, ids: readonly CertificateId[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : reader
        .select({
          certificateId: certificates.id,
          ...paper,
          submittedBy: certificates.submittedBy,
          product: { ...product, businessId: products.businessId },
          businessName: businesses.name,
        })
        .from(certificates)
        .innerJoin(products, eq(products.id, certificates.productId))
        .innerJoin(businesses, eq(businesses.id, products.businessId))
        .where(inArray(certificates.id, [...ids]));
export type Concerned = Awaited<ReturnType<typeof listConcerned>>[number];

/** What is in force now and ends before `before`, the next to end first. */
export const listEnding = (reader: Reader, { now, before, kind, ward }: EndingFilter, limit: number) =>
  reader
    .select({
      certificateId: certificates.id,
      ...paper,
      wardCode: businesses.wardCode,
      product: { ...product, businessId: products.businessId },
      business,
    })
    .from(certificates)
    .innerJoin(products, eq(products.id, certificates.productId))
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .where(
      and(
        sql`${certificates.status} = 'verified' and ${certificates.validUntil} > ${now.toISOString()}::timestamptz and ${certificates.validUntil} <= ${before.toISOString()}::timestamptz`,
        kind && eq(certificates.kind, kind),
        ward ? eq(businesses.wardCode, ward) : undefined,
      ),
    )
    .orderBy(certificates.validUntil, certificates.id)
    .limit(limit);
export type EndingFilter = {
  readonly now: Date;
  readonly before: Date;
  readonly kind?: CertificateKind | undefined;
  readonly ward?: string | undefined;
};
export type EndingCertificate = Awaited<ReturnType<typeof listEnding>>[number];

export async function findImport(reader: Reader, id: ImportId) {
  const [row] = await reader.select().from(certificateImports).where(eq(certificateImports.id, id));
  return row;
}

export const listImports = (reader: Reader, limit: number) =>
  reader
    .select({
      importId: certificateImports.id,
      issuer: certificateImports.issuer,
      decisionNumber: certificateImports.decisionNumber,
      issuedOn: certificateImports.issuedOn,
      createdAt: certificateImports.createdAt,
      confirmedAt: certificateImports.confirmedAt,
      recordedCount: certificateImports.recordedCount,
    })
    .from(certificateImports)
    .orderBy(desc(certificateImports.createdAt), desc(certificateImports.id))
    .limit(limit);

/** What became of the certificates that a list brought. */
export const listOfImport = (reader: Reader, id: ImportId) =>
  reader
    .select({ certificateId: certificates.id, status: certificates.status, submittedBy: certificates.submittedBy })
    .from(certificates)
    .where(eq(certificates.importId, id))
    .orderBy(certificates.id);

type Decision = { readonly issuer: string; readonly decisionNumber: string; readonly issuedOn: string };

/** Products for which a decision stands in the register. */
export async function listRecorded(
  reader: Reader,
  { issuer, decisionNumber, issuedOn }: Decision,
): Promise<ProductId[]> {
  const rows = await reader
    .select({ productId: certificates.productId })
    .from(certificates)
    .where(
      and(
        eq(certificates.issuer, issuer),
        eq(certificates.decisionNumber, decisionNumber),
        eq(certificates.issuedOn, issuedOn),
        ne(certificates.status, 'rejected'),
        sql`${certificates.revocationCause} is distinct from 'recorded-in-error'`,
      ),
    );
  return rows.map(({ productId }) => productId);
}

const businessesLooked = 20_000;
const candidatesLooked = 20_000;
const digits = (text: string): string => text.replace(/\D/g, '');

/** Businesses of our own that lines of a list name, by tax code or by name without accents. */
async function listNamedBusinesses(reader: Reader, rows: readonly SheetRow[]): Promise<BusinessId[]> {
  const names = new Set(rows.flatMap((row) => (row.business === '' ? [] : [nameKey(row.business)])));
  const codes = new Set(rows.flatMap((row) => (row.taxCode === '' ? [] : [digits(row.taxCode)])));
  const known = await reader
    .select({ id: businesses.id, name: businesses.name, taxCode: businesses.taxCode })
    .from(businesses)
    .where(isNull(businesses.partnerKey))
    .limit(businessesLooked);
  return known
    .filter(({ name, taxCode }) => names.has(nameKey(name)) || (taxCode !== null && codes.has(digits(taxCode))))
    .map(({ id }) => id);
}

/** Products of our own that lines of a list may mean: by code, by barcode, by business, or by name where it is listed. */
export async function listCandidates(reader: Reader, rows: readonly SheetRow[]): Promise<Candidate[]> {
  const skus = rows.map(({ sku }) => sku.toUpperCase());
  const gtins = rows.map(({ gtin }) => digits(gtin));
  const names = rows.map(({ name }) => fold(name));
  const owners = await listNamedBusinesses(reader, rows);
  return await reader
    .select({
      productId: products.id,
      sku: products.sku,
      gtin: products.gtin,
      name: products.nameVi,
      business: businesses.name,
      taxCode: businesses.taxCode,
    })
    .from(products)
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .where(
      and(
        isNull(products.partnerKey),
        ne(products.status, 'withdrawn'),
        or(
          sql`upper(${products.sku}) = any(${sql.param(skus)}::text[])`,
          sql`${products.gtin} <> '' and ${products.gtin} = any(${sql.param(gtins)}::text[])`,
          sql`${products.businessId} = any(${sql.param(owners)}::uuid[])`,
          sql`${products.id} in (select ${searchDocuments.productId} from ${searchDocuments} where ${searchDocuments.sortName} = any(${sql.param(names)}::text[]))`,
        ),
      ),
    )
    .orderBy(products.sku, products.id)
    .limit(candidatesLooked);
}
