import { and, asc, count, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { webhookAttempts, webhookEndpoints, webhookMessages } from './tables.ts';
import type { EndpointId, MessageId, WebhookEvent } from './types.ts';

export type EndpointRow = typeof webhookEndpoints.$inferSelect;
export type MessageRow = typeof webhookMessages.$inferSelect;
type BusinessIds = readonly Id<'Business'>[];

export async function insertEndpoint(tx: Tx, row: typeof webhookEndpoints.$inferInsert): Promise<void> {
  await tx.insert(webhookEndpoints).values(row);
}

export async function countEndpoints(reader: Reader, businessId: Id<'Business'>): Promise<number> {
  const [row] = await reader
    .select({ count: count() })
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.businessId, businessId));
  return row?.count ?? 0;
}

export const listEndpoints = (reader: Reader, businessIds: BusinessIds): Promise<EndpointRow[]> =>
  reader
    .select()
    .from(webhookEndpoints)
    .where(inArray(webhookEndpoints.businessId, [...businessIds]))
    .orderBy(asc(webhookEndpoints.id))
    .limit(200);

/** Those that are switched on and want such events. */
export const listListening = (reader: Reader): Promise<EndpointRow[]> =>
  reader.select().from(webhookEndpoints).where(isNull(webhookEndpoints.disabledAt)).limit(5_000);

export async function lockEndpoint(tx: Tx, id: EndpointId, businessIds: BusinessIds): Promise<EndpointRow | undefined> {
  const [row] = await tx
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, id), inArray(webhookEndpoints.businessId, [...businessIds])))
    .for('update');
  return row;
}

export async function findEndpoint(reader: Reader, id: EndpointId): Promise<EndpointRow | undefined> {
  const [row] = await reader.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id));
  return row;
}

export async function updateEndpoint(tx: Tx, id: EndpointId, change: Partial<EndpointRow>): Promise<void> {
  await tx.update(webhookEndpoints).set(change).where(eq(webhookEndpoints.id, id));
}

/** Its messages and tries go with it. */
export async function deleteEndpoint(tx: Tx, id: EndpointId): Promise<void> {
  await tx.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id));
}

/** The ids of those that are new: what was planned before is left out. */
export async function insertMessages(
  tx: Tx,
  rows: readonly (typeof webhookMessages.$inferInsert)[],
): Promise<MessageId[]> {
  if (rows.length === 0) return [];
  const fresh = await tx
    .insert(webhookMessages)
    .values([...rows])
    .onConflictDoNothing()
    .returning({ id: webhookMessages.id });
  return fresh.map(({ id }) => id);
}

/** One more try of what is still to be delivered, counted before it is made. */
export async function beginTry(tx: Tx, id: MessageId): Promise<MessageRow | undefined> {
  const [row] = await tx
    .update(webhookMessages)
    .set({ attempts: sql`${webhookMessages.attempts} + 1` })
    .where(and(eq(webhookMessages.id, id), eq(webhookMessages.state, 'queued')))
    .returning();
  return row;
}

export async function saveTry(
  tx: Tx,
  attempt: typeof webhookAttempts.$inferInsert,
  change: Partial<MessageRow>,
): Promise<void> {
  await tx.insert(webhookAttempts).values(attempt);
  await tx.update(webhookMessages).set(change).where(eq(webhookMessages.id, attempt.messageId));
}

export async function updateMessage(tx: Tx, id: MessageId, change: Partial<MessageRow>): Promise<void> {
  await tx.update(webhookMessages).set(change).where(eq(webhookMessages.id, id));
}

export async function findMessage(
  reader: Reader,
  id: MessageId,
  endpointId: EndpointId,
): Promise<MessageRow | undefined> {
  const [row] = await reader
    .select()
    .from(webhookMessages)
    .where(and(eq(webhookMessages.id, id), eq(webhookMessages.endpointId, endpointId)));
  return row;
}

/** What an endpoint was told, newest first, each with its last try. */
export const listMessages = (reader: Reader, endpointId: EndpointId, limit: number) => {
  const last = reader
    .select({ status: webhookAttempts.status, error: webhookAttempts.error, tookMs: webhookAttempts.tookMs })
    .from(webhookAttempts)
    .where(eq(webhookAttempts.messageId, webhookMessages.id))
    .orderBy(desc(webhookAttempts.id))
    .limit(1)
    .as('last_try');
  return reader
    .select({
      messageId: webhookMessages.id,
      type: webhookMessages.type,
      state: webhookMessages.state,
      attempts: webhookMessages.attempts,
      createdAt: webhookMessages.createdAt,
      nextTryAt: webhookMessages.nextTryAt,
      deliveredAt: webhookMessages.deliveredAt,
      status: last.status,
      error: last.error,
    })
    .from(webhookMessages)
    .leftJoinLateral(last, sql`true`)
    .where(eq(webhookMessages.endpointId, endpointId))
    .orderBy(desc(webhookMessages.id))
    .limit(limit);
};

export async function forgetMessages(tx: Tx, before: Date): Promise<number> {
  const gone = await tx
    .delete(webhookMessages)
    .where(and(lt(webhookMessages.createdAt, before), sql`${webhookMessages.state} <> 'queued'`))
    .returning({ id: webhookMessages.id });
  return gone.length;
}

export const wants = ({ events }: EndpointRow, type: WebhookEvent): boolean => events.includes(type);
