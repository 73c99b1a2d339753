import { type Clock, dayMs, localDate } from '#core/clock.ts';
import { type Id, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { readAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { flagsInText } from '#features/changes/index.ts';
import { readPhone } from '#features/identity/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Products } from '#features/products/index.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';
import { heededFlags, shownName, stateFor } from '#features/reviews/index.ts';
import { findAsker, findSame, insertQuestion, lockQuestion, type QuestionRow, saveQuestion } from './queries.ts';
import { checkText, maxAnswer, maxQuestion, questionsAnHour } from './rules.ts';
import { type QuestionId, type QuestionVerdict, questionProblems } from './types.ts';
import { countShown, findQuestion, listQuestions, type QuestionScope, type QuestionView } from './views.ts';

const refuse = refusals(questionProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly products: Pick<Products, 'getProduct'>;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly queues: Queues;
  /** So many an hour from one place. 429 `too-many-attempts`. */
  readonly atMost: (key: string, max: number) => Promise<unknown>;
};
export type Questions = ReturnType<typeof createQuestions>;

/** Who asks. Without an account there is a phone number, so that somebody hears of the answer. */
export type Asking = {
  readonly actor: string;
  readonly address: string;
  readonly accountId: Id<'Account'> | undefined;
  readonly phone: string;
  readonly name: string;
};
type Officer = { readonly actor: string; readonly address: string };
type Member = Officer & { readonly businessIds: readonly BusinessId[] };
type Decision = { readonly verdict: QuestionVerdict; readonly reason: string };

/** A working day, as for what buyers say. */
const lookMs = dayMs;
const subjectOf = (id: QuestionId) => ({ kind: 'question', id }) as const;
const desk = '/ban-hang/hoi-dap';

/** A number that can be called, or nothing for those who are signed in. */
function phoneOf({ phone, accountId }: Asking): string | null {
  const read = readPhone(phone);
  if (read) return read;
  if (accountId && phone === '') return null;
  throw refuse('question-contact-missing', { pointer: '/phone', errors: [{ pointer: '/phone' }] });
}

const marksOf = (text: string, now: Date) => heededFlags(flagsInText('text', text, localDate(now)));
const waits = ({ state, answerState }: Pick<QuestionRow, 'state' | 'answerState'>): boolean =>
  state === 'waiting' || answerState === 'waiting';

/** Before the officers while something of it waits, and away from them when nothing does. */
async function place({ queues, now }: Deps, tx: Tx, row: QuestionRow, product: string): Promise<void> {
  if (!waits(row)) {
    await queues.settle(tx, subjectOf(row.id), 'withdrawn');
    return;
  }
  await queues.put(tx, {
    queue: 'questions',
    subject: subjectOf(row.id),
    title: product,
    path: `/quan-tri/hoi-dap/${row.id}`,
    businessId: row.businessId,
    dueAt: new Date(now().getTime() + lookMs),
  });
}

const tellSeller = ({ notices }: Deps, tx: Tx, { id, businessId }: QuestionRow, product: string) =>
  notices.tell(tx, {
    kind: 'question.asked',
    to: { businessId },
    values: { product },
    path: desk,
    key: `question:${id}`,
  });

type Told = { readonly kind: string; readonly reason?: string; readonly key: string };

async function tellAsker(
  { notices }: Deps,
  tx: Tx,
  { questionId, productName, productSlug }: QuestionView,
  { kind, reason = '', key }: Told,
): Promise<void> {
  const asker = await findAsker(tx, questionId);
  const to = asker?.accountId ? { accountId: asker.accountId } : asker?.phone ? { phone: asker.phone } : undefined;
  // Whose number was forgotten is not to be found again.
  if (!to) return;
  const values = { product: productName, reason };
  await notices.tell(tx, { kind, to, values, path: `/san-pham/${productSlug}/hoi-dap`, key });
}

const createAsking = (deps: Deps) => {
  const { db, now, products, atMost } = deps;
  return {
    /** Asks something of a product of ours. What the word filter marks waits for an officer. */
    ask: async (asking: Asking, idOrSlug: string, typed: string): Promise<QuestionRow> => {
      const text = checkText(typed, maxQuestion, '/text');
      const phone = phoneOf(asking);
      const product = await products.getProduct(idOrSlug);
      if (product.partner) throw refuse('question-for-partner');
      await atMost(`question:${asking.address}`, questionsAnHour);
      const flags = marksOf(text, now());
      const row: QuestionRow = {
        id: newId<'Question'>(),
        productId: product.productId as ProductId,
        businessId: product.business.businessId as BusinessId,
        state: stateFor(flags),
        text,
        shownName: shownName(asking.name),
        flags,
        reason: null,
        answer: null,
        answerState: null,
        answeredAt: null,
        createdAt: now(),
      };
      return transact(db, asking.actor, async (tx) => {
        const made = await insertQuestion(tx, row, { phone, accountId: asking.accountId ?? null });
        if (!made) return (await findSame(tx, row.productId, text)) ?? row;
        await place(deps, tx, row, product.name);
        if (row.state === 'published') await tellSeller(deps, tx, row, product.name);
        return row;
      });
    },
  };
};

/** What the seller does: answers once, and may say it otherwise. Nobody takes away what is asked of their own goods. */
const createAnswering = (deps: Deps) => {
  const { db, now } = deps;
  const getOwn = async (businessIds: readonly BusinessId[], id: QuestionId): Promise<QuestionView> => {
    const known = await readAsSeller(db, businessIds, (reader) => findQuestion(reader, id, businessIds));
    if (known?.state !== 'published') throw refuse('question-not-found');
    return known;
  };
  return {
    getOwn,
    listOwn: (businessIds: readonly BusinessId[], scope: QuestionScope) =>
      readAsSeller(db, businessIds, (reader) => listQuestions(reader, { ...scope, businessIds, state: 'published' })),
    answer: async ({ actor, address, businessIds }: Member, id: QuestionId, typed: string): Promise<void> => {
      const answer = checkText(typed, maxAnswer, '/text');
      const known = await getOwn(businessIds, id);
      // That it is theirs was read as the seller; who asked is closed to sellers, and is told in this same transaction.
      await transact(db, actor, async (tx) => {
        const row = await lockQuestion(tx, id);
        if (row?.state !== 'published') throw refuse('question-not-found');
        const answerState = stateFor(marksOf(answer, now()), row.answerState);
        const change = { answer, answerState, answeredAt: now() };
        await saveQuestion(tx, id, change);
        await place(deps, tx, { ...row, ...change }, known.productName);
        const { audit } = deps;
        await audit.record(tx, {
          action: 'question.answered',
          subject: subjectOf(id),
          before: { answer: row.answer },
          after: { answer, answerState },
          onBehalfOf: row.businessId,
          address,
        });
        if (answerState === 'published')
          await tellAsker(deps, tx, known, { kind: 'question.answered', key: `question-answered:${id}` });
      });
    },
  };
};

/** What a verdict changes; 409 where it is so already. */
function changeOf(row: QuestionRow, { verdict, reason }: Decision): Partial<QuestionRow> {
  const state = verdict.startsWith('show') ? ('published' as const) : ('hidden' as const);
  if (verdict.endsWith('-answer')) {
    if (row.answerState === null || row.answerState === state) throw refuse('question-settled');
    return { answerState: state };
  }
  // What went with the person does not come back.
  if (row.state === state || row.text === '') throw refuse('question-settled');
  return { state, reason: state === 'hidden' ? reason : null };
}

const createDeciding = (deps: Deps) => {
  const { db, now, queues, audit, notices } = deps;
  const getQuestion = async (id: QuestionId): Promise<QuestionView> => {
    const known = await findQuestion(db, id);
    if (!known) throw refuse('question-not-found');
    return known;
  };
  const tell = async (tx: Tx, known: QuestionView, row: QuestionRow, change: Partial<QuestionRow>, reason: string) => {
    const key = `${row.id}:${now().getTime()}`;
    const { businessId, productName } = known;
    if (change.state === 'hidden') await tellAsker(deps, tx, known, { kind: 'question.hidden', reason, key });
    if (change.state === 'published') {
      await tellAsker(deps, tx, known, { kind: 'question.shown', key });
      await tellSeller(deps, tx, row, productName);
    }
    if (change.answerState === 'published')
      await tellAsker(deps, tx, known, { kind: 'question.answered', key: `question-answered:${row.id}` });
    if (change.answerState !== 'hidden') return;
    const values = { product: productName, reason };
    await notices.tell(tx, { kind: 'question.answer-hidden', to: { businessId }, values, path: desk, key });
  };
  return {
    getQuestion,
    listAll: (scope: QuestionScope) => listQuestions(db, scope),
    decide: async ({ actor, address }: Officer, id: QuestionId, { verdict, reason: typed }: Decision) => {
      const reason = verdict.startsWith('hide') ? checkText(typed, maxAnswer, '/reason') : '';
      const known = await getQuestion(id);
      await transact(db, actor, async (tx) => {
        const row = await lockQuestion(tx, id);
        if (!row) throw refuse('question-not-found');
        const change = changeOf(row, { verdict, reason });
        await saveQuestion(tx, id, change);
        if (!waits({ ...row, ...change }))
          await queues.settle(tx, subjectOf(id), reason === '' ? 'approved' : 'rejected');
        await audit.record(tx, {
          action: `question.${verdict}`,
          subject: subjectOf(id),
          before: { state: row.state, answerState: row.answerState },
          after: { state: row.state, answerState: row.answerState, ...change },
          reason: reason || undefined,
          address,
        });
        await tell(tx, known, row, change, reason);
      });
    },
  };
};

/** What shoppers ask of goods, what sellers answer, and what officers show of it. */
export const createQuestions = (deps: Deps) => ({
  ...createAsking(deps),
  ...createAnswering(deps),
  ...createDeciding(deps),
  /** What everybody reads of a product, with how many there are. */
  listOfProduct: async (productId: ProductId, page: Pick<QuestionScope, 'limit' | 'cursor' | 'answered'>) => ({
    ...(await listQuestions(deps.db, { ...page, productId, state: 'published' })),
    count: await countShown(deps.db, productId),
  }),
});
