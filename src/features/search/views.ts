import { sql } from 'drizzle-orm';
import { preparedSql, type Reader } from '#db/client.ts';
import { starOf } from '#features/certificates/tables.ts';
import type { NamedKind } from '#features/certificates/types.ts';
import type { ProductId, Star } from '#features/products/types.ts';
import { priceBand } from './rules/facets.ts';
import type { SearchDocument } from './types.ts';

type Row = {
  id: ProductId;
  name_vi: string;
  name_en: string;
  aliases: string[];
  tags: string[];
  ingredients_vi: string;
  description: string;
  seller: string;
  business: string;
  business_id: string;
  ward: string | null;
  place: (string | null)[];
  category: string;
  category_id: number;
  category_names: string[];
  stars: Star | null;
  certificate: NamedKind[];
  partner_key: string | null;
  partner_name: string | null;
  price_vnd: string;
  in_stock: boolean;
  points: number | null;
  points_count: number;
  listed_at: string;
};

const present = (parts: readonly (string | null)[]): readonly string[] =>
  parts.filter((part): part is string => part !== null && part !== '');

const toDocument = (row: Row, region: readonly string[]): SearchDocument => ({
  productId: row.id,
  name: row.name_vi,
  aliases: row.aliases,
  tags: row.tags,
  english: row.name_en,
  seller: row.seller,
  place: [...present(row.place), ...(row.partner_key === null ? region : present([row.partner_name]))],
  category: row.category_names,
  ingredients: row.ingredients_vi,
  description: row.description,
  facts: {
    category: row.category,
    categoryId: row.category_id,
    stars: row.stars,
    certificate: row.certificate,
    ward: row.ward,
    business: row.business,
    businessId: row.business_id,
    partner: row.partner_key ?? 'own',
    priceVnd: Number(row.price_vnd),
    price: priceBand(Number(row.price_vnd)),
    inStock: row.in_stock,
    points: row.points,
    pointsCount: row.points_count,
    listedAt: Number(row.listed_at),
  },
});

// The ids travel as those of `listVariantFacts` of the products. What is asked for is fetched before anything is joined
// to it: after a bulk load the planner knows nothing of the tables yet, took the listed and approved for few, and read
// every product to index one. Lists come as JSON, which is read ten times as fast as PostgreSQL's arrays.
const documentRows = preparedSql<Row>(
  'search-documents',
  sql`
    with wanted as materialized (
      select p.* from unnest(array(select value::uuid from json_array_elements_text(${sql.placeholder('ids')}::json))) as asked (id)
        join products p on p.id = asked.id)
    select p.id, p.name_vi, p.name_en, to_json(p.aliases) as aliases, to_json(p.tags) as tags, p.ingredients_vi,
      concat_ws(' ', p.description_vi, p.description_en) as description,
      b.name as seller, b.slug as business, b.id as business_id, b.ward_code as ward,
      json_build_array(w.full_name, w.legacy_district_name, province.name) as place,
      c.slug as category, c.id as category_id, json_build_array(c.name_vi, c.group_vi, c.name_en) as category_names,
      ${starOf(sql`${sql.placeholder('now')}`)} as stars,
      array(select distinct e.kind from certificates e where e.product_id = p.id and e.kind <> 'ocop' and e.status = 'verified'
        and (e.valid_until is null or e.valid_until > ${sql.placeholder('now')}::timestamptz) order by 1) as certificate,
      p.partner_key, partner.name_vi as partner_name, price.price_vnd,
      exists (select 1 from variants v join stock s on s.variant_id = v.id
        where v.product_id = p.id and v.active and s.on_hand - s.held >= v.min_order) as in_stock,
      round(rating.points::numeric / nullif(rating.count, 0), 1)::float8 as points, coalesce(rating.count, 0) as points_count,
      floor(extract(epoch from p.created_at) * 1000)::bigint as listed_at
    from wanted p
      join businesses b on b.id = p.business_id
      join categories c on c.id = p.category_id
      join variants first on first.product_id = p.id and first.position = 0
      join prices price on price.variant_id = first.id
      left join wards w on w.code = b.ward_code
      left join provinces province on province.scheme = 'gso2025' and province.code = w.province_code
      left join product_ratings rating on rating.product_id = p.id
      left join partners partner on partner.key = p.partner_key
    where p.status = 'listed' and b.status = 'approved' and (p.partner_key is null or partner.state in ('probation', 'active'))`,
);

/**
 * The documents of those among `ids` that are for sale now. `region` is what shoppers call the area of this exchange;
 * it stands for the place of all our own products.
 */
export async function readDocuments(
  reader: Reader,
  ids: readonly ProductId[],
  region: readonly string[],
  now: Date,
): Promise<SearchDocument[]> {
  if (ids.length === 0) return [];
  const rows = await documentRows(reader, { ids: JSON.stringify(ids), now: now.toISOString() });
  return rows.map((row) => toDocument(row, region));
}

/** Ids of all that is or was searchable, by id: `limit` of them from after `after` on. */
export async function listIndexable(reader: Reader, after: ProductId | undefined, limit: number): Promise<ProductId[]> {
  const from = after ?? '00000000-0000-0000-0000-000000000000';
  const { rows } = await reader.execute<{ id: ProductId }>(sql`
    select id from (select id from products union select product_id from search_documents where not removed) as all_ids
    where id > ${from}::uuid order by id limit ${limit}`);
  return rows.map((row) => row.id);
}

/** Exchanges whose goods may be found, by key. */
export async function listExchanges(
  reader: Reader,
): Promise<readonly { readonly key: string; readonly name: string }[]> {
  const { rows } = await reader.execute<{ key: string; name: string }>(
    sql`select key, name_vi as name from partners order by key`,
  );
  return rows;
}

export type Named = {
  readonly kind: 'business' | 'category';
  readonly id: string;
  readonly slug: string;
  readonly name: string;
};

/** Names that suggestions offer beside products: at most `limit` businesses, the busiest first, and every category in use. */
export async function listNames(reader: Reader, limit: number): Promise<Named[]> {
  const { rows } = await reader.execute<Named>(sql`
    (select 'category' as kind, c.id::text as id, c.slug, c.name_vi as name from categories c
      where exists (select 1 from search_documents d where d.category_id = c.id and not d.removed))
    union all
    (select 'business', b.id::text, b.slug, b.name from businesses b
      join (select business_id, count(*) as products from search_documents where not removed group by 1) d on d.business_id = b.id
      where b.status = 'approved' order by d.products desc, b.name limit ${limit})`);
  return rows;
}

/** Folded words of the catalogue, at most `limit`. */
export async function listWords(reader: Reader, limit: number): Promise<string[]> {
  const { rows } = await reader.execute<{ word: string }>(sql`select word from search_words limit ${limit}`);
  return rows.map(({ word }) => word);
}
