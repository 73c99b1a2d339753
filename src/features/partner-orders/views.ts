import { inArray, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { federationChanges } from '#features/federation/tables.ts';
import { receivableOf } from '#features/ledger/types.ts';
import type { FulfilmentState, GroupState, OrderGroupId, OrderId, OrderState } from '#features/orders/types.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import type { Offer } from '#federation/protocol/record.ts';
import type { Booked } from './types.ts';

/** What the feed says of these offers now: the record, or that it was withdrawn. */
export async function listOffers(
  reader: Reader,
  uris: readonly string[],
): Promise<ReadonlyMap<string, Offer | 'withdrawn'>> {
  const rows = await reader
    .select({ uri: federationChanges.uri, op: federationChanges.op, record: federationChanges.record })
    .from(federationChanges)
    .where(inArray(federationChanges.uri, [...uris]));
  return new Map(
    rows.flatMap(({ uri, op, record }): [string, Offer | 'withdrawn'][] => {
      if (op === 'delete') return [[uri, 'withdrawn']];
      return record.kind === 'offer' ? [[uri, record]] : [];
    }),
  );
}

/** The life of our data: it ends when a backup is restored, and cursors of before mean nothing then. */
export async function readEpoch(reader: Reader): Promise<string> {
  const { rows } = await reader.execute<{ epoch: string }>(
    sql`select epoch::text as epoch from federation_feeds where lane = 'offer'`,
  );
  return rows[0]?.epoch ?? '';
}

export type Part = {
  readonly orderId: OrderId;
  readonly status: OrderState;
  readonly fulfilmentStatus: FulfilmentState;
};
export type GroupFacts = {
  readonly code: string;
  readonly status: GroupState;
  readonly totalVnd: number;
  readonly expiresAt: Date;
  readonly parts: readonly Part[];
  /** Pieces called off, by variant. */
  readonly cancelled: ReadonlyMap<string, number>;
  readonly trackingNumbers: readonly string[];
  /** What was said when the last part was called off. */
  readonly cancelReason: string | null;
  readonly booked: readonly Booked[];
};

type Raw = Omit<GroupFacts, 'expiresAt' | 'cancelled' | 'booked' | 'totalVnd'> & {
  readonly totalVnd: string;
  readonly expiresAt: string;
  readonly cancelled: Readonly<Record<string, number>>;
  readonly booked: readonly { readonly kind: Booked['kind']; readonly amountVnd: number; readonly at: string }[];
};

/**
 * An order group as its partner may know it, at one moment: no name, no number. What was confirmed and refunded is what the
 * partner's receivable says, so that an order and the statement of a day never differ.
 */
export async function readGroup(reader: Reader, groupId: OrderGroupId): Promise<GroupFacts> {
  const { rows } = await reader.execute<Raw>(sql`
    select g.code, g.status, g.total_vnd as "totalVnd", g.expires_at as "expiresAt",
      (select json_agg(json_build_object('orderId', o.id, 'status', o.status, 'fulfilmentStatus', o.fulfilment_status) order by o.id)
        from orders o where o.group_id = g.id) as parts,
      (select coalesce(json_object_agg(l.variant_id, l.cancelled_quantity), '{}') from order_lines l join orders o on o.id = l.order_id
        where o.group_id = g.id and l.cancelled_quantity > 0) as cancelled,
      (select coalesce(json_agg(distinct s.tracking_number), '[]') from shipments s join orders o on o.id = s.order_id
        where o.group_id = g.id and s.tracking_number <> '' and s.state <> 'cancelled') as "trackingNumbers",
      (select e.detail ->> 'reason' from order_events e join orders o on o.id = e.order_id
        where o.group_id = g.id and e.type = 'cancelled' order by e.at desc, e.id desc limit 1) as "cancelReason",
      (select coalesce(json_agg(json_build_object('kind', case when b.amount_vnd > 0 then 'confirmed' else 'refunded' end,
          'amountVnd', abs(b.amount_vnd), 'at', b.at) order by b.at, b.id), '[]')
        from (select e.id, e.amount_vnd, j.at from payments p
            join journals j on j.reference = any(array(select p.id union all select r.cause from refunds r where r.payment_id = p.id))
            join entries e on e.journal_id = j.id and e.account = 'receivable:' || p.partner_key
          where p.group_id = g.id and p.partner_key is not null) b) as booked
    from order_groups g where g.id = ${groupId}`);
  const [row] = rows;
  if (!row) throw new Error(`Order group ${groupId} is gone`);
  return {
    ...row,
    totalVnd: Number(row.totalVnd),
    expiresAt: new Date(row.expiresAt),
    cancelled: new Map(Object.entries(row.cancelled)),
    booked: row.booked.map((one) => ({ ...one, at: new Date(one.at) })),
  };
}

/** Which of these orders were sold by a partner exchange. */
export async function listGroupsOf(reader: Reader, orderIds: readonly OrderId[]): Promise<OrderGroupId[]> {
  const { rows } = await reader.execute<{ id: OrderGroupId }>(sql`
    select distinct p.group_id as id from partner_orders p join orders o on o.group_id = p.group_id
    where o.id = any(${sql.param([...orderIds])}::uuid[])`);
  return rows.map(({ id }) => id);
}

export type Settled = {
  readonly document: RemoteOrder;
  readonly confirmedVnd: number;
  readonly refundedVnd: number;
};

/** What one partner's receivable was moved by between two instants, order by order. */
export async function listSettled(reader: Reader, partnerKey: string, from: Date, until: Date): Promise<Settled[]> {
  type Row = { readonly document: RemoteOrder; readonly confirmedVnd: string; readonly refundedVnd: string };
  const { rows } = await reader.execute<Row>(sql`
    select p.document, coalesce(sum(b.amount_vnd) filter (where b.amount_vnd > 0), 0) as "confirmedVnd",
      coalesce(-sum(b.amount_vnd) filter (where b.amount_vnd < 0), 0) as "refundedVnd"
    from (select coalesce(paid.group_id, back.group_id) as group_id, e.amount_vnd from entries e join journals j on j.id = e.journal_id
        left join payments paid on paid.id = j.reference
        left join (refunds r join payments back on back.id = r.payment_id) on r.cause = j.reference
      where e.account = ${receivableOf(partnerKey)} and j.at >= ${from.toISOString()}::timestamptz and j.at < ${until.toISOString()}::timestamptz) b
    join partner_orders p on p.group_id = b.group_id
    group by p.group_id order by p.group_id`);
  return rows.map(({ document, confirmedVnd, refundedVnd }) => ({
    document,
    confirmedVnd: Number(confirmedVnd),
    refundedVnd: Number(refundedVnd),
  }));
}
