import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import { isId } from '#core/ids.ts';
import type { Bps, Vnd } from '#core/money.ts';
import { preparedSql, type Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { starOf } from '#features/certificates/tables.ts';
import type { CertificateKind, NamedKind } from '#features/certificates/types.ts';
import type { ProductFilters, ProductId, ProductSort, Star, Storage, VariantId } from './types.ts';

export type VariantView = {
  readonly variantId: VariantId;
  readonly sku: string;
  readonly label: string;
  readonly priceVnd: Vnd;
  readonly compareAtVnd: Vnd | null;
  readonly netWeightG: number;
  /** On hand less held, never below 0. */
  readonly available: number;
  readonly minOrder: number;
  readonly maxOrder: number;
};

/** `colour` is shown until the picture has loaded; null for a drawing. */
type ProductImage = {
  readonly src: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  readonly colour: string | null;
};

/** A product as lists, search and pages show it: the fixed shape of the API. */
export type ProductCard = {
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly nameEn: string;
  readonly business: {
    readonly businessId: BusinessId;
    readonly slug: string;
    readonly name: string;
    /** The last day of a holiday that is on: seen, and not to be ordered. */
    readonly holidayUntil: string | null;
  };
  readonly star: Star | null;
  /** Kinds of certificates in force, beside the stars. */
  readonly certifiedAs: readonly NamedKind[];
  readonly category: { readonly id: number; readonly slug: string; readonly name: string };
  readonly ward: { readonly code: string; readonly name: string } | null;
  readonly image: ProductImage;
  readonly partner: {
    readonly key: string;
    readonly name: string;
    readonly priceAsOf: string;
    /** Nobody has confirmed the price for longer than such a partner's prices are believed. */
    readonly priceStale: boolean;
    readonly claimedStar: number | null;
    /** Its address in the federation. */
    readonly uri: string;
    readonly landingUrl: string | null;
  } | null;
  /** What buyers gave it, of five points; null where nobody has. */
  readonly rating: { readonly average: number; readonly count: number } | null;
  readonly unit: string;
  readonly variants: readonly VariantView[];
};

const list = (values: readonly (string | number)[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  );
const slugsAndIds = (values: readonly string[]) => ({
  ids: values.filter((value) => /^\d{1,3}$/.test(value)).map(Number),
  slugs: values.filter((value) => !/^\d{1,3}$/.test(value)),
});

const star = (now: Date | Placeholder): SQL => starOf(sql`${now instanceof Date ? now.toISOString() : now}`);
/** What its exchange says of stars, for as long as it says that it holds; nothing of it is a star of ours. */
const claimedStar = (now: Date | Placeholder): SQL =>
  sql`(case when p.claimed_until is null or p.claimed_until > (${now instanceof Date ? now.toISOString() : now}::timestamptz at time zone 'Asia/Ho_Chi_Minh')::date then p.claimed_star end)`;
/** Certificates of `p` in force at `now` that are shown by their name. A geographical indication may have no end. */
const named = (now: Date | Placeholder): SQL =>
  sql`c.product_id = p.id and c.kind <> 'ocop' and c.status = 'verified' and (c.valid_until is null or c.valid_until > ${now instanceof Date ? now.toISOString() : now}::timestamptz)`;
/** The day in Vietnam decides, as for everything that a calendar says. */
const holidayUntil = (now: Date | Placeholder): SQL =>
  sql`(case when (${now instanceof Date ? now.toISOString() : now}::timestamptz at time zone 'Asia/Ho_Chi_Minh')::date between b.holiday_from and b.holiday_to then b.holiday_to end)`;
const inStock = sql`exists (select 1 from variants v join stock s on s.variant_id = v.id where v.product_id = p.id and v.active and s.on_hand - s.held >= v.min_order)`;

/**
 * What is a partner's is there only while the partner is let in: one row decides for all its listings, so that shutting it
 * out takes a moment, however many they are.
 */
const isLetIn = sql`(p.partner_key is null or exists (select from partners pa where pa.key = p.partner_key and pa.state in ('probation', 'active')))`;

/** The conditions of a filter, over `p` (products), `b` (businesses) and `d` (the default variant's price). */
function conditions(filters: ProductFilters, now: Date): SQL[] {
  const all: SQL[] = [sql`p.status = 'listed'`, sql`b.status = 'approved'`, isLetIn];
  if (filters.category?.length) {
    const { ids, slugs } = slugsAndIds(filters.category);
    all.push(
      sql`p.category_id in (select id from categories where id = any(${sql.param(ids)}::int[]) or slug = any(${sql.param(slugs)}::text[]))`,
    );
  }
  if (filters.stars?.length) all.push(sql`${star(now)} in (${list(filters.stars)})`);
  if (filters.certificate?.length)
    all.push(sql`exists (select from certificates c where ${named(now)} and c.kind in (${list(filters.certificate)}))`);
  if (filters.business?.length) {
    all.push(
      sql`(b.slug = any(${sql.param([...filters.business])}::text[]) or b.id = any(${sql.param(filters.business.filter((value) => isId(value)))}::uuid[]))`,
    );
  }
  if (filters.ward?.length) all.push(sql`b.ward_code in (${list(filters.ward)})`);
  if (filters.partner?.length) all.push(sql`coalesce(p.partner_key, 'own') in (${list(filters.partner)})`);
  if (filters.priceMin !== undefined) all.push(sql`d.price_vnd >= ${filters.priceMin}`);
  if (filters.priceMax !== undefined) all.push(sql`d.price_vnd <= ${filters.priceMax}`);
  if (filters.inStock !== undefined) all.push(filters.inStock ? inStock : sql`not ${inStock}`);
  return all;
}

type SortPlan = { readonly value: SQL; readonly cast: SQL; readonly descending: boolean };
const sorts: Readonly<Record<ProductSort, SortPlan>> = {
  newest: { value: sql`p.created_at`, cast: sql`timestamptz`, descending: true },
  price: { value: sql`d.price_vnd`, cast: sql`bigint`, descending: false },
  '-price': { value: sql`d.price_vnd`, cast: sql`bigint`, descending: true },
  name: { value: sql`p.name_vi collate "vi-x-icu"`, cast: sql`text`, descending: false },
};

function after(plan: SortPlan, cursor: Cursor | undefined): SQL[] {
  if (!cursor) return [];
  const operator = plan.descending ? sql`<` : sql`>`;
  return [sql`(${plan.value}, p.id) ${operator} (${cursor.value}::${plan.cast}, ${cursor.id}::uuid)`];
}

const from = sql`from products p join businesses b on b.id = p.business_id join variants dv on dv.product_id = p.id and dv.position = 0 join prices d on d.variant_id = dv.id`;

/** One page of product ids in order, and where the next begins. */
export async function listProductIds(
  reader: Reader,
  filters: ProductFilters,
  sort: ProductSort,
  limit: number,
  cursor: Cursor | undefined,
  now: Date,
) {
  const plan = sorts[sort];
  const direction = plan.descending ? sql`desc` : sql`asc`;
  const where = sql.join([...conditions(filters, now), ...after(plan, cursor)], sql` and `);
  const { rows } = await reader.execute<{ id: ProductId; at: string }>(
    sql`select p.id, (${plan.value})::text as at ${from} where ${where} order by ${plan.value} ${direction}, p.id ${direction} limit ${limit + 1}`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    ids: page.map((row) => row.id),
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.at, id: last.id }) : null,
  };
}

type CardRow = {
  id: ProductId;
  slug: string;
  name_vi: string;
  name_en: string;
  unit_vi: string;
  star: Star | null;
  certified_as: readonly NamedKind[];
  business: ProductCard['business'];
  category: ProductCard['category'];
  ward: ProductCard['ward'];
  picture: (Omit<ProductImage, 'src'> & { id: string }) | null;
  partner: ProductCard['partner'];
  rating: ProductCard['rating'];
  variants: readonly VariantView[];
};

const variantsJson = sql`(select json_agg(json_build_object('variantId', v.id, 'sku', v.sku, 'label', v.label, 'priceVnd', pr.price_vnd, 'compareAtVnd', pr.compare_at_vnd,
  'netWeightG', v.net_weight_g, 'available', s.on_hand - s.held, 'minOrder', v.min_order, 'maxOrder', v.max_order) order by v.position)
  from variants v join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id where v.product_id = p.id and v.active)`;

/**
 * How long a price is believed: a neighbour of our own protocol a quarter of an hour, systems that are asked two hours,
 * files and pages a day; and never less than three of the partner's own turns.
 */
const priceStale = (now: Date | Placeholder): SQL => sql`coalesce((select coalesce(pa.prices_as_of, p.price_as_of)
  + greatest(make_interval(secs => 3 * pa.cadence_seconds), case when pa.adapter = 'native' then interval '15 minutes'
    when pa.adapter in ('google-merchant', 'csv', 'json-ld') then interval '24 hours' else interval '2 hours' end)
  < ${now instanceof Date ? now.toISOString() : now}::timestamptz from partners pa where pa.key = p.partner_key), false)`;

const cardColumns = (
  now: Date | Placeholder,
): SQL => sql`p.id, p.slug, p.name_vi, p.name_en, p.unit_vi, ${star(now)} as star,
  array(select distinct c.kind from certificates c where ${named(now)} order by 1) as certified_as,
  json_build_object('businessId', b.id, 'slug', b.slug, 'name', b.name, 'holidayUntil', ${holidayUntil(now)}) as business,
  (select json_build_object('id', c.id, 'slug', c.slug, 'name', c.name_vi) from categories c where c.id = p.category_id) as category,
  (select json_build_object('code', w.code, 'name', w.full_name) from wards w where w.code = b.ward_code) as ward,
  (select json_build_object('id', pic.id, 'alt', pic.alt_vi, 'width', pic.width, 'height', pic.height, 'colour', pic.colour) from pictures pic where pic.product_id = p.id order by pic.position limit 1) as picture,
  case when p.partner_key is null then null else json_build_object('key', p.partner_key, 'name', coalesce((select pa.name_vi from partners pa where pa.key = p.partner_key), p.partner_key),
    'priceAsOf', coalesce((select pa.prices_as_of from partners pa where pa.key = p.partner_key), p.price_as_of), 'priceStale', ${priceStale(now)}, 'claimedStar', ${claimedStar(now)}, 'uri', p.origin_uri, 'landingUrl', p.landing_url) end as partner,
  (select json_build_object('average', round(r.points::numeric / r.count, 1), 'count', r.count) from product_ratings r where r.product_id = p.id and r.count > 0) as rating,
  ${variantsJson} as variants`;

export const imageSrc = (pictureId: string): string => `/pictures/${pictureId}/640`;
const imageOf = ({ id, ...facts }: NonNullable<CardRow['picture']>): ProductImage => ({ src: imageSrc(id), ...facts });

const toCard = (row: CardRow): ProductCard => ({
  productId: row.id,
  slug: row.slug,
  name: row.name_vi,
  nameEn: row.name_en,
  business: row.business,
  star: row.star,
  certifiedAs: row.certified_as,
  category: row.category,
  ward: row.ward,
  image: row.picture
    ? imageOf(row.picture)
    : { src: `/illustrations/${row.category.slug}-0.svg`, width: 640, height: 640, alt: row.name_vi, colour: null },
  partner: row.partner,
  rating: row.rating,
  unit: row.unit_vi,
  variants: row.variants ?? [],
});

// Fetched by key before anything is joined to it, and counted as ten ids whatever there are: without statistics, after a
// bulk load, all products were read for one page, and a page of fewer than ten was planned anew each time.
const cards = preparedSql<CardRow>(
  'product-cards',
  sql`with wanted as materialized (
      select * from products where id = any(array(select unnest(${sql.placeholder('ids')}::uuid[]))))
    select ${cardColumns(sql.placeholder('now'))} from wanted p join businesses b on b.id = p.business_id
    where p.status = 'listed' and b.status = 'approved' and ${isLetIn}`,
);

/** Cards of the listed products among `ids`, in the order given; withdrawn ones are left out. */
export async function listCards(reader: Reader, ids: readonly ProductId[], now: Date): Promise<ProductCard[]> {
  if (ids.length === 0) return [];
  const rows = await cards(reader, { now: now.toISOString(), ids });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [toCard(row)] : [];
  });
}

export type CertificateOfProduct = {
  readonly code: string;
  readonly kind: CertificateKind;
  readonly issuer: string;
  readonly decisionNumber: string;
  readonly issuedOn: string;
  /** Null for what has no end. */
  readonly validUntil: string | null;
  readonly star: Star | null;
  readonly status: 'verified' | 'expired' | 'revoked';
};

type DetailRow = CardRow & {
  status: string;
  sku: string;
  details: Omit<ProductDetail, keyof ProductCard | 'certificates' | 'status' | 'sku'>;
  certificates: readonly CertificateOfProduct[] | null;
};
export type ProductDetail = ProductCard & {
  readonly sku: string;
  readonly status: string;
  readonly descriptionVi: string;
  readonly descriptionEn: string;
  readonly ingredientsVi: string;
  readonly allergens: readonly string[];
  readonly storage: string;
  readonly shelfLifeDays: number | null;
  readonly netWeightG: number;
  readonly gtin: string | null;
  readonly vatBps: number;
  readonly tags: readonly string[];
  readonly aliases: readonly string[];
  readonly seasonMonths: readonly number[];
  readonly isAlcohol: boolean;
  readonly updatedAt: string;
  readonly version: number;
  readonly certificates: readonly CertificateOfProduct[];
};

/** Everything the product page shows, whatever its state; the caller decides what a withdrawn one answers. */
export async function findProduct(reader: Reader, idOrSlug: string, now: Date): Promise<ProductDetail | undefined> {
  const match = isId(idOrSlug) ? sql`p.id = ${idOrSlug}::uuid` : sql`p.slug = ${idOrSlug}`;
  const at = now.toISOString();
  const { rows } =
    await reader.execute<DetailRow>(sql`select ${cardColumns(now)}, case when ${isLetIn} then p.status else 'withdrawn' end as status, p.sku,
    json_build_object('descriptionVi', p.description_vi, 'descriptionEn', p.description_en, 'ingredientsVi', p.ingredients_vi, 'allergens', p.allergens,
      'storage', p.storage, 'shelfLifeDays', p.shelf_life_days, 'netWeightG', p.net_weight_g, 'gtin', p.gtin, 'vatBps', p.vat_bps, 'tags', p.tags, 'aliases', p.aliases,
      'seasonMonths', p.season_months, 'isAlcohol', (select c.is_alcohol from categories c where c.id = p.category_id), 'updatedAt', p.updated_at, 'version', p.version) as details,
    (select json_agg(json_build_object('code', c.code, 'kind', c.kind, 'issuer', c.issuer, 'decisionNumber', c.decision_number, 'issuedOn', c.issued_on, 'validUntil', c.valid_until, 'star', c.star,
      'status', case when c.status = 'verified' and c.valid_until <= ${at}::timestamptz then 'expired' else c.status end) order by c.issued_on desc)
      from certificates c where c.product_id = p.id and c.status in ('verified', 'expired', 'revoked') and c.revocation_cause is distinct from 'recorded-in-error') as certificates
    from products p join businesses b on b.id = p.business_id where ${match} and p.status <> 'draft' and b.status = 'approved'`);
  const [row] = rows;
  return (
    row && { ...toCard(row), ...row.details, sku: row.sku, status: row.status, certificates: row.certificates ?? [] }
  );
}

/** How many listed products each category has. */
export async function countByCategory(reader: Reader): Promise<Map<number, number>> {
  const { rows } = await reader.execute<{ id: number; count: number }>(
    sql`select p.category_id as id, count(*)::int as count from products p join businesses b on b.id = p.business_id and b.status = 'approved' where p.status = 'listed' and ${isLetIn} group by 1`,
  );
  return new Map(rows.map((row) => [row.id, row.count]));
}

/** What checkout and the cart need to know of a variant, whatever its state. */
export type VariantFacts = {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly productSlug: string;
  readonly businessId: BusinessId;
  readonly businessName: string;
  readonly businessSlug: string;
  readonly sku: string;
  readonly name: string;
  readonly label: string;
  readonly priceVnd: Vnd;
  readonly available: number;
  readonly minOrder: number;
  readonly maxOrder: number;
  readonly categoryId: number;
  readonly businessType: string;
  readonly vatBps: Bps;
  readonly isVoucher: boolean;
  /** Sold to adults only. */
  readonly isAlcohol: boolean;
  readonly forSale: boolean;
  readonly partnerKey: string | null;
  readonly pictureId: string | null;
  /** Of one piece with its package. Of a bigger size the volume grows with its weight: only the product's own is measured. */
  readonly grams: number;
  readonly volumeCm3: number;
  readonly storage: Storage;
};

// An array that is read from JSON counts as ten ids, whatever it holds: the statement is planned once, by the keys of the
// tables. Of an array as it is each length is planned anew, 2 ms, and of JSON a hundred rows are expected, for which all
// prices of 20,000 products were read to find one.
const variantFacts = preparedSql<VariantFacts & { priceVnd: string }>(
  'variant-facts',
  sql`
    select v.id as "variantId", p.id as "productId", p.slug as "productSlug", b.id as "businessId", b.name as "businessName", b.slug as "businessSlug", v.sku, p.name_vi as name, v.label,
      pr.price_vnd as "priceVnd", s.on_hand - s.held as available, v.min_order as "minOrder", v.max_order as "maxOrder", c.id as "categoryId", b.type as "businessType",
      (select r.rate_bps from vat_rates r where r.vat_class = p.vat_class and r.valid_from <= ${sql.placeholder('now')}::timestamptz order by r.valid_from desc limit 1) as "vatBps", c.is_tourism as "isVoucher", c.is_alcohol as "isAlcohol",
      (p.status = 'listed' and v.active and b.status = 'approved' and ${holidayUntil(sql.placeholder('now'))} is null) as "forSale", p.partner_key as "partnerKey",
      (select pic.id from pictures pic where pic.product_id = p.id order by pic.position limit 1) as "pictureId", p.storage,
      greatest(p.gross_weight_g - p.net_weight_g, 0) + coalesce(nullif(v.net_weight_g, 0), p.net_weight_g) as grams,
      p.length_cm::float8 * p.width_cm * p.height_cm * greatest(1, v.net_weight_g::float8 / nullif(p.net_weight_g, 0)) as "volumeCm3"
    from unnest(array(select value::uuid from json_array_elements_text(${sql.placeholder('ids')}::json))) as wanted (id)
      join variants v on v.id = wanted.id join products p on p.id = v.product_id join businesses b on b.id = p.business_id
      join categories c on c.id = p.category_id join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id`,
);

export async function listVariantFacts(reader: Reader, ids: readonly VariantId[], now: Date): Promise<VariantFacts[]> {
  if (ids.length === 0) return [];
  const rows = await variantFacts(reader, { ids: JSON.stringify(ids), now: now.toISOString() });
  return rows.map((row) => ({ ...row, priceVnd: Number(row.priceVnd) as Vnd }));
}
