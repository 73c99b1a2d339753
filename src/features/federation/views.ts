import { and, eq, gt, inArray, isNotNull, ne, type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { ProductId, Star, VariantId } from '#features/products/types.ts';
import { BUCKETS, type HashedRecord, rootHash } from '#federation/protocol/canonical.ts';
import type { FeedPosition, FeedReading } from '#federation/protocol/cursor.ts';
import type { FedRecord, Lane } from '#federation/protocol/record.ts';
import { federationChanges, federationFeeds, federationMirrors } from './tables.ts';

export type ExportedVariant = {
  readonly variantId: VariantId;
  readonly sku: string;
  readonly label: string;
  readonly position: number;
  readonly priceVnd: number;
  readonly compareAtVnd: number | null;
  readonly available: number;
  readonly minOrder: number;
  readonly maxOrder: number;
};

/** What partners may know of a product of our own that is for sale. */
export type ExportedProduct = {
  readonly productId: ProductId;
  readonly slug: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly descriptionVi: string;
  readonly descriptionEn: string;
  readonly categorySlug: string;
  readonly unitVi: string;
  readonly netWeightG: number;
  readonly gtin: string | null;
  readonly shelfLifeDays: number | null;
  readonly businessId: BusinessId;
  readonly businessName: string;
  readonly taxCode: string | null;
  readonly ward: string | null;
  readonly certificate: {
    readonly star: Star;
    readonly decisionNumber: string;
    readonly issuer: string;
    readonly issuedOn: string;
    readonly validUntil: string;
  } | null;
  /** Ids of its pictures, the first first. */
  readonly pictures: readonly string[];
  readonly variants: readonly ExportedVariant[] | null;
};

/** Those of `ids` that are our own and for sale at `now`; the others have nothing to tell. Mirrored listings are not ours to tell. */
export async function listExported(
  reader: Reader,
  ids: readonly ProductId[],
  now: Date,
): Promise<readonly ExportedProduct[]> {
  const { rows } = await reader.execute<ExportedProduct>(sql`
    select p.id as "productId", p.slug, p.name_vi as "nameVi", p.name_en as "nameEn", p.description_vi as "descriptionVi", p.description_en as "descriptionEn",
      c.slug as "categorySlug", p.unit_vi as "unitVi", p.net_weight_g as "netWeightG", p.gtin, p.shelf_life_days as "shelfLifeDays",
      b.id as "businessId", b.name as "businessName", b.tax_code as "taxCode", w.full_name as ward,
      (select json_build_object('star', o.star, 'decisionNumber', o.decision_number, 'issuer', o.issuer, 'issuedOn', o.issued_on, 'validUntil', o.valid_until)
        from certificates o where o.product_id = p.id and o.kind = 'ocop' and o.status = 'verified' and o.valid_until > ${now.toISOString()}::timestamptz
        order by o.star desc, o.issued_on desc limit 1) as certificate,
      array(select i.id from pictures i where i.product_id = p.id order by i.position limit 20) as pictures,
      (select json_agg(json_build_object('variantId', v.id, 'sku', v.sku, 'label', v.label, 'position', v.position, 'priceVnd', pr.price_vnd, 'compareAtVnd', pr.compare_at_vnd,
          'available', case when ${now.toISOString()}::timestamptz at time zone 'Asia/Ho_Chi_Minh' between b.holiday_from and b.holiday_to + time '23:59:59.999' then 0 else s.on_hand - s.held end, 'minOrder', v.min_order, 'maxOrder', v.max_order) order by v.position)
        from variants v join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id where v.product_id = p.id and v.active) as variants
    from products p join businesses b on b.id = p.business_id join categories c on c.id = p.category_id left join wards w on w.code = b.ward_code
    where p.id = any(${sql.param([...ids])}::uuid[]) and p.partner_key is null and p.status = 'listed' and b.status = 'approved'`);
  return rows;
}

/** Product sets by the code that listings carry. */
export async function listCategoryIds(reader: Reader): Promise<ReadonlyMap<string, number>> {
  const { rows } = await reader.execute<{ slug: string; id: number }>(sql`select slug, id from categories`);
  return new Map(rows.map(({ slug, id }) => [slug, id]));
}

/** The live records of and about these listings. */
export async function listLiveRecords(
  reader: Reader,
  partnerKey: string,
  listingUris: readonly string[],
): Promise<FedRecord[]> {
  const rows = await reader
    .select({ record: federationMirrors.record })
    .from(federationMirrors)
    .where(
      and(
        eq(federationMirrors.partnerKey, partnerKey),
        inArray(federationMirrors.listingUri, [...listingUris]),
        sql`${federationMirrors.record} ->> 'kind' <> 'tombstone'`,
      ),
    );
  return rows.map(({ record }) => record);
}

export async function listMirroredListings(reader: Reader, partnerKey: string): Promise<string[]> {
  const rows = await reader
    .selectDistinct({ listingUri: federationMirrors.listingUri })
    .from(federationMirrors)
    .where(and(eq(federationMirrors.partnerKey, partnerKey), isNotNull(federationMirrors.listingUri)));
  return rows.map(({ listingUri }) => listingUri ?? '');
}

export type FeedItem = {
  readonly uri: string;
  readonly op: 'upsert' | 'delete';
  readonly seq: number;
  readonly hash: string;
  readonly record: FedRecord;
};
export type FeedPage = {
  readonly rows: readonly (FeedItem & { readonly tx: string })[];
  readonly epoch: string;
  /** Below this transaction everything was given. */
  readonly watermark: string;
  /** Tombstones after `from` were thrown away since the reading began, so `from` can no longer be gone on from. */
  readonly expired: boolean;
};

/**
 * What changed after `from`. Rows of transactions that were still running when the oldest of them began are left for the
 * next page, so nothing can commit behind a position that was given out.
 */
export async function readFeed(reader: Reader, lane: Lane, from: FeedReading, limit: number): Promise<FeedPage> {
  const { rows } = await reader.execute<FeedPage['rows'][number] & Omit<FeedPage, 'rows'>>(sql`
    with feed as (
      select epoch, pg_snapshot_xmin(pg_current_snapshot()) as xmin,
        (horizon_tx, horizon_seq) > (${from.tx}::xid8, ${from.seq}::bigint)
          and (horizon_tx, horizon_seq) > (${from.since.tx}::xid8, ${from.since.seq}::bigint) as expired
      from federation_feeds where lane = ${lane})
    select feed.epoch, feed.expired, feed.xmin::text as watermark, c.uri, c.op, c.seq, c.hash, c.record, c.tx::text as tx
    from feed left join lateral (
      select * from federation_changes
      where lane = ${lane} and tx < feed.xmin and (tx, seq) > (${from.tx}::xid8, ${from.seq}::bigint)
      order by tx, seq limit ${limit}) c on true
    order by c.tx, c.seq`);
  const [first] = rows;
  if (!first) throw new Error('The feeds were not opened');
  const { epoch, watermark, expired } = first;
  const changed = rows.filter(({ uri }) => uri !== null).map((row) => ({ ...row, seq: Number(row.seq) }));
  return { epoch, watermark, expired, rows: changed };
}

type FeedStart = {
  readonly epoch: string;
  readonly position: FeedPosition;
  readonly horizon: FeedPosition;
  /** The highest number that was ever given to a change. */
  readonly lastSeq: string;
};

/** Where the feed stands: the epoch, from where a reader of everything visible now goes on, and what was thrown away. */
export async function readFeedStart(reader: Reader, lane: Lane): Promise<FeedStart> {
  const { epoch, horizonTx, horizonSeq } = federationFeeds;
  const [row] = await reader
    .select({
      ...{ epoch, horizonTx, horizonSeq },
      xmin: sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text`,
      lastSeq: sql<string>`coalesce(pg_sequence_last_value(pg_get_serial_sequence('federation_changes', 'seq')), 0)::text`,
    })
    .from(federationFeeds)
    .where(eq(federationFeeds.lane, lane));
  if (!row) throw new Error('The feeds were not opened');
  const horizon = { tx: row.horizonTx, seq: String(row.horizonSeq) };
  return { epoch: row.epoch, position: { tx: row.xmin, seq: '0' }, horizon, lastSeq: row.lastSeq };
}

/** Whether the changes come from another server: no visible row of this one can be younger than its snapshot. */
export async function isRestored(reader: Reader): Promise<boolean> {
  const { rows } = await reader.execute<{ restored: boolean }>(
    sql`select exists (select from federation_changes where tx >= pg_snapshot_xmax(pg_current_snapshot())) as restored`,
  );
  return rows[0]?.restored === true;
}

export const findChanges = (reader: Reader, uris: readonly string[]): Promise<FeedItem[]> =>
  reader
    .select()
    .from(federationChanges)
    .where(inArray(federationChanges.uri, [...uris]));

/** Live records of a lane in the order of their uris, after `afterUri`. */
export const listSnapshot = (reader: Reader, lane: Lane, afterUri: string, limit: number) =>
  reader
    .select({ uri: federationChanges.uri, record: federationChanges.record })
    .from(federationChanges)
    .where(
      and(eq(federationChanges.lane, lane), ne(federationChanges.op, 'delete'), gt(federationChanges.uri, afterUri)),
    )
    .orderBy(federationChanges.uri)
    .limit(limit);

export async function countSnapshot(reader: Reader, lane: Lane): Promise<number> {
  const { rows } = await reader.execute<{ count: number }>(
    sql`select count(*)::int as count from federation_changes where lane = ${lane} and op <> 'delete'`,
  );
  return rows[0]?.count ?? 0;
}

/** The first byte of SHA-256 of the uri, as `bucketOf` of the protocol counts it. */
const bucket = (uri: SQL): SQL => sql`get_byte(sha256(convert_to(${uri}, 'UTF8')), 0)`;

/** `live` selects uri, rev and hash. The database hashes: 50,000 names need not come here to be compared. */
async function hashBuckets(reader: Reader, live: SQL): Promise<{ readonly hashes: readonly string[]; count: number }> {
  const { rows } = await reader.execute<{ bucket: number; count: number; hash: string }>(sql`
    select ${bucket(sql`uri`)} as bucket, count(*)::int as count,
      encode(sha256(convert_to(string_agg(line, '' order by line collate "C"), 'UTF8')), 'hex') as hash
    from (select uri, uri || ' ' || rev || ' ' || hash || E'\\n' as line from (${live}) live) lines group by 1`);
  const hashOf = new Map(rows.map(({ bucket: number, hash }) => [number, hash]));
  const hashes = Array.from({ length: BUCKETS }, (_none, at) => hashOf.get(at) ?? emptyHash);
  return { hashes, count: rows.reduce((sum, { count }) => sum + count, 0) };
}
const emptyHash = rootHash([]);

/** What we have to tell of a lane, hashed. */
export const hashFeed = (reader: Reader, lane: Lane) =>
  hashBuckets(
    reader,
    sql`select uri, (record ->> 'rev')::bigint as rev, hash from federation_changes where lane = ${lane} and op <> 'delete'`,
  );

export async function listFeedBucket(reader: Reader, lane: Lane, number: number): Promise<HashedRecord[]> {
  const { rows } = await reader.execute<{ uri: string; rev: string; hash: string }>(sql`
    select uri, record ->> 'rev' as rev, hash from federation_changes
    where lane = ${lane} and op <> 'delete' and ${bucket(sql`uri`)} = ${number} order by uri`);
  return rows.map(({ rev, ...row }) => ({ ...row, rev: Number(rev) }));
}

/** What we show of a partner's lane, hashed. */
export const hashMirrors = (reader: Reader, partnerKey: string, lane: Lane) =>
  hashBuckets(
    reader,
    sql`select uri, rev, hash from federation_mirrors
      where partner_key = ${partnerKey} and lane = ${lane} and record ->> 'kind' <> 'tombstone'`,
  );

export const listMirrorBuckets = (
  reader: Reader,
  partnerKey: string,
  lane: Lane,
  numbers: readonly number[],
): Promise<HashedRecord[]> =>
  reader
    .select({ uri: federationMirrors.uri, rev: federationMirrors.rev, hash: federationMirrors.hash })
    .from(federationMirrors)
    .where(
      and(
        eq(federationMirrors.partnerKey, partnerKey),
        eq(federationMirrors.lane, lane),
        sql`${federationMirrors.record} ->> 'kind' <> 'tombstone'`,
        inArray(bucket(sql`${federationMirrors.uri}`), [...numbers]),
      ),
    );

/** What the offers among `uris` that are shown cost, in đồng. */
export async function findPrices(
  reader: Reader,
  partnerKey: string,
  uris: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (uris.length === 0) return new Map();
  const rows = await reader
    .select({
      uri: federationMirrors.uri,
      amount: sql<string>`${federationMirrors.record} -> 'price' ->> 'amount'`,
    })
    .from(federationMirrors)
    .where(
      and(
        eq(federationMirrors.partnerKey, partnerKey),
        inArray(federationMirrors.uri, [...uris]),
        sql`${federationMirrors.record} ->> 'kind' = 'offer'`,
      ),
    );
  return new Map(rows.map(({ uri, amount }) => [uri, Number(amount)]));
}
