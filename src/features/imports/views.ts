import { sql } from 'drizzle-orm';
import type { Vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { ProductFields, ProductId, Storage, VariantId } from '#features/products/types.ts';
import type { ImportId } from './types.ts';

/** One size of a product of the business, with all that a sheet may say of it. */
export type HeldSize = {
  readonly productId: ProductId;
  readonly variantId: VariantId;
  readonly productKey: string;
  readonly variantKey: string;
  readonly position: number;
  readonly held: number;
  readonly status: string;
  readonly sku: string;
  readonly label: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly categoryId: number;
  readonly priceVnd: Vnd;
  readonly compareAtVnd: Vnd | null;
  readonly stock: number;
  readonly unitVi: string;
  readonly netWeightG: number;
  readonly gtin: string | null;
  readonly descriptionVi: string;
  readonly descriptionEn: string;
  readonly vatBps: number;
  readonly ingredientsVi: string;
  readonly allergens: readonly string[];
  readonly storage: Storage;
  readonly shelfLifeDays: number | null;
  readonly minOrder: number;
  readonly maxOrder: number;
  /** The days of making of which there is a batch. */
  readonly madeOn: readonly string[];
};

/** The sizes that any of these codes names: by their own code, or by their product's. */
export async function listHeld(reader: Reader, businessId: BusinessId, keys: readonly string[]): Promise<HeldSize[]> {
  if (keys.length === 0) return [];
  // Code by code, each by its index: while goods are written the statistics still speak of a business with hardly any, and
  // a plan that begins with the business reads all of them for each code. `offset 0` keeps the server from such a plan.
  const { rows } = await reader.execute<HeldSize & { priceVnd: string; compareAtVnd: string | null }>(sql`
    with given as materialized (select lower(replace(key, ' ', '')) as code from unnest(${sql.param([...keys])}::text[]) as keys (key)),
      coded as materialized (select p.id from given cross join lateral (
          select id from products where lower(replace(sku, ' ', '')) = given.code and partner_key is null offset 0) p
        union select v.product_id from given cross join lateral (
          select product_id from variants where lower(replace(sku, ' ', '')) = given.code offset 0) v),
      named as materialized (select p.id from coded cross join lateral (
          select id, business_id from products where id = coded.id and partner_key is null offset 0) p where p.business_id = ${businessId})
    select p.id as "productId", v.id as "variantId", lower(replace(p.sku, ' ', '')) as "productKey", lower(replace(v.sku, ' ', '')) as "variantKey",
      v.position, s.held, p.status, p.sku, v.label, p.name_vi as "nameVi", p.name_en as "nameEn", p.category_id as "categoryId",
      pr.price_vnd as "priceVnd", pr.compare_at_vnd as "compareAtVnd", s.on_hand as stock, p.unit_vi as "unitVi", v.net_weight_g as "netWeightG",
      p.gtin, p.description_vi as "descriptionVi", p.description_en as "descriptionEn", p.vat_bps as "vatBps", p.ingredients_vi as "ingredientsVi",
      p.allergens, p.storage, p.shelf_life_days as "shelfLifeDays", v.min_order as "minOrder", v.max_order as "maxOrder",
      array(select b.packed_on::text from batches b where b.product_id = p.id and b.packed_on is not null order by b.packed_on) as "madeOn"
    from named join products p on p.id = named.id join variants v on v.product_id = p.id join prices pr on pr.variant_id = v.id
      join stock s on s.variant_id = v.id order by v.id`);
  return rows.map((row) => ({
    ...row,
    priceVnd: Number(row.priceVnd) as Vnd,
    compareAtVnd: row.compareAtVnd === null ? null : (Number(row.compareAtVnd) as Vnd),
  }));
}

/** Rows of goods that an officer has let in since they were sent, with the day of making that they said. */
export async function listAgreedDays(reader: Reader, limit: number) {
  const { rows } = await reader.execute<{ importId: ImportId; row: number; productId: ProductId; day: string }>(sql`
    select r.import_id as "importId", r.row, p.id as "productId", r.values ->> 'producedOn' as day
    from import_rows r join imports i on i.id = r.import_id
      join products p on p.business_id = i.business_id and p.partner_key is null and lower(replace(p.sku, ' ', '')) = r.product_key
    where r.outcome = 'waiting' and r.verdict = 'new' and r.values ? 'producedOn' order by r.import_id, r.row limit ${limit}`);
  return rows;
}

/** Addresses that are taken, of those that new products would have. */
export async function listTakenSlugs(reader: Reader, slugs: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await reader.execute<{ slug: string }>(
    sql`select slug from products where slug = any(${sql.param([...slugs])}::text[])`,
  );
  return new Set(rows.map(({ slug }) => slug));
}

/** What the businesses are called, for choosing one of them. */
export async function listBusinessNames(reader: Reader, ids: readonly BusinessId[]) {
  const { rows } = await reader.execute<{ businessId: BusinessId; name: string }>(
    sql`select id as "businessId", name from businesses where id = any(${sql.param([...ids])}::uuid[]) order by name`,
  );
  return rows;
}

/** Drafts of the business, handed in or not, that name any of these codes. */
export async function listDrafts(reader: Reader, businessId: BusinessId, keys: readonly string[]) {
  if (keys.length === 0) return [];
  // The sizes of all drafts are joined with the codes at once: asked draft by draft, each would be compared with each code.
  const { rows } = await reader.execute<{ productId: ProductId; fields: ProductFields }>(sql`
    with given as materialized (select distinct lower(replace(key, ' ', '')) as code from unnest(${sql.param([...keys])}::text[]) as keys (key)),
      named as materialized (select distinct d.product_id as id from product_drafts d cross join lateral jsonb_array_elements(d.fields -> 'variants') v
        join given on given.code = lower(replace(v ->> 'sku', ' ', '')) where d.business_id = ${businessId})
    select d.product_id as "productId", d.fields from named join product_drafts d on d.product_id = named.id
    where not exists (select from products p where p.id = d.product_id)`);
  return rows;
}
