import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import type { PartnerRow } from '../queries.ts';
import { SHOWN_STATES } from '../rules/states.ts';
import { partners } from '../tables.ts';
import type { RecallId, RecallReason } from '../types.ts';

export type RecallSend = {
  readonly partner: string;
  readonly acknowledgedAt: Date | null;
  /** From the recall to its acknowledgement. */
  readonly tookSeconds: number | null;
  readonly tries: number;
  /** What went wrong at the last try. */
  readonly fault: string | null;
};
export type RecallView = {
  readonly recallId: RecallId;
  readonly product: string;
  readonly reason: RecallReason;
  readonly openedAt: Date;
  readonly sends: readonly RecallSend[];
};

/** Those of `ids` that an authority's request keeps off the shelf now. */
export async function listTakenDown(reader: Reader, ids: readonly ProductId[]): Promise<ProductId[]> {
  const { rows } = await reader.execute<{ id: ProductId }>(sql`
    select t.product_id as id from takedowns t where t.status = 'down' and t.product_id = any(${sql.param([...ids])}::uuid[])`);
  return rows.map(({ id }) => id);
}

/** Partners that are let in and pull our feed, and so may hold a copy of what is in it. */
export const listReaders = (reader: Reader): Promise<PartnerRow[]> =>
  reader
    .select()
    .from(partners)
    .where(and(eq(partners.adapter, 'native'), inArray(partners.state, [...SHOWN_STATES])))
    .orderBy(partners.key);

export async function findSend(reader: Reader, recallId: RecallId, partnerKey: string) {
  const { rows } = await reader.execute<{ productId: ProductId; acknowledgedAt: string | null }>(sql`
    select r.product_id as "productId", s.acknowledged_at as "acknowledgedAt" from federation_recall_sends s
    join federation_recalls r on r.id = s.recall_id where s.recall_id = ${recallId} and s.partner_key = ${partnerKey}`);
  return rows[0];
}

export async function listRecalls(reader: Reader, limit: number): Promise<RecallView[]> {
  type Row = Omit<RecallView, 'openedAt' | 'sends'> & {
    readonly openedAt: string;
    readonly sends: readonly (Omit<RecallSend, 'acknowledgedAt'> & { readonly acknowledgedAt: string | null })[];
  };
  const { rows } = await reader.execute<Row>(sql`
    select r.id as "recallId", p.name_vi as product, r.reason, r.opened_at as "openedAt",
      coalesce((select json_agg(json_build_object('partner', coalesce(o.name_vi, s.partner_key), 'acknowledgedAt', s.acknowledged_at,
          'tookSeconds', round(extract(epoch from s.acknowledged_at - r.opened_at)::numeric, 1), 'tries', s.tries, 'fault', s.fault)
          order by s.acknowledged_at nulls first, s.partner_key)
        from federation_recall_sends s left join partners o on o.key = s.partner_key where s.recall_id = r.id), '[]') as sends
    from federation_recalls r join products p on p.id = r.product_id order by r.opened_at desc, r.id desc limit ${limit}`);
  return rows.map(({ openedAt, sends, ...row }) => ({
    ...row,
    openedAt: new Date(openedAt),
    sends: sends.map((send) => ({
      ...send,
      acknowledgedAt: send.acknowledgedAt ? new Date(send.acknowledgedAt) : null,
    })),
  }));
}
