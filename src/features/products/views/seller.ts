import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { localDate } from '#core/clock.ts';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import { type Id, isId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { storedFiles } from '#features/files/tables.ts';
import { products } from '../tables.ts';
import type { PictureFields, ProductFields, ProductId, ProductState, VariantFields, VariantId } from '../types.ts';

type LiveVariant = Omit<VariantFields, 'next' | 'onHand'> & {
  readonly variantId: VariantId;
  readonly stock: number;
  readonly held: number;
  readonly nextVnd: Vnd | null;
  readonly nextFrom: string | null;
};
type LiveRow = {
  productId: ProductId;
  businessId: BusinessId;
  slug: string;
  sku: string;
  status: ProductState;
  version: number;
  isAlcohol: boolean;
  fields: Omit<ProductFields, 'variants' | 'pictures'>;
  pictures: readonly (PictureFields & { readonly width: number })[] | null;
  variants: readonly LiveVariant[] | null;
};

export type LiveProduct = Omit<LiveRow, 'fields' | 'pictures' | 'variants'> & {
  readonly fields: ProductFields;
  /** Pieces on the shelf and those of them that shoppers hold, by size. */
  readonly stock: ReadonlyMap<string, { readonly onHand: number; readonly held: number }>;
};

const toVariant = ({ stock: _stock, held: _held, nextVnd, nextFrom, ...variant }: LiveVariant): VariantFields => ({
  variantId: variant.variantId,
  sku: variant.sku,
  label: variant.label,
  priceVnd: variant.priceVnd,
  compareAtVnd: variant.compareAtVnd,
  next: nextVnd !== null && nextFrom !== null ? { priceVnd: nextVnd, from: localDate(new Date(nextFrom)) } : null,
  netWeightG: variant.netWeightG,
  minOrder: variant.minOrder,
  maxOrder: variant.maxOrder,
  onHand: null,
  active: variant.active,
});

/** Our own products as their sellers edit them, whatever their state; mirrored ones belong to nobody here. */
export async function listLive(
  reader: Reader,
  ids: readonly ProductId[],
  businessIds?: readonly BusinessId[],
): Promise<LiveProduct[]> {
  const own = businessIds ? sql`and p.business_id = any(${sql.param([...businessIds])}::uuid[])` : sql``;
  const { rows } = await reader.execute<LiveRow>(sql`
    select p.id as "productId", p.business_id as "businessId", p.slug, p.sku, p.status, p.version, c.is_alcohol as "isAlcohol",
      json_build_object('nameVi', p.name_vi, 'nameEn', p.name_en, 'aliases', p.aliases, 'categoryId', p.category_id, 'unitVi', p.unit_vi,
        'netWeightG', p.net_weight_g, 'grossWeightG', p.gross_weight_g, 'lengthCm', p.length_cm, 'widthCm', p.width_cm, 'heightCm', p.height_cm,
        'storage', p.storage, 'shelfLifeDays', p.shelf_life_days, 'vatBps', p.vat_bps, 'gtin', p.gtin, 'ingredientsVi', p.ingredients_vi,
        'allergens', p.allergens, 'descriptionVi', p.description_vi, 'descriptionEn', p.description_en, 'tags', p.tags, 'seasonMonths', p.season_months) as fields,
      (select json_agg(json_build_object('pictureId', i.id, 'fileId', null, 'altVi', i.alt_vi) order by i.position) from pictures i where i.product_id = p.id) as pictures,
      (select json_agg(json_build_object('variantId', v.id, 'sku', v.sku, 'label', v.label, 'priceVnd', pr.price_vnd, 'compareAtVnd', pr.compare_at_vnd,
          'nextVnd', n.price_vnd, 'nextFrom', n.valid_from, 'netWeightG', v.net_weight_g, 'minOrder', v.min_order, 'maxOrder', v.max_order, 'active', v.active,
          'stock', s.on_hand, 'held', s.held) order by v.position)
        from variants v join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id left join next_prices n on n.variant_id = v.id
        where v.product_id = p.id) as variants
    from products p join categories c on c.id = p.category_id
    where p.id = any(${sql.param([...ids])}::uuid[]) and p.partner_key is null ${own}`);
  return rows.map(({ fields, pictures, variants, ...row }) => ({
    ...row,
    fields: { ...fields, pictures: pictures ?? [], variants: (variants ?? []).map(toVariant) },
    stock: new Map((variants ?? []).map(({ variantId, stock, held }) => [variantId, { onHand: stock, held }])),
  }));
}

export type SellerItem = {
  readonly productId: ProductId;
  readonly name: string;
  readonly state: ProductState;
  readonly hasDraft: boolean;
  readonly changeStatus: 'proposed' | 'changes-requested' | null;
  readonly changeKind: 'listing' | 'edit' | null;
  readonly pictureId: string | null;
  readonly priceVnd: Vnd | null;
  readonly available: number | null;
  readonly unit: string;
  readonly businessName: string;
  readonly updatedAt: string;
};

/** Products and drafts of these businesses, what was touched last first. */
export async function listOwn(
  reader: Reader,
  businessIds: readonly BusinessId[],
  limit: number,
  cursor: Cursor | undefined,
): Promise<{ items: SellerItem[]; nextCursor: string | null }> {
  const after = cursor
    ? sql`where ("updatedAt", "productId") < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
    : sql``;
  const own = sql`any(${sql.param([...businessIds])}::uuid[])`;
  const { rows } = await reader.execute<SellerItem & { at: string }>(sql`
    with own as (
      select p.id as "productId", p.name_vi as name, p.status as state, d.product_id is not null as "hasDraft", p.unit_vi as unit, p.business_id,
        greatest(p.updated_at, d.updated_at) as "updatedAt",
        (select i.id from pictures i where i.product_id = p.id order by i.position limit 1) as "pictureId",
        (select pr.price_vnd::float8 from variants v join prices pr on pr.variant_id = v.id where v.product_id = p.id and v.position = 0) as "priceVnd",
        (select sum(s.on_hand - s.held)::int from variants v join stock s on s.variant_id = v.id where v.product_id = p.id and v.active) as available
      from products p left join product_drafts d on d.product_id = p.id where p.business_id = ${own} and p.partner_key is null
      union all
      select d.product_id, d.fields ->> 'nameVi', 'draft', true, d.fields ->> 'unitVi', d.business_id, d.updated_at, null,
        (d.fields #>> '{variants,0,priceVnd}')::float8, null
      from product_drafts d where d.business_id = ${own} and not exists (select from products p where p.id = d.product_id))
    select own.*, own."updatedAt"::text as at, b.name as "businessName", c.status as "changeStatus", c.kind as "changeKind"
    from own join businesses b on b.id = own.business_id
      left join change_sets c on c.product_id = own."productId" and c.status in ('proposed', 'changes-requested')
    ${after} order by "updatedAt" desc, "productId" desc limit ${limit + 1}`);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.at, id: last.productId }) : null,
  };
}

/** What each size cost at `since`, or first of all if it is younger than that. */
export async function listReferencePrices(
  reader: Reader,
  ids: readonly VariantId[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await reader.execute<{ id: string; price: number }>(sql`
    select v.id, (select h.price_vnd::float8 from price_history h where h.variant_id = v.id
      order by (h.valid_from <= ${since.toISOString()}::timestamptz) desc,
        case when h.valid_from <= ${since.toISOString()}::timestamptz then h.valid_from end desc, h.valid_from, h.id limit 1) as price
    from unnest(${sql.param([...ids])}::uuid[]) as v (id)`);
  return new Map(rows.map(({ id, price }) => [id, price]));
}

/** Whether a size was really sold at this price, or a higher one, for a day and more between then and now. */
export async function wasCharged(
  reader: Reader,
  id: VariantId,
  priceVnd: number,
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<boolean> {
  const { rows } = await reader.execute<{ was: boolean }>(sql`
    select exists (
      select from (select price_vnd, valid_from, lead(valid_from, 1, ${now.toISOString()}::timestamptz) over (order by valid_from, id) as until
        from price_history where variant_id = ${id}::uuid) h
      where h.price_vnd >= ${priceVnd} and h.until - greatest(h.valid_from, ${since.toISOString()}::timestamptz) >= interval '1 day') as was`);
  return rows[0]?.was === true;
}

export type PastPrice = { readonly label: string; readonly priceVnd: Vnd; readonly validFrom: string };

/** What the sizes of a product cost, newest first. */
export async function listPriceHistory(reader: Reader, id: ProductId, limit: number): Promise<PastPrice[]> {
  const { rows } = await reader.execute<PastPrice>(sql`
    select v.label, h.price_vnd::float8 as "priceVnd", h.valid_from as "validFrom" from price_history h join variants v on v.id = h.variant_id
    where v.product_id = ${id}::uuid order by h.valid_from desc, h.id desc limit ${limit}`);
  return rows;
}

/** Of these files, the pictures that the business itself has sent. */
export async function listOwnFiles(
  reader: Reader,
  ids: readonly Id<'StoredFile'>[],
  businessId: BusinessId,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await reader
    .select({ id: storedFiles.id })
    .from(storedFiles)
    .where(
      and(inArray(storedFiles.id, [...ids]), eq(storedFiles.businessId, businessId), eq(storedFiles.kind, 'picture')),
    );
  return new Set(rows.map(({ id }) => id));
}

/** These businesses, by name. */
export const listNames = (reader: Reader, ids: readonly BusinessId[]) =>
  reader
    .select({ businessId: businesses.id, name: businesses.name })
    .from(businesses)
    .where(inArray(businesses.id, [...ids]))
    .orderBy(businesses.name);

/** A product of our own by its id or slug, whatever its state. */
export async function findOwnId(reader: Reader, idOrSlug: string): Promise<ProductId | undefined> {
  const named = isId<'Product'>(idOrSlug) ? eq(products.id, idOrSlug) : eq(products.slug, idOrSlug);
  const [row] = await reader
    .select({ id: products.id })
    .from(products)
    .where(and(named, isNull(products.partnerKey)));
  return row?.id;
}
