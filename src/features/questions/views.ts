import { and, count, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { products } from '#features/products/tables.ts';
import type { ProductId } from '#features/products/types.ts';
import { questionAskers, questions } from './tables.ts';
import type { QuestionId, QuestionState } from './types.ts';

const columns = {
  questionId: questions.id,
  state: questions.state,
  text: questions.text,
  shownName: questions.shownName,
  flags: questions.flags,
  reason: questions.reason,
  answer: questions.answer,
  answerState: questions.answerState,
  answeredAt: questions.answeredAt,
  createdAt: questions.createdAt,
  businessId: questions.businessId,
  businessName: businesses.name,
  productId: questions.productId,
  productName: products.nameVi,
  productSlug: products.slug,
};
const select = (reader: Reader) =>
  reader
    .select(columns)
    .from(questions)
    .innerJoin(products, eq(products.id, questions.productId))
    .innerJoin(businesses, eq(businesses.id, questions.businessId));
export type QuestionView = Awaited<ReturnType<typeof select>>[number];

export type QuestionScope = {
  readonly productId?: ProductId | undefined;
  readonly businessIds?: readonly BusinessId[] | undefined;
  readonly state?: QuestionState | undefined;
  /** Only those with an answer that everybody reads, or only those without any. */
  readonly answered?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};

const isAnswered = (answered: boolean | undefined) => {
  if (answered === undefined) return undefined;
  return answered ? eq(questions.answerState, 'published') : isNull(questions.answer);
};

/** Newest first. */
export async function listQuestions(reader: Reader, scope: QuestionScope) {
  const { productId, businessIds, state, answered, limit, cursor } = scope;
  const rows = await select(reader)
    .where(
      and(
        productId && eq(questions.productId, productId),
        businessIds && inArray(questions.businessId, [...businessIds]),
        state && eq(questions.state, state),
        isAnswered(answered),
        cursor
          ? sql`(${questions.createdAt}, ${questions.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(questions.createdAt), desc(questions.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      rows.length > limit && last ? encodeCursor({ value: last.createdAt.toISOString(), id: last.questionId }) : null,
  };
}

export async function findQuestion(
  reader: Reader,
  id: QuestionId,
  businessIds?: readonly BusinessId[],
): Promise<QuestionView | undefined> {
  const [row] = await select(reader).where(
    and(eq(questions.id, id), businessIds && inArray(questions.businessId, [...businessIds])),
  );
  return row;
}

export async function countShown(reader: Reader, productId: ProductId): Promise<number> {
  const [row] = await reader
    .select({ count: count() })
    .from(questions)
    .where(and(eq(questions.productId, productId), eq(questions.state, 'published')));
  return row?.count ?? 0;
}

export const listQuestionsOfPerson = (
  reader: Reader,
  { phone, accountId }: { readonly phone: string | null; readonly accountId: Id<'Account'> },
) =>
  reader
    .select({
      product: products.nameVi,
      text: questions.text,
      shownName: questions.shownName,
      state: questions.state,
      createdAt: questions.createdAt,
    })
    .from(questionAskers)
    .innerJoin(questions, eq(questions.id, questionAskers.questionId))
    .innerJoin(products, eq(products.id, questions.productId))
    .where(or(eq(questionAskers.accountId, accountId), phone === null ? undefined : eq(questionAskers.phone, phone)))
    .limit(1_000);
