import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import { isId } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { wards } from '#features/places/tables.ts';
import { businesses } from '../tables.ts';

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
  addressLine: businesses.addressLine,
  holidayFrom: businesses.holidayFrom,
  holidayTo: businesses.holidayTo,
};
const details = {
  ...card,
  taxCode: businesses.taxCode,
  phone: businesses.phone,
  email: businesses.email,
  // Three decimals are a hundred metres: near enough to find the hamlet, not the bedroom.
  latitude: sql<number | null>`round(${businesses.latitude}::numeric, 3)::float8`,
  longitude: sql<number | null>`round(${businesses.longitude}::numeric, 3)::float8`,
  approvedAt: businesses.approvedAt,
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

/**
 * By id or slug; partners' producers too, since their listings link here. A suspended or closed one is found as well: the
 * caller says what has become of it.
 */
export async function findBusiness(reader: Reader, idOrSlug: string) {
  const [row] = await reader
    .select({ ...details, productCount })
    .from(businesses)
    .leftJoin(wards, eq(wards.code, businesses.wardCode))
    .where(
      and(
        inArray(businesses.status, ['approved', 'suspended', 'closed']),
        or(eq(businesses.slug, idOrSlug), isId<'Business'>(idOrSlug) ? eq(businesses.id, idOrSlug) : undefined),
      ),
    );
  return row;
}

export type WardPoint = {
  readonly wardCode: string;
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
};

/** Where the wards lie, as far as the approved businesses in them show it: the mean of their places. */
export async function listWardPoints(reader: Reader): Promise<readonly WardPoint[]> {
  const { rows } = await reader.execute<WardPoint>(sql`
    select w.code as "wardCode", w.full_name as name, round(avg(b.latitude)::numeric, 3)::float8 as latitude, round(avg(b.longitude)::numeric, 3)::float8 as longitude
    from businesses b join wards w on w.code = b.ward_code
    where b.partner_key is null and b.status = 'approved' and b.latitude is not null and b.longitude is not null
    group by w.code, w.full_name order by w.code limit 500`);
  return rows;
}
