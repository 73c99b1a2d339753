import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import type { FedRecord, Lane } from '#federation/protocol/record.ts';
import type { Good } from '../rules.ts';

export type Shelf = { readonly partnerKey: string; readonly listings: number; readonly shown: number };

/** How many listings of each partner we hold, and how many of them shoppers see. */
export async function countShelves(reader: Reader): Promise<ReadonlyMap<string, Shelf>> {
  const { rows } = await reader.execute<Shelf>(sql`
    select p.key as "partnerKey",
      (select count(*)::int from federation_mirrors m where m.partner_key = p.key and m.lane = 'catalogue' and m.record ->> 'kind' = 'listing') as listings,
      (select count(*)::int from products pr where pr.partner_key = p.key and pr.status = 'listed') as shown
    from partners p`);
  return new Map(rows.map((row) => [row.partnerKey, row]));
}

export type ShelfRow = {
  readonly uri: string;
  readonly title: string;
  readonly categoryCode: string;
  readonly status: string | null;
  readonly priceVnd: number | null;
};

/** A partner's listings in the order of their addresses, after `after`, those whose name or address has `query` in it. */
export async function listShelf(
  reader: Reader,
  partnerKey: string,
  { query, after, limit }: { readonly query: string; readonly after: string; readonly limit: number },
): Promise<readonly ShelfRow[]> {
  const like = `%${query.replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await reader.execute<ShelfRow>(sql`
    select m.uri, m.record -> 'title' ->> 'vi' as title, m.record ->> 'categoryCode' as "categoryCode", p.status,
      (select pr.price_vnd::float8 from variants v join prices pr on pr.variant_id = v.id where v.product_id = p.id order by v.position limit 1) as "priceVnd"
    from federation_mirrors m left join products p on p.partner_key = m.partner_key and p.origin_uri = m.uri
    where m.partner_key = ${partnerKey} and m.lane = 'catalogue' and m.record ->> 'kind' = 'listing' and m.uri > ${after}
      and (m.record -> 'title' ->> 'vi' ilike ${like} or m.uri ilike ${like})
    order by m.uri limit ${limit}`);
  return rows;
}

type MirrorRow = { readonly uri: string; readonly rev: number; readonly receivedAt: Date; readonly record: FedRecord };
export type ListingFacts = {
  readonly partnerKey: string;
  readonly uri: string;
  readonly listing: MirrorRow | undefined;
  readonly offers: readonly MirrorRow[];
  readonly product:
    | { readonly productId: ProductId; readonly slug: string; readonly status: string; readonly businessStatus: string }
    | undefined;
  readonly quarantined: readonly { readonly lane: Lane; readonly reason: string; readonly detail: string }[];
};

/** Which listing of which partner is meant: by the address that its exchange gave it, or by our product. */
export async function findListing(
  reader: Reader,
  name: string,
): Promise<{ readonly partnerKey: string; readonly uri: string } | undefined> {
  const { rows } = await reader.execute<{ partnerKey: string; uri: string }>(sql`
    select partner_key as "partnerKey", coalesce(listing_uri, uri) as uri from federation_mirrors where uri = ${name}
    union all select partner_key, origin_uri from products
      where partner_key is not null and (origin_uri = ${name} or slug = ${name} or id::text = ${name})
    union all select partner_key, source_id from federation_quarantine where source_id = ${name}
    limit 1`);
  return rows[0];
}

/** All that we know of one listing of a partner. */
export async function findListingFacts(reader: Reader, partnerKey: string, uri: string): Promise<ListingFacts> {
  const { rows: mirrors } = await reader.execute<Omit<MirrorRow, 'receivedAt'> & { at: string }>(sql`
    select uri, rev::float8 as rev, to_char(received_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, record from federation_mirrors
    where partner_key = ${partnerKey} and (uri = ${uri} or listing_uri = ${uri}) order by uri`);
  const kept = mirrors.map(({ at, ...row }) => ({ ...row, receivedAt: new Date(at) }));
  const { rows: quarantined } = await reader.execute<ListingFacts['quarantined'][number]>(sql`
    select lane, reason, detail from federation_quarantine where partner_key = ${partnerKey}
      and source_id = any(${sql.param([uri, ...kept.map((one) => one.uri)])}::text[])`);
  const { rows: products } = await reader.execute<NonNullable<ListingFacts['product']>>(sql`
    select p.id as "productId", p.slug, p.status, b.status as "businessStatus" from products p join businesses b on b.id = p.business_id
    where p.partner_key = ${partnerKey} and p.origin_uri = ${uri}`);
  return {
    partnerKey,
    uri,
    listing: kept.find((one) => one.uri === uri),
    offers: kept.filter(({ uri: own, record }) => own !== uri && record.kind === 'offer'),
    product: products[0],
    quarantined,
  };
}

export type ShownGood = Good & {
  readonly productId: ProductId;
  readonly slug: string;
  /** Null for our own. */
  readonly exchange: string | null;
  readonly business: string;
  readonly priceVnd: number;
};

/**
 * Everything that is shown now, or those of it that `ids` name, with what tells whether two are one good. Our own decisions
 * are those that were verified; a partner's are its claims.
 */
export async function listGoods(reader: Reader, now: Date, ids?: readonly string[]): Promise<readonly ShownGood[]> {
  const named = ids ? sql`and p.id = any(${sql.param([...ids])}::uuid[])` : sql``;
  const { rows } = await reader.execute<ShownGood>(sql`
    select p.id as "productId", p.partner_key as "partnerKey", p.slug, p.name_vi as name, p.unit_vi as unit, p.gtin, p.net_weight_g as "netWeightG",
      b.name as business, b.tax_code as "taxCode", pa.name_vi as exchange,
      coalesce((select pr.price_vnd::float8 from variants v join prices pr on pr.variant_id = v.id where v.product_id = p.id order by v.position limit 1), 0) as "priceVnd",
      case when p.partner_key is null then (select o.decision_number from certificates o where o.product_id = p.id and o.kind = 'ocop' and o.status = 'verified'
          and o.valid_until > ${now.toISOString()}::timestamptz order by o.issued_on desc limit 1)
        else m.record -> 'ocop' ->> 'decisionNo' end as "decisionNumber"
    from products p join businesses b on b.id = p.business_id left join partners pa on pa.key = p.partner_key
      left join federation_mirrors m on m.partner_key = p.partner_key and m.uri = p.origin_uri
    where p.status = 'listed' and b.status = 'approved' ${named} order by p.id`);
  return rows;
}
