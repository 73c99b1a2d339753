import { and, desc, eq, inArray, isNotNull, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Cursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { noticeDeliveries, noticeSettings, notices } from './tables.ts';
import type { DeliveryId, NoticeId } from './types.ts';

export type NoticeRow = typeof notices.$inferSelect;
export type DeliveryRow = typeof noticeDeliveries.$inferSelect;
export type SettingsRow = typeof noticeSettings.$inferSelect;

/** The ids of those that are new: a notice whose key was told before is left out. */
export async function insertNotices(tx: Tx, rows: readonly (typeof notices.$inferInsert)[]): Promise<NoticeId[]> {
  if (rows.length === 0) return [];
  const fresh = await tx
    .insert(notices)
    .values([...rows])
    .onConflictDoNothing()
    .returning({ id: notices.id });
  return fresh.map(({ id }) => id);
}

/** The notice, if nobody has spread it yet; nobody else can meanwhile. */
export async function lockUnspread(tx: Tx, id: NoticeId): Promise<NoticeRow | undefined> {
  const [row] = await tx
    .select()
    .from(notices)
    .where(and(eq(notices.id, id), isNull(notices.spreadAt)))
    .for('update');
  return row;
}

export async function saveSpread(
  tx: Tx,
  id: NoticeId,
  rows: readonly (typeof noticeDeliveries.$inferInsert)[],
  at: Date,
): Promise<void> {
  await tx.update(notices).set({ spreadAt: at }).where(eq(notices.id, id));
  if (rows.length > 0)
    await tx
      .insert(noticeDeliveries)
      .values([...rows])
      .onConflictDoNothing();
}

/** One more try of what is still to be sent, counted before it is made; undefined when it is not to be sent any more. */
export async function beginAttempt(tx: Tx, id: DeliveryId) {
  const [delivery] = await tx
    .update(noticeDeliveries)
    .set({ attempts: sql`${noticeDeliveries.attempts} + 1` })
    .where(and(eq(noticeDeliveries.id, id), eq(noticeDeliveries.state, 'queued')))
    .returning();
  if (!delivery) return undefined;
  const [notice] = await tx.select().from(notices).where(eq(notices.id, delivery.noticeId));
  return notice && { delivery, notice };
}

export async function saveSent(tx: Tx, id: DeliveryId, providerReference: string, at: Date): Promise<void> {
  await tx
    .update(noticeDeliveries)
    .set({ state: 'sent', sentAt: at, providerReference, lastError: null })
    .where(eq(noticeDeliveries.id, id));
}

export async function saveFailure(
  tx: Tx,
  id: DeliveryId,
  failure: { readonly lastError: string; readonly again: Date | undefined },
): Promise<void> {
  await tx
    .update(noticeDeliveries)
    .set({ lastError: failure.lastError, ...(failure.again ? { notBefore: failure.again } : { state: 'failed' }) })
    .where(and(eq(noticeDeliveries.id, id), eq(noticeDeliveries.state, 'queued')));
}

/** Forgets the code of a notice of which nothing is left to send. */
export async function forgetContent(tx: Tx, id: NoticeId): Promise<void> {
  const open = tx
    .select({ one: sql`1` })
    .from(noticeDeliveries)
    .where(and(eq(noticeDeliveries.noticeId, id), eq(noticeDeliveries.state, 'queued')));
  await tx
    .update(notices)
    .set({ contentSealed: null })
    .where(and(eq(notices.id, id), sql`not exists (${open})`));
}

/** Forgets where a notice went of which nothing is left to send. */
export async function forgetRecipient(tx: Tx, id: NoticeId): Promise<void> {
  const done = and(eq(noticeDeliveries.noticeId, id), ne(noticeDeliveries.state, 'queued'));
  await tx.update(noticeDeliveries).set({ address: '', providerReference: null }).where(done);
  await tx
    .update(notices)
    .set({ recipient: { phone: '' } })
    .where(eq(notices.id, id));
}

export async function requeue(tx: Tx, id: DeliveryId, at: Date): Promise<boolean> {
  const done = await tx
    .update(noticeDeliveries)
    .set({ state: 'queued', attempts: 0, notBefore: at })
    .where(and(eq(noticeDeliveries.id, id), eq(noticeDeliveries.state, 'failed')))
    .returning({ id: noticeDeliveries.id });
  return done.length > 0;
}

export async function findNotice(reader: Reader, id: NoticeId): Promise<NoticeRow | undefined> {
  const [row] = await reader.select().from(notices).where(eq(notices.id, id));
  return row;
}

export async function findDelivery(reader: Reader, id: DeliveryId): Promise<DeliveryRow | undefined> {
  const [row] = await reader.select().from(noticeDeliveries).where(eq(noticeDeliveries.id, id));
  return row;
}

const before = ({ id }: Cursor) => lt(noticeDeliveries.id, id as DeliveryId);
const inbox = {
  deliveryId: noticeDeliveries.id,
  kind: notices.kind,
  values: notices.values,
  path: notices.path,
  createdAt: notices.createdAt,
  readAt: noticeDeliveries.readAt,
};

/** What an account was told in the app, the newest first. */
export const listInbox = (reader: Reader, accountId: Id<'Account'>, limit: number, cursor: Cursor | undefined) =>
  reader
    .select(inbox)
    .from(noticeDeliveries)
    .innerJoin(notices, eq(notices.id, noticeDeliveries.noticeId))
    .where(
      and(
        eq(noticeDeliveries.accountId, accountId),
        eq(noticeDeliveries.channel, 'in-app'),
        cursor ? before(cursor) : undefined,
      ),
    )
    .orderBy(desc(noticeDeliveries.id))
    .limit(limit);

/** How many messages in the app an account has not read. */
export const countUnread = (reader: Reader, accountId: Id<'Account'>): Promise<number> =>
  reader.$count(
    noticeDeliveries,
    and(
      eq(noticeDeliveries.accountId, accountId),
      eq(noticeDeliveries.channel, 'in-app'),
      isNull(noticeDeliveries.readAt),
    ),
  );

export async function markRead(
  tx: Tx,
  accountId: Id<'Account'>,
  ids: readonly DeliveryId[] | undefined,
  at: Date,
): Promise<number> {
  const read = await tx
    .update(noticeDeliveries)
    .set({ readAt: at })
    .where(
      and(
        eq(noticeDeliveries.accountId, accountId),
        eq(noticeDeliveries.channel, 'in-app'),
        isNull(noticeDeliveries.readAt),
        ids ? inArray(noticeDeliveries.id, [...ids]) : undefined,
      ),
    )
    .returning({ id: noticeDeliveries.id });
  return read.length;
}

export type LogFilter = { readonly state?: DeliveryRow['state'] | undefined; readonly kind?: string | undefined };

/** The log of what went out, the newest first: never what it said, which may be a code. */
export const listLog = (reader: Reader, { state, kind }: LogFilter, limit: number, cursor: Cursor | undefined) =>
  reader
    .select({
      deliveryId: noticeDeliveries.id,
      kind: notices.kind,
      channel: noticeDeliveries.channel,
      address: noticeDeliveries.address,
      state: noticeDeliveries.state,
      attempts: noticeDeliveries.attempts,
      lastError: noticeDeliveries.lastError,
      notBefore: noticeDeliveries.notBefore,
      createdAt: notices.createdAt,
      sentAt: noticeDeliveries.sentAt,
      providerReference: noticeDeliveries.providerReference,
    })
    .from(noticeDeliveries)
    .innerJoin(notices, eq(notices.id, noticeDeliveries.noticeId))
    .where(
      and(
        ne(noticeDeliveries.channel, 'in-app'),
        state ? eq(noticeDeliveries.state, state) : undefined,
        kind ? eq(notices.kind, kind) : undefined,
        cursor ? before(cursor) : undefined,
      ),
    )
    .orderBy(desc(noticeDeliveries.id))
    .limit(limit);

export async function findSettings(reader: Reader, accountId: Id<'Account'>): Promise<SettingsRow | undefined> {
  const [row] = await reader.select().from(noticeSettings).where(eq(noticeSettings.accountId, accountId));
  return row;
}

export async function saveSettings(tx: Tx, row: SettingsRow): Promise<void> {
  await tx.insert(noticeSettings).values(row).onConflictDoUpdate({ target: noticeSettings.accountId, set: row });
}

type Whom = { readonly accountId: Id<'Account'>; readonly phone: string | null; readonly email: string | null };

/** Told to the account, or to a number or address of theirs while they had none; by mail too, for orders with their number. */
const toldTo = ({ accountId, phone, email }: Whom): SQL | undefined => {
  const addresses = [phone, email].filter((address) => address !== null);
  const unnamed = and(isNull(noticeDeliveries.accountId), inArray(noticeDeliveries.address, addresses));
  const ordered = sql`${noticeDeliveries.noticeId} in (select ${notices.id} from ${notices} where ${notices.recipient} ->> 'phone' = ${phone})`;
  return or(
    eq(noticeDeliveries.accountId, accountId),
    addresses.length > 0 ? unnamed : undefined,
    phone === null ? undefined : ordered,
  );
};

/** All that somebody was told, by which way and where to. */
export const listTold = (reader: Reader, whom: Whom) =>
  reader
    .select({
      kind: notices.kind,
      values: notices.values,
      channel: noticeDeliveries.channel,
      address: noticeDeliveries.address,
      language: noticeDeliveries.language,
      state: noticeDeliveries.state,
      createdAt: notices.createdAt,
      sentAt: noticeDeliveries.sentAt,
      readAt: noticeDeliveries.readAt,
    })
    .from(noticeDeliveries)
    .innerJoin(notices, eq(notices.id, noticeDeliveries.noticeId))
    .where(toldTo(whom))
    .orderBy(desc(noticeDeliveries.id))
    .limit(10_000);

/**
 * Leaves of what somebody was told only that something of this kind went out, and when. What was not sent yet is not sent
 * any more; what nobody has spread yet is the farewell itself, which old age takes.
 */
export async function forgetTold(tx: Tx, whom: Whom): Promise<void> {
  await tx
    .update(noticeDeliveries)
    .set({ state: 'failed', lastError: 'forgotten' })
    .where(and(toldTo(whom), eq(noticeDeliveries.state, 'queued')));
  await tx.update(noticeDeliveries).set({ address: '', providerReference: null }).where(toldTo(whom));
  const { accountId, phone, email } = whom;
  const to = notices.recipient;
  await tx
    .update(notices)
    .set({ recipient: { accountId }, values: {}, path: null, contentSealed: null })
    .where(
      and(
        isNotNull(notices.spreadAt),
        sql`(${to} ->> 'accountId' = ${accountId} or ${to} ->> 'phone' = ${phone} or ${to} ->> 'email' = ${email})`,
      ),
    );
  await tx.delete(noticeSettings).where(eq(noticeSettings.accountId, accountId));
}

/** The log of what was told before then goes whole. */
export async function forgetNotices(tx: Tx, before: Date): Promise<void> {
  const old = tx.select({ id: notices.id }).from(notices).where(lt(notices.createdAt, before));
  await tx.delete(noticeDeliveries).where(inArray(noticeDeliveries.noticeId, old));
  await tx.delete(notices).where(lt(notices.createdAt, before));
}
