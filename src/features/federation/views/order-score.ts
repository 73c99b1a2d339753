import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';

/** What became of the orders that our shoppers placed with a partner, and paid or had money set aside for. */
export type OrderScore = {
  readonly placed: number;
  readonly confirmed: number;
  /** The origin would not reserve the goods. */
  readonly refused: number;
  /** It said nothing until we gave up. */
  readonly unanswered: number;
  /** It asked for another price than the one that the shopper had accepted. */
  readonly repriced: number;
  /** It was not confirmed within its own deadline. */
  readonly late: number;
  /** Called off by the origin after it was confirmed. */
  readonly cancelled: number;
  /** From the shopper's money to the origin's confirmation, half of the orders; null where there was none. */
  readonly confirmMedianSeconds: number | null;
};

/** The orders of this partner since a day in Vietnam, by what the legs were told. */
export async function readOrderScore(reader: Reader, partnerKey: string, from: string): Promise<OrderScore> {
  const { rows } = await reader.execute<OrderScore>(sql`
    select count(*)::int as placed, count(confirmed_at)::int as confirmed,
      (count(*) filter (where order_id is null and reason not in ('origin-silent', 'price-changed', 'payment-declined')))::int as refused,
      (count(*) filter (where reason = 'origin-silent'))::int as unanswered,
      (count(*) filter (where reason in ('price-changed', 'total-changed')))::int as repriced,
      (count(*) filter (where reason = 'too-late' or confirmed_at > confirm_by))::int as late,
      (count(*) filter (where confirmed_at is not null and reason in ('cancelled-by-origin', 'cancelled', 'expired')))::int as cancelled,
      round(percentile_cont(0.5) within group (order by greatest(0, extract(epoch from confirmed_at - authorised_at)))
        filter (where confirmed_at is not null))::int as "confirmMedianSeconds"
    from exchange_legs
    where partner_key = ${partnerKey} and authorised_at >= ${from}::date::timestamp at time zone 'Asia/Ho_Chi_Minh'`);
  const [row] = rows;
  if (!row) throw new Error('A count without a row');
  return row;
}
