import { sql } from 'drizzle-orm';
import { type Vnd, vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId, BusinessType, WithholdingMode } from '#features/businesses/types.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import type { TaxedOrder } from './rules.ts';
import type { TaxFileRow } from './types.ts';

export type OrderFacts = TaxedOrder & {
  readonly orderId: OrderId;
  readonly groupId: OrderGroupId;
  readonly businessId: BusinessId;
  readonly type: BusinessType;
  /** As it was set for the business and day; null where nobody set any. */
  readonly mode: WithholdingMode | null;
  readonly received: boolean;
  /** Paid to the seller itself. */
  readonly direct: boolean;
};

/** All that the tax on an order depends on. */
export async function findOrderFacts(reader: Reader, orderId: OrderId, today: string): Promise<OrderFacts | undefined> {
  const { rows } = await reader.execute<{
    groupId: OrderGroupId;
    businessId: BusinessId;
    type: BusinessType;
    mode: WithholdingMode | null;
    received: boolean;
    direct: boolean;
    goods: string;
    services: string;
    paid: string;
    refunded: string;
    promotionBack: string;
  }>(sql`select o.group_id as "groupId", o.business_id as "businessId", b.type,
      (select w.mode from withholding_modes w where w.business_id = b.id and w.valid_from <= ${today}::date order by w.valid_from desc, w.set_at desc limit 1) as mode,
      o.fulfilment_status in ('delivered', 'returned') as received, o.settlement = 'direct' as direct,
      o.subtotal_vnd - o.discount_vnd as paid, coalesce((select sum(f.amount_vnd) from refunds f where f.order_id = o.id), 0)
        + coalesce((select sum(f.amount_vnd) from direct_refunds f where f.order_id = o.id and f.of_price), 0) as refunded,
      coalesce((select -sum(e.amount_vnd) from journals j join entries e on e.journal_id = j.id
        where j.reference = o.id::text and j.kind in ('refund-due', 'direct-refund') and e.account = 'promotion'), 0) as "promotionBack",
      l.goods, l.services
    from orders o join businesses b on b.id = o.business_id
    cross join lateral (select
        coalesce(sum(ol.total_vnd - ol.discount_vnd + ol.promotion_vnd) filter (where not c.is_tourism), 0) as goods,
        coalesce(sum(ol.total_vnd - ol.discount_vnd + ol.promotion_vnd) filter (where c.is_tourism), 0) as services
      from order_lines ol join variants v on v.id = ol.variant_id join products p on p.id = v.product_id join categories c on c.id = p.category_id
      where ol.order_id = o.id) l
    where o.id = ${orderId}`);
  const [row] = rows;
  if (!row) return undefined;
  const amount = (text: string): Vnd => vnd(Number(text));
  return {
    ...{
      orderId,
      groupId: row.groupId,
      businessId: row.businessId,
      type: row.type,
      mode: row.mode,
      received: row.received,
      direct: row.direct,
    },
    taken: { goods: amount(row.goods), services: amount(row.services) },
    paidVnd: amount(row.paid),
    refundedVnd: amount(row.refunded),
    promotionBackVnd: amount(row.promotionBack),
  };
}

/** The order that a refund is of; undefined for money that paid for nothing. */
export async function findRefundedOrder(reader: Reader, refundId: string): Promise<OrderId | undefined> {
  const { rows } = await reader.execute<{ id: OrderId | null }>(
    sql`select order_id as id from refunds where id = ${refundId}`,
  );
  return rows[0]?.id ?? undefined;
}

/** A household's revenue on the exchange since the year began. */
export async function sumOfYear(reader: Reader, businessId: BusinessId, year: string): Promise<Vnd> {
  const { rows } = await reader.execute<{ sum: string }>(
    sql`select coalesce(sum(case kind when 'withheld' then goods_vnd + services_vnd else -goods_vnd - services_vnd end), 0) as sum
      from tax_entries where business_id = ${businessId} and month like ${`${year}-%`}`,
  );
  return vnd(Number(rows[0]?.sum ?? 0));
}

/** The sellers of a month. */
export async function listMonth(reader: Reader, month: string): Promise<TaxFileRow[]> {
  const { rows } = await reader.execute<
    Record<keyof TaxFileRow, string>
  >(sql`select b.id as "businessId", b.name, b.type, b.tax_code as "taxCode",
      count(*) filter (where e.kind = 'withheld') as orders,
      coalesce(sum(e.goods_vnd) filter (where e.kind = 'withheld'), 0) as "goodsVnd",
      coalesce(sum(e.services_vnd) filter (where e.kind = 'withheld'), 0) as "servicesVnd",
      coalesce(sum(e.goods_vnd + e.services_vnd) filter (where e.kind = 'offset'), 0) as "returnedVnd",
      coalesce(sum(case e.kind when 'withheld' then e.taxable_vnd else -e.taxable_vnd end), 0) as "taxableVnd",
      coalesce(sum(case e.kind when 'withheld' then e.vat_vnd else -e.vat_vnd end), 0) as "vatVnd",
      coalesce(sum(case e.kind when 'withheld' then e.pit_vnd else -e.pit_vnd end), 0) as "pitVnd",
      coalesce(sum(e.vat_vnd) filter (where e.kind = 'offset'), 0) as "offsetVatVnd",
      coalesce(sum(e.pit_vnd) filter (where e.kind = 'offset'), 0) as "offsetPitVnd"
    from tax_entries e join businesses b on b.id = e.business_id where e.month = ${month} group by b.id order by b.name, b.id`);
  return rows.map(({ businessId, name, type, taxCode, ...amounts }) => ({
    ...{ businessId: businessId as BusinessId, name, type, taxCode },
    ...(Object.fromEntries(Object.entries(amounts).map(([key, value]) => [key, Number(value)])) as Omit<
      TaxFileRow,
      'businessId' | 'name' | 'type' | 'taxCode'
    >),
  }));
}

/** Months in which something was withheld, newest first. */
export async function listMonths(
  reader: Reader,
): Promise<{ month: string; vatVnd: number; pitVnd: number; sellers: number }[]> {
  const { rows } = await reader.execute<{ month: string; vat: string; pit: string; sellers: number }>(sql`select month,
      sum(case kind when 'withheld' then vat_vnd else -vat_vnd end) as vat, sum(case kind when 'withheld' then pit_vnd else -pit_vnd end) as pit,
      count(distinct business_id)::int as sellers from tax_entries group by month order by month desc limit 120`);
  return rows.map(({ month, vat, pit, sellers }) => ({ month, vatVnd: Number(vat), pitVnd: Number(pit), sellers }));
}
