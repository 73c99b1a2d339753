import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { categories, products } from '#features/products/tables.ts';
import { vouchers } from './tables.ts';
import type { Voucher, VoucherScope } from './types.ts';

export type PublicVoucher = {
  readonly voucher: Voucher;
  readonly business: { readonly businessId: BusinessId; readonly name: string; readonly slug: string } | null;
  /** What it is for, by name; empty for all goods. */
  readonly goods: readonly { readonly name: string; readonly slug: string }[];
};

const byId = (rows: readonly { readonly id: string; readonly name: string; readonly slug: string }[]) =>
  new Map(rows.map(({ id, name, slug }) => [id, { name, slug }]));

async function namesOf(reader: Reader, scope: VoucherScope, ids: readonly string[]) {
  if (scope === 'all' || ids.length === 0) return new Map<string, { name: string; slug: string }>();
  if (scope === 'categories') {
    const rows = await reader
      .select({ id: categories.id, name: categories.nameVi, slug: categories.slug })
      .from(categories);
    return byId(rows.map((row) => ({ ...row, id: String(row.id) })));
  }
  const table = scope === 'businesses' ? businesses : products;
  const name = scope === 'businesses' ? businesses.name : products.nameVi;
  return byId(
    await reader
      .select({ id: sql<string>`${table.id}`, name: sql<string>`${name}`, slug: sql<string>`${table.slug}` })
      .from(table)
      .where(inArray(sql`${table.id}::text`, [...ids])),
  );
}

/** Vouchers with the names of who gives them and of what they are for. */
export async function withNames(reader: Reader, list: readonly Voucher[]): Promise<PublicVoucher[]> {
  const givers = [...new Set(list.flatMap(({ businessId }) => businessId ?? []))];
  const shops = givers.length
    ? await reader
        .select({ businessId: businesses.id, name: businesses.name, slug: businesses.slug })
        .from(businesses)
        .where(inArray(businesses.id, givers))
    : [];
  const found: PublicVoucher[] = [];
  for (const voucher of list) {
    const names = await namesOf(reader, voucher.scope, voucher.scopeIds);
    found.push({
      voucher,
      business: shops.find(({ businessId }) => businessId === voucher.businessId) ?? null,
      goods: voucher.scopeIds.flatMap((id) => names.get(id) ?? []),
    });
  }
  return found;
}

/** What anybody may use and is told of, soonest over first. */
export const listPublicVouchers = (reader: Reader, now: Date): Promise<Voucher[]> =>
  reader
    .select()
    .from(vouchers)
    .where(
      and(
        eq(vouchers.isPublic, true),
        isNull(vouchers.endedAt),
        sql`${vouchers.validFrom} <= ${now.toISOString()}::timestamptz and ${vouchers.validUntil} > ${now.toISOString()}::timestamptz`,
        sql`(${vouchers.budgetVnd} is null or ${vouchers.spentVnd} < ${vouchers.budgetVnd}) and (${vouchers.maxUses} is null or ${vouchers.uses} < ${vouchers.maxUses})`,
      ),
    )
    .orderBy(asc(vouchers.validUntil), asc(vouchers.id))
    .limit(100);

export const listGivers = (reader: Reader, businessIds: readonly BusinessId[]) =>
  reader
    .select({ businessId: businesses.id, name: businesses.name })
    .from(businesses)
    .where(inArray(businesses.id, [...businessIds]))
    .orderBy(asc(businesses.name));

/** The id of each named thing, by id or slug; undefined where there is none. A seller's products are its own. */
export async function findScope(
  reader: Reader,
  scope: VoucherScope,
  named: readonly string[],
  businessIds: readonly BusinessId[] | undefined,
): Promise<readonly (string | undefined)[]> {
  const rows =
    scope === 'categories'
      ? await reader.select({ id: sql<string>`${categories.id}::text`, slug: categories.slug }).from(categories)
      : scope === 'businesses'
        ? await reader
            .select({ id: sql<string>`${businesses.id}::text`, slug: businesses.slug })
            .from(businesses)
            .where(or(inArray(businesses.slug, [...named]), inArray(sql`${businesses.id}::text`, [...named])))
        : await reader
            .select({ id: sql<string>`${products.id}::text`, slug: products.slug })
            .from(products)
            .where(
              and(
                or(inArray(products.slug, [...named]), inArray(sql`${products.id}::text`, [...named])),
                isNull(products.partnerKey),
                businessIds ? inArray(products.businessId, [...businessIds]) : undefined,
              ),
            );
  return named.map((one) => rows.find(({ id, slug }) => id === one || slug === one)?.id);
}
