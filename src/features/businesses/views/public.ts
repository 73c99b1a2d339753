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

export type WardPlace = {
  readonly code: string;
  readonly name: string;
  /** Degrees, to about a hundred metres; null where no business says where it is. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly businesses: number;
};

/** Wards with approved businesses of ours. A ward lies at the mean of their places, since no border is published with them. */
export async function listWardPlaces(reader: Reader): Promise<readonly WardPlace[]> {
  const { rows } = await reader.execute<WardPlace>(sql`
    select w.code, w.full_name as name,
      round(avg(b.latitude)::numeric, 3)::float8 as latitude, round(avg(b.longitude)::numeric, 3)::float8 as longitude,
      count(*)::int as businesses
    from businesses b join wards w on w.code = b.ward_code
    where b.partner_key is null and b.status = 'approved'
    group by w.code, w.full_name order by w.code limit 500`);
  return rows;
}

/** How many listed products each ward has: all of them are read, so only the map asks for it. */
export async function countGoodsByWard(reader: Reader): Promise<ReadonlyMap<string, number>> {
  const { rows } = await reader.execute<{ code: string; count: number }>(sql`
    select b.ward_code as code, count(*)::int as count
    from businesses b join products p on p.business_id = b.id and p.status = 'listed'
    where b.partner_key is null and b.status = 'approved' and b.ward_code is not null
    group by b.ward_code limit 500`);
  return new Map(rows.map(({ code, count }) => [code, count]));
}

/** Approved businesses of our own in a ward; a ward has some tens at the most. */
export async function listBusinessesInWard(reader: Reader, wardCode: string) {
  return reader
    .select({ ...card, productCount })
    .from(businesses)
    .innerJoin(wards, eq(wards.code, businesses.wardCode))
    .where(and(isShown, eq(businesses.wardCode, wardCode)))
    .orderBy(asc(businesses.code))
    .limit(200);
}
