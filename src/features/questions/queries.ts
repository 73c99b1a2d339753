import { and, eq, inArray, lte, ne, or } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import { questionAskers, questions } from './tables.ts';
import type { QuestionId } from './types.ts';

export type QuestionRow = typeof questions.$inferSelect;
export type Asker = { readonly phone: string | null; readonly accountId: Id<'Account'> | null };

/** False where the same was asked of this product before. */
export async function insertQuestion(tx: Tx, row: typeof questions.$inferInsert, asker: Asker): Promise<boolean> {
  const made = await tx.insert(questions).values(row).onConflictDoNothing().returning({ id: questions.id });
  if (made.length === 0) return false;
  await tx.insert(questionAskers).values({ questionId: row.id, ...asker });
  return true;
}

export async function findSame(reader: Reader, productId: ProductId, text: string): Promise<QuestionRow | undefined> {
  const [row] = await reader
    .select()
    .from(questions)
    .where(and(eq(questions.productId, productId), eq(questions.text, text)));
  return row;
}

export async function lockQuestion(tx: Tx, id: QuestionId): Promise<QuestionRow | undefined> {
  const [row] = await tx.select().from(questions).where(eq(questions.id, id)).for('update');
  return row;
}

export async function saveQuestion(tx: Tx, id: QuestionId, change: Partial<QuestionRow>): Promise<void> {
  await tx.update(questions).set(change).where(eq(questions.id, id));
}

export async function findAsker(reader: Reader, questionId: QuestionId): Promise<Asker | undefined> {
  const [row] = await reader
    .select({ phone: questionAskers.phone, accountId: questionAskers.accountId })
    .from(questionAskers)
    .where(eq(questionAskers.questionId, questionId));
  return row;
}

/** Why a question is hidden whose words went with the person. */
const forgotten = 'Người hỏi đã xóa dữ liệu của mình.';

/** The words go with the person, and what was answered to them is shown no more. */
export async function forgetAsker(
  tx: Tx,
  { phone, accountId }: { readonly phone: string | null; readonly accountId: Id<'Account'> },
): Promise<void> {
  const own = or(eq(questionAskers.accountId, accountId), phone === null ? undefined : eq(questionAskers.phone, phone));
  const gone = { phone: null, accountId: null };
  const rows = await tx.update(questionAskers).set(gone).where(own).returning({ id: questionAskers.questionId });
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  const nothing = { text: '', shownName: '', flags: [], state: 'hidden', reason: forgotten } as const;
  await tx.update(questions).set(nothing).where(inArray(questions.id, ids));
}

/** Names and numbers that old are of no use to anybody any more; question and answer stay. */
export async function forgetOldAskers(tx: Tx, before: Date): Promise<void> {
  const old = await tx
    .update(questions)
    .set({ shownName: '' })
    .where(and(lte(questions.createdAt, before), ne(questions.shownName, '')))
    .returning({ id: questions.id });
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.update(questionAskers).set({ phone: null, accountId: null }).where(inArray(questionAskers.questionId, ids));
}
