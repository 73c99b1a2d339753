import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Listing, Offer } from '#federation/protocol/record.ts';

/** A product with all its packs. */
export type FeedProduct = { readonly listing: Listing; readonly offers: readonly Offer[] };

type FeedGoods = {
  readonly productId: ProductId;
  readonly listing: Listing;
  readonly offers: readonly Offer[] | null;
};

/** What we tell of our products after `after`, in the order of their ids. Each row is one product with all its packs. */
export async function listFeedGoods(reader: Reader, after: string | undefined, limit: number): Promise<FeedGoods[]> {
  const { rows } = await reader.execute<FeedGoods>(sql`
    select l.product_id as "productId", l.record as listing,
      (select json_agg(o.record order by (o.record ->> 'position')::int, o.uri) from federation_changes o
        where o.product_id = l.product_id and o.lane = 'offer' and o.op = 'upsert') as offers
    from federation_changes l
    where l.lane = 'catalogue' and l.op = 'upsert' and (${after ?? null}::uuid is null or l.product_id > ${after ?? null}::uuid)
    order by l.product_id limit ${limit}`);
  return rows;
}

/** One word for the state of all that we tell: every change, withdrawals among them, gets a number that was never used. */
export async function readFeedMark(reader: Reader): Promise<string> {
  const { rows } = await reader.execute<{ mark: string }>(sql`
    select concat(max(seq), '-', count(*) filter (where op = 'upsert')) as mark from federation_changes`);
  return rows[0]?.mark ?? '';
}
