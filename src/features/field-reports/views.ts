import { and, asc, desc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { wards } from '#features/places/tables.ts';
import { products } from '#features/products/tables.ts';
import { fieldReporters, fieldReportPhotos, fieldReports } from './tables.ts';

/** What the code opens, and all that the business is told. */
const substance = {
  id: fieldReports.id,
  code: fieldReports.code,
  kind: fieldReports.kind,
  businessId: fieldReports.businessId,
  businessName: businesses.name,
  productId: fieldReports.productId,
  productName: products.nameVi,
  productSlug: products.slug,
  dueAt: fieldReports.dueAt,
  createdAt: fieldReports.createdAt,
  outcome: fieldReports.outcome,
  reason: fieldReports.reason,
  decidedAt: fieldReports.decidedAt,
};
const select = (reader: Reader) =>
  reader
    .select(substance)
    .from(fieldReports)
    .innerJoin(businesses, eq(businesses.id, fieldReports.businessId))
    .leftJoin(products, eq(products.id, fieldReports.productId));
export type ReportView = Awaited<ReturnType<typeof select>>[number];

export async function findReport(reader: Reader, code: string): Promise<ReportView | undefined> {
  const [row] = await select(reader).where(eq(fieldReports.code, code));
  return row;
}

/** The same with words, photos and place, for officers alone. */
export async function findWhole(reader: Reader, code: string) {
  const report = await findReport(reader, code);
  if (!report) return undefined;
  const [told] = await reader
    .select({
      text: fieldReporters.text,
      phone: fieldReporters.phone,
      accountId: fieldReporters.accountId,
      wardCode: fieldReporters.wardCode,
      ward: wards.fullName,
      latitude: fieldReporters.latitude,
      longitude: fieldReporters.longitude,
    })
    .from(fieldReporters)
    .leftJoin(wards, eq(wards.code, fieldReporters.wardCode))
    .where(eq(fieldReporters.reportId, report.id));
  const photos = await reader
    .select({ fileId: fieldReportPhotos.fileId })
    .from(fieldReportPhotos)
    .where(eq(fieldReportPhotos.reportId, report.id))
    .orderBy(asc(fieldReportPhotos.place));
  return {
    ...report,
    text: '',
    phone: null,
    accountId: null,
    wardCode: null,
    ward: null,
    latitude: null,
    longitude: null,
    ...told,
    photos: photos.map(({ fileId }) => fileId),
  };
}
export type WholeReport = NonNullable<Awaited<ReturnType<typeof findWhole>>>;

export type ReportScope = {
  readonly businessIds?: readonly BusinessId[] | undefined;
  readonly open?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};

/** Newest first. */
export async function listReports(reader: Reader, { businessIds, open, limit, cursor }: ReportScope) {
  const rows = await select(reader)
    .where(
      and(
        businessIds && inArray(fieldReports.businessId, [...businessIds]),
        open === undefined ? undefined : open ? isNull(fieldReports.outcome) : isNotNull(fieldReports.outcome),
        cursor &&
          sql`(${fieldReports.createdAt}, ${fieldReports.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`,
      ),
    )
    .orderBy(desc(fieldReports.createdAt), desc(fieldReports.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.createdAt.toISOString(), id: last.id }) : null,
  };
}

/** Whom a report is of: a listed product with its business, or a business. */
export async function findSubject(reader: Reader, of: { readonly product: string } | { readonly business: string }) {
  const { rows } = await reader.execute<{ businessId: BusinessId; productId: Id<'Product'> | null; name: string }>(
    'product' in of
      ? sql`select p.business_id as "businessId", p.id as "productId", p.name_vi as name from products p join businesses b on b.id = p.business_id
          where (p.slug = ${of.product} or p.id::text = ${of.product}) and p.status <> 'draft' and b.status in ('approved', 'suspended')`
      : sql`select b.id as "businessId", null as "productId", b.name from businesses b
          where (b.slug = ${of.business} or b.id::text = ${of.business}) and b.status in ('approved', 'suspended')`,
  );
  return rows[0];
}

export const listReportsOfPerson = (
  reader: Reader,
  { phone, accountId }: { readonly phone: string | null; readonly accountId: Id<'Account'> },
) =>
  reader
    .select({
      code: fieldReports.code,
      kind: fieldReports.kind,
      text: fieldReporters.text,
      wardCode: fieldReporters.wardCode,
      latitude: fieldReporters.latitude,
      longitude: fieldReporters.longitude,
      createdAt: fieldReports.createdAt,
      outcome: fieldReports.outcome,
    })
    .from(fieldReporters)
    .innerJoin(fieldReports, eq(fieldReports.id, fieldReporters.reportId))
    .where(or(eq(fieldReporters.accountId, accountId), phone === null ? undefined : eq(fieldReporters.phone, phone)))
    .limit(1_000);
