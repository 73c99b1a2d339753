import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import { isId } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { wards } from '#features/places/tables.ts';
import { businesses } from './tables.ts';

const card = {
  businessId: businesses.id,
  code: businesses.code,
  slug: businesses.slug,
  name: businesses.name,
  type: businesses.type,
  ward: { code: wards.code, name: wards.fullName },
  storyVi: businesses.storyVi,
  storyEn: businesses.storyEn,
  foundedYear: businesses.foundedYear,
  partnerKey: businesses.partnerKey,
};
const details = {
  ...card,
  addressLine: businesses.addressLine,
  taxCode: businesses.taxCode,
  phone: businesses.phone,
  email: businesses.email,
  latitude: businesses.latitude,
  longitude: businesses.longitude,
  supports: businesses.supports,
  status: businesses.status,
};
export type BusinessCard = Awaited<ReturnType<typeof listBusinesses>>['items'][number];
export type BusinessDetail = NonNullable<Awaited<ReturnType<typeof findBusiness>>>;

const isShown = and(eq(businesses.status, 'approved'), isNull(businesses.partnerKey));

/** Counted for the rows of a page only: joined, every listing of the exchange is read to show six businesses. */
const productCount = sql<number>`(select count(*)::int from products p where p.business_id = ${businesses.id} and p.status = 'listed')`;

/** Approved businesses of our own, by code. */
export async function listBusinesses(reader: Reader, limit: number, cursor: Cursor | undefined) {
  const rows = await reader
    .select({ ...card, productCount })
    .from(businesses)
    .leftJoin(wards, eq(wards.code, businesses.wardCode))
    .where(and(isShown, cursor ? gt(businesses.code, cursor.value) : undefined))
    .orderBy(asc(businesses.code))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.code ?? '', id: last.businessId }) : null,
  };
}

/** By id or slug; partners' producers too, since their listings link here. */
export async function findBusiness(reader: Reader, idOrSlug: string) {
  const [row] = await reader
    .select({ ...details, productCount })
    .from(businesses)
    .leftJoin(wards, eq(wards.code, businesses.wardCode))
    .where(
      and(
        eq(businesses.status, 'approved'),
        or(eq(businesses.slug, idOrSlug), isId<'Business'>(idOrSlug) ? eq(businesses.id, idOrSlug) : undefined),
      ),
    );
  return row;
}
