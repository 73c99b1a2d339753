import { eq, sql } from 'drizzle-orm';
import { type Vnd, vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { QrCode } from '#features/payments/types.ts';
import type { VariantId } from '#features/products/types.ts';
import type { LegRow, RefundRow } from './queries.ts';
import { totalOf } from './rules.ts';
import { exchangeLegSteps } from './tables.ts';
import type { LegId } from './types.ts';

/** A partner's listing in the shop, with the offer behind it. Its price here is what was last pulled: the quote decides. */
export type Listed = {
  readonly variantId: VariantId;
  readonly productSlug: string;
  readonly partnerKey: string;
  readonly partnerName: string;
  readonly name: string;
  readonly label: string;
  readonly priceVnd: Vnd;
  readonly offerUri: string;
  readonly offerRev: number;
  readonly image: string | null;
  readonly isFresh: boolean;
  /** When the exchange last said what it costs. */
  readonly priceAsOf: string | null;
  readonly landingUrl: string | null;
  readonly isAlcohol: boolean;
};

/**
 * What of these variants is a partner's and shown. A price that nobody has confirmed for a quarter of an hour, or three turns
 * of the partner, is not fresh. One product shows the offer with the lowest position, as `mirror.ts` chose it.
 */
export async function listListed(reader: Reader, ids: readonly VariantId[], now: Date): Promise<Listed[]> {
  if (ids.length === 0) return [];
  const { rows } = await reader.execute<Omit<Listed, 'priceVnd' | 'offerRev'> & { priceVnd: string; offerRev: string }>(
    sql`select v.id as "variantId", p.slug as "productSlug", pa.key as "partnerKey", pa.name_vi as "partnerName", p.name_vi as name, v.label,
        pr.price_vnd as "priceVnd", o.uri as "offerUri", o.rev as "offerRev", p.landing_url as "landingUrl", c.is_alcohol as "isAlcohol",
        (select '/pictures/' || pic.id || '/160' from pictures pic where pic.product_id = p.id order by pic.position limit 1) as image,
        coalesce(coalesce(pa.prices_as_of, p.price_as_of) + greatest(make_interval(secs => 3 * pa.cadence_seconds), interval '15 minutes') >= ${now.toISOString()}::timestamptz, false) as "isFresh",
        to_char(coalesce(pa.prices_as_of, p.price_as_of) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "priceAsOf"
      from variants v join products p on p.id = v.product_id join partners pa on pa.key = p.partner_key join prices pr on pr.variant_id = v.id join categories c on c.id = p.category_id
      cross join lateral (select m.uri, m.rev from federation_mirrors m where m.partner_key = pa.key and m.listing_uri = p.origin_uri and m.record ->> 'kind' = 'offer'
        order by coalesce((m.record ->> 'position')::int, 0), m.uri limit 1) o
      where v.id = any(${sql.param([...ids])}::uuid[]) and v.active and p.status = 'listed' and pa.adapter = 'native'`,
  );
  return rows.map((row) => ({ ...row, priceVnd: vnd(Number(row.priceVnd)), offerRev: Number(row.offerRev) }));
}

export const findPartnerName = async (
  reader: Reader,
  key: string,
): Promise<{ readonly vi: string; readonly en: string; readonly url: string }> => {
  const { rows } = await reader.execute<{ vi: string; en: string; url: string }>(
    sql`select name_vi as vi, name_en as en, base_url as url from partners where key = ${key}`,
  );
  return rows[0] ?? { vi: key, en: key, url: '' };
};

export const listSteps = (reader: Reader, id: LegId) =>
  reader.select().from(exchangeLegSteps).where(eq(exchangeLegSteps.legId, id)).orderBy(exchangeLegSteps.seq);

export type LegView = ReturnType<typeof viewOfLeg>;

export type LegTransfer = QrCode & { readonly amountVnd: Vnd; readonly until: string };

/** As whoever knows the leg's secret sees it: nothing of the person. */
export const viewOfLeg = (
  leg: LegRow,
  seller: { readonly vi: string; readonly en: string; readonly url: string },
  refunds: readonly RefundRow[],
  transfer: LegTransfer | null,
) => ({
  legId: leg.id,
  code: leg.code,
  cartId: leg.cartId,
  exchange: { key: leg.partnerKey, name: seller.vi, nameEn: seller.en, url: seller.url },
  state: leg.state,
  stateSince: leg.stateSince.toISOString(),
  reason: leg.reason,
  terms: leg.terms,
  shippingCode: leg.shippingCode,
  totalVnd:
    leg.acceptedVnd ?? (leg.terms && leg.shippingCode !== null ? (totalOf(leg.terms, leg.shippingCode) ?? null) : null),
  captured: leg.capturedAt !== null,
  method: leg.method,
  receivedVnd: leg.receivedVnd,
  transfer,
  redirectUrl: leg.state === 'authorising' ? leg.redirectUrl : null,
  orderCode: leg.orderCode,
  trackingNumber: leg.trackingNumber,
  confirmBy: leg.confirmBy?.toISOString() ?? null,
  refundedVnd: refunds.reduce((sum, { amountVnd, status }) => sum + (status === 'failed' ? 0 : amountVnd), 0),
});

/** What a person's export says of goods that other exchanges sold them, and to whom their data went. */
export async function listLegsOfPerson(reader: Reader, phone: string): Promise<unknown[]> {
  const { rows } = await reader.execute(
    sql`select l.code, pa.name_vi as exchange, l.state, l.created_at as "orderedAt", l.accepted_vnd as "totalVnd", l.delivery,
        case when d.leg_id is null then null else json_build_object('to', pa.name_vi, 'url', pa.base_url, 'at', d.at, 'members', d.members) end as "disclosed"
      from exchange_legs l join partners pa on pa.key = l.partner_key left join exchange_disclosures d on d.leg_id = l.id
      where l.phone = ${phone} order by l.created_at`,
  );
  return rows;
}

/** Our own books of one day at one exchange: confirmed that day, and what went back that day, by the origin's clock. */
export async function listDay(
  reader: Reader,
  partnerKey: string,
  day: string,
): Promise<{ orderId: string; state: string; goods: number; shipping: number; refunded: number }[]> {
  const { rows } = await reader.execute<{
    orderId: string;
    state: string;
    goods: string;
    shipping: string;
    refunded: string;
  }>(
    sql`select l.order_id as "orderId", coalesce(l.order_state, 'confirmed') as state,
        case when c.today then (l.terms ->> 'goodsVnd')::bigint else 0 end as goods,
        case when c.today then l.accepted_vnd - (l.terms ->> 'goodsVnd')::bigint else 0 end as shipping, r.back as refunded
      from exchange_legs l
      cross join lateral (select (l.confirmed_at at time zone 'Asia/Ho_Chi_Minh')::date = ${day}::date as today) c
      cross join lateral (select coalesce(sum(f.amount_vnd), 0) as back from exchange_leg_refunds f where f.leg_id = l.id
        and (f.origin_at at time zone 'Asia/Ho_Chi_Minh')::date = ${day}::date) r
      where l.partner_key = ${partnerKey} and l.confirmed_at is not null and (c.today or r.back > 0) order by l.order_id`,
  );
  return rows.map(({ orderId, state, ...sums }) => ({
    orderId,
    state,
    goods: Number(sums.goods),
    shipping: Number(sums.shipping),
    refunded: Number(sums.refunded),
  }));
}
