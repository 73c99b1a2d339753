import { and, asc, desc, eq, isNotNull, lte, or, sql } from 'drizzle-orm';
import { type Id, newId } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { FileId } from '#features/files/types.ts';
import {
  complaintEvents,
  complaintMessages,
  complaintPhotos,
  complaintRules,
  complaints,
  publicHolidays,
} from '../tables.ts';
import type { Author, ComplaintEventType, ComplaintId, ComplaintRule, ComplaintState } from '../types.ts';

export type ComplaintRow = typeof complaints.$inferSelect;

/** The times that hold on a local day, `YYYY-MM-DD`. */
export async function getRule(reader: Reader, day: string): Promise<ComplaintRule> {
  const [rule] = await reader
    .select()
    .from(complaintRules)
    .where(lte(complaintRules.validFrom, day))
    .orderBy(desc(complaintRules.validFrom))
    .limit(1);
  if (!rule) throw new Error(`No times of complaints hold on ${day}: run the migrations`);
  return rule;
}

export const listHolidays = async (reader: Reader): Promise<ReadonlySet<string>> =>
  new Set((await reader.select({ day: publicHolidays.day }).from(publicHolidays)).map(({ day }) => day));

export async function insertComplaint(tx: Tx, row: typeof complaints.$inferInsert): Promise<void> {
  await tx.insert(complaints).values(row);
}

export async function lockComplaint(tx: Tx, id: ComplaintId): Promise<ComplaintRow | undefined> {
  const [row] = await tx.select().from(complaints).where(eq(complaints.id, id)).for('update');
  return row;
}

export async function saveComplaint(tx: Tx, id: ComplaintId, change: Partial<ComplaintRow>): Promise<void> {
  await tx.update(complaints).set(change).where(eq(complaints.id, id));
}

type Step = {
  readonly complaintId: ComplaintId;
  readonly type: ComplaintEventType;
  readonly fromState?: ComplaintState | 'none';
  readonly toState?: ComplaintState;
  readonly at: Date;
};
export async function addEvent(tx: Tx, step: Step): Promise<void> {
  await tx.insert(complaintEvents).values({ id: newId<'ComplaintEvent'>(), ...step });
}

export async function addMessage(
  tx: Tx,
  message: { readonly complaintId: ComplaintId; readonly author: Author; readonly text: string; readonly at: Date },
  photos: readonly FileId[] = [],
): Promise<void> {
  const messageId = newId<'ComplaintMessage'>();
  await tx.insert(complaintMessages).values({ id: messageId, ...message });
  if (photos.length > 0)
    await tx.insert(complaintPhotos).values(photos.map((fileId, place) => ({ messageId, fileId, place })));
}

/** Complaints whose clock has run out, oldest first. */
export const listDue = async (reader: Reader, now: Date, limit: number): Promise<ComplaintId[]> =>
  (
    await reader
      .select({ id: complaints.id })
      .from(complaints)
      .where(and(isNotNull(complaints.dueAt), lte(complaints.dueAt, now)))
      .orderBy(asc(complaints.dueAt))
      .limit(limit)
  ).map(({ id }) => id);

const emptied = { phone: '', accountId: null } as const;

/** What a person wrote goes with them; what was wrong, who decided and what went back stays. */
export async function forgetComplaintsOf(tx: Tx, phone: string, accountId: Id<'Account'>): Promise<void> {
  const own = or(phone === '' ? undefined : eq(complaints.phone, phone), eq(complaints.accountId, accountId));
  await tx
    .update(complaintMessages)
    .set({ text: '' })
    .where(
      and(
        eq(complaintMessages.author, 'shopper'),
        sql`${complaintMessages.complaintId} in (select ${complaints.id} from ${complaints} where ${own})`,
      ),
    );
  await tx.update(complaints).set(emptied).where(own);
}

/** The same for complaints that ended before then. */
export async function forgetComplaints(tx: Tx, before: Date): Promise<void> {
  const old = and(
    lte(complaints.updatedAt, before),
    sql`(${complaints.phone} <> '' or ${complaints.accountId} is not null)`,
  );
  await tx
    .update(complaintMessages)
    .set({ text: '' })
    .where(
      and(
        eq(complaintMessages.author, 'shopper'),
        sql`${complaintMessages.complaintId} in (select ${complaints.id} from ${complaints} where ${old})`,
      ),
    );
  await tx.update(complaints).set(emptied).where(old);
}
