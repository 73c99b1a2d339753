import { sql } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import type { products } from '../tables.ts';
import type { ProductId, ProductState, VariantId } from '../types.ts';

type Locked = { readonly id: ProductId; readonly originUri: string; readonly status: ProductState };

/** Locks the mirrored products of these origins, in the order of their ids. */
export async function lockMirrors(
  tx: Tx,
  partnerKey: string,
  originUris: readonly string[],
): Promise<readonly Locked[]> {
  if (originUris.length === 0) return [];
  const { rows } = await tx.execute<Locked>(
    sql`select id, origin_uri as "originUri", status from products
      where partner_key = ${partnerKey} and origin_uri = any(${sql.param([...originUris])}::text[]) order by id for update`,
  );
  return rows;
}

type Shelf = {
  readonly productId: ProductId;
  readonly variantId: VariantId;
  readonly priceVnd: number | undefined;
  readonly compareAtVnd: number | null;
};

/** The one size of each of these mirrored products, with what it costs now. */
export async function listShelves(tx: Tx, ids: readonly ProductId[]): Promise<readonly Shelf[]> {
  const { rows } = await tx.execute<{ product: ProductId; variant: VariantId; price: string; compared: string }>(
    sql`select v.product_id as product, v.id as variant, p.price_vnd as price, p.compare_at_vnd as compared
      from variants v left join prices p on p.variant_id = v.id where v.product_id = any(${sql.param([...ids])}::uuid[])`,
  );
  return rows.map(({ product, variant, price, compared }) => ({
    productId: product,
    variantId: variant,
    priceVnd: price === null ? undefined : Number(price),
    compareAtVnd: compared === null ? null : Number(compared),
  }));
}

type ProductRow = typeof products.$inferSelect;
/** What a partner says of a product, as it says it now. */
type Told = Pick<
  ProductRow,
  | 'id'
  | 'businessId'
  | 'nameVi'
  | 'nameEn'
  | 'descriptionVi'
  | 'categoryId'
  | 'unitVi'
  | 'netWeightG'
  | 'gtin'
  | 'claimedStar'
  | 'claimedDecision'
  | 'claimedUntil'
  | 'landingUrl'
  | 'tags'
  | 'priceAsOf'
>;

/** Writes all of them in one statement. What an authority had taken down stays so, whatever its origin sends. */
export async function saveTold(tx: Tx, rows: readonly Told[], at: Date): Promise<void> {
  await tx.execute(sql`
    update products p set business_id = t."businessId", name_vi = t."nameVi", name_en = t."nameEn",
      description_vi = t."descriptionVi", category_id = t."categoryId", unit_vi = t."unitVi", net_weight_g = t."netWeightG",
      gtin = t.gtin, claimed_star = t."claimedStar", claimed_decision = t."claimedDecision",
      claimed_until = t."claimedUntil", landing_url = t."landingUrl", tags = t.tags,
      price_as_of = t."priceAsOf", status = case when p.status = 'taken-down' then p.status else 'listed' end,
      updated_at = ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (id uuid, "businessId" uuid, "nameVi" text, "nameEn" text,
      "descriptionVi" text, "categoryId" smallint, "unitVi" text, "netWeightG" integer, gtin text, "claimedStar" smallint,
      "claimedDecision" text, "claimedUntil" date, "landingUrl" text, tags text[], "priceAsOf" timestamptz)
    where p.id = t.id`);
}

export async function withdrawProducts(tx: Tx, ids: readonly ProductId[], at: Date): Promise<void> {
  await tx.execute(
    sql`update products set status = 'withdrawn', updated_at = ${at.toISOString()}::timestamptz where id = any(${sql.param([...ids])}::uuid[])`,
  );
}
