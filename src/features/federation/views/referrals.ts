import { sql } from 'drizzle-orm';
import type { Vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { ReferralDirection, ReferralId } from '../types.ts';

/** A mirrored listing as far as the way to it needs it. */
export type ReferredListing = {
  readonly partnerKey: string;
  readonly partner: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly categorySlug: string;
  readonly landingUrl: string;
  /** Shown now: its partner is active and offers it. */
  readonly isShown: boolean;
};

/** Of the partner whose domain it is: whoever else names such a uri is not led to. */
export async function findReferredListing(
  reader: Reader,
  uri: string,
  origin: string,
): Promise<ReferredListing | undefined> {
  const { rows } = await reader.execute<ReferredListing>(sql`
    select p.partner_key as "partnerKey", pa.name_vi as partner, p.name_vi as "nameVi", p.name_en as "nameEn", c.slug as "categorySlug",
      p.landing_url as "landingUrl", (p.status = 'listed' and pa.state in ('probation', 'active')) as "isShown"
    from partners pa join products p on p.partner_key = pa.key join categories c on c.id = p.category_id
    where pa.origin = ${origin} and p.origin_uri = ${uri} and p.landing_url is not null`);
  return rows[0];
}

/** What was paid for goods of an order, without freight; undefined while it is not paid. */
export async function findGoodsPaid(
  reader: Reader,
  groupId: string,
): Promise<{ readonly referralId: ReferralId; readonly goodsVnd: Vnd } | undefined> {
  const { rows } = await reader.execute<{ referralId: ReferralId; goodsVnd: string }>(sql`
    select r.id as "referralId", (select sum(o.total_vnd - o.shipping_vnd) from orders o where o.group_id = g.id) as "goodsVnd"
    from order_groups g join federation_referrals r on r.group_code = g.code
    where g.id = ${groupId} and g.paid_at is not null and r.converted_at is null`);
  const [row] = rows;
  return row && { referralId: row.referralId, goodsVnd: Number(row.goodsVnd) as Vnd };
}

/** Of one partner, one way and one day in Vietnam. */
export type ReferralDay = {
  readonly day: string;
  readonly partnerKey: string;
  readonly partner: string;
  readonly direction: ReferralDirection;
  readonly visits: number;
  readonly orders: number;
  readonly goodsVnd: Vnd;
  /** Orders that the partner which had sent the shopper has not taken up yet. */
  readonly unreported: number;
};

export async function listReferralDays(reader: Reader, from: Date, limit: number): Promise<ReferralDay[]> {
  const { rows } = await reader.execute<Omit<ReferralDay, 'goodsVnd'> & { goodsVnd: string }>(sql`
    select (r.at at time zone 'Asia/Ho_Chi_Minh')::date::text as day, r.partner_key as "partnerKey", p.name_vi as partner, r.direction,
      count(*)::int as visits, count(r.converted_at)::int as orders, coalesce(sum(r.goods_vnd), 0) as "goodsVnd",
      (count(*) filter (where r.direction = 'received' and r.converted_at is not null and r.reported_at is null))::int as unreported
    from federation_referrals r join partners p on p.key = r.partner_key where r.at >= ${from.toISOString()}::timestamptz
    group by 1, 2, 3, 4 order by 1 desc, 3, 4 limit ${limit}`);
  return rows.map((row) => ({ ...row, goodsVnd: Number(row.goodsVnd) as Vnd }));
}
