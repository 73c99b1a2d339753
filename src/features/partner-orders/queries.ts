import { and, eq, lt, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import type { FeedPosition } from '#federation/protocol/cursor.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import { partnerOrders, partnerQuotes } from './tables.ts';
import type { QuoteId } from './types.ts';

export type QuoteRow = typeof partnerQuotes.$inferSelect;
export type PartnerOrderRow = typeof partnerOrders.$inferSelect;

export async function insertQuote(tx: Tx, row: QuoteRow): Promise<void> {
  await tx.insert(partnerQuotes).values(row);
}

export async function findQuote(reader: Reader, partnerKey: string, id: QuoteId): Promise<QuoteRow | undefined> {
  const [row] = await reader
    .select()
    .from(partnerQuotes)
    .where(and(eq(partnerQuotes.id, id), eq(partnerQuotes.partnerKey, partnerKey)));
  return row;
}

export async function forgetQuotes(tx: Tx, expiredBefore: Date): Promise<void> {
  await tx.delete(partnerQuotes).where(lt(partnerQuotes.expiresAt, expiredBefore));
}

/**
 * Two requests with one key come one after the other, so that the second finds what the first has made; so do two orders
 * by one quote.
 */
export async function lockNames(tx: Tx, names: readonly string[]): Promise<void> {
  for (const name of [...names].sort())
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`partner-order:${name}`}, 0))`);
}

export async function insertPartnerOrder(
  tx: Tx,
  row: Omit<PartnerOrderRow, 'rev' | 'tx' | 'document' | 'cancelReason'>,
): Promise<void> {
  await tx.insert(partnerOrders).values({ ...row, tx: sql`pg_current_xact_id()` });
}

export async function findByKey(reader: Reader, partnerKey: string, key: string): Promise<PartnerOrderRow | undefined> {
  const [row] = await reader
    .select()
    .from(partnerOrders)
    .where(and(eq(partnerOrders.partnerKey, partnerKey), eq(partnerOrders.key, key)));
  return row;
}

export async function findByQuote(reader: Reader, quoteId: QuoteId): Promise<PartnerOrderRow | undefined> {
  const [row] = await reader.select().from(partnerOrders).where(eq(partnerOrders.quoteId, quoteId));
  return row;
}

export async function findOrder(reader: Reader, groupId: OrderGroupId): Promise<PartnerOrderRow | undefined> {
  const [row] = await reader.select().from(partnerOrders).where(eq(partnerOrders.groupId, groupId));
  return row;
}

export async function saveCancelReason(tx: Tx, groupId: OrderGroupId, cancelReason: string): Promise<void> {
  await tx.update(partnerOrders).set({ cancelReason }).where(eq(partnerOrders.groupId, groupId));
}

export async function nextRevision(tx: Tx): Promise<number> {
  const { rows } = await tx.execute<{ rev: string }>(
    sql`select nextval(pg_get_serial_sequence('partner_orders', 'rev')) as rev`,
  );
  return Number(rows[0]?.rev);
}

/** What the partner is told from now on, at a new place of the feed. */
export async function saveDocument(tx: Tx, groupId: OrderGroupId, document: RemoteOrder): Promise<void> {
  await tx
    .update(partnerOrders)
    .set({ document, rev: document.rev, tx: sql`pg_current_xact_id()` })
    .where(eq(partnerOrders.groupId, groupId));
}

type Told = { readonly document: RemoteOrder; readonly tx: string; readonly seq: string };

/** Orders of one partner behind `from`. What a transaction that still runs may write is not given yet. */
export async function listTold(
  reader: Reader,
  partnerKey: string,
  from: FeedPosition,
  limit: number,
): Promise<readonly Told[]> {
  const { rows } = await reader.execute<Told>(sql`
    select document, tx::text as tx, rev::text as seq from partner_orders
    where partner_key = ${partnerKey} and document is not null and tx < pg_snapshot_xmin(pg_current_snapshot())
      and (tx, rev) > (${from.tx}::xid8, ${from.seq}::bigint)
    order by tx, rev limit ${limit}`);
  return rows;
}
