import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { identityProblems } from '#features/identity/types.ts';
import type { Products } from '#features/products/index.ts';
import { productProblems } from '#features/products/types.ts';
import { queueProblems } from '#features/queues/types.ts';
import { actorOf, byOf, ownBusinesses, type Role } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  AnswerBody,
  AskBody,
  Asked,
  ProductQuestions,
  QuestionList,
  QuestionPage,
  QuestionParams,
  QuestionProductParams,
  QuestionVerdictBody,
  SellerQuestionQuery,
  StaffQuestionQuery,
} from './schemas.ts';
import type { Asking, Questions } from './service.ts';
import { questionProblems } from './types.ts';
import type { QuestionView } from './views.ts';

type Deps = { readonly questions: Questions; readonly products: Pick<Products, 'getProduct'> };
type DeskDeps = Pick<Deps, 'questions'>;
const problems = { ...identityProblems, ...productProblems, ...queueProblems, ...questionProblems };
const done = { 204: Type.Null({ description: 'Done' }) } as const;
/** Who speaks for the business in public. */
export const answerRoles: readonly Role[] = ['owner', 'manager'];
export const questionOfficers: readonly Role[] = ['moderator'];

export const askingOf = (request: FastifyRequest, phone: string, name: string): Asking => ({
  actor: actorOf(request),
  address: request.ip,
  accountId: request.caller.kind === 'account' ? request.caller.accountId : undefined,
  phone,
  name,
});

const toShown = ({ questionId, text, shownName, ...view }: QuestionView) => {
  const isShown = view.answerState === 'published';
  return {
    questionId,
    text,
    name: shownName,
    answer: isShown ? view.answer : null,
    answeredAt: isShown ? (view.answeredAt?.toISOString() ?? null) : null,
    createdAt: view.createdAt.toISOString(),
  };
};
const toDocument = (view: QuestionView) => ({
  ...toShown(view),
  answer: view.answer,
  answeredAt: view.answeredAt?.toISOString() ?? null,
  state: view.state,
  reason: view.reason,
  answerState: view.answerState,
  product: { productId: view.productId, name: view.productName },
});

export const questionRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { questions, products }) => {
  app.get(
    '/products/:productId/questions',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listProductQuestions',
        tags: ['catalogue'],
        summary: 'What shoppers ask of a product',
        description: 'Newest first, each with the seller’s answer where there is one.',
        params: QuestionProductParams,
        querystring: QuestionPage,
        response: { 200: ProductQuestions, ...refuses(problems, 'product-not-found', 'product-withdrawn') },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const { productId } = await products.getProduct(request.params.productId);
      const page = await questions.listOfProduct(productId, { limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-cache')
        .send({ count: page.count, items: page.items.map(toShown), nextCursor: page.nextCursor });
    },
  );
  app.post(
    '/products/:productId/questions',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'askQuestion',
        tags: ['catalogue'],
        summary: 'Ask something of a product',
        description:
          'Everybody reads question and answer; the phone number nobody. What the word filter marks waits for an officer (`state` is `waiting`). The same words of the same product are one question.',
        params: QuestionProductParams,
        body: AskBody,
        response: {
          200: Asked,
          ...refuses(
            problems,
            'product-not-found',
            'product-withdrawn',
            'question-words-missing',
            'question-contact-missing',
            'question-for-partner',
            'too-many-attempts',
          ),
        },
      },
    },
    async (request, reply) => {
      const { text, phone = '', name = '' } = request.body;
      const made = await questions.ask(askingOf(request, phone, name), request.params.productId, text);
      return reply.header('cache-control', 'no-store').send({ questionId: made.id, state: made.state });
    },
  );
};

export const sellerQuestionRoutes: FastifyPluginAsyncTypebox<DeskDeps> = async (app, { questions }) => {
  app.get(
    '/seller/questions',
    {
      config: { access: 'seller' },
      schema: {
        operationId: 'listSellerQuestions',
        tags: ['seller'],
        summary: 'What shoppers ask of my goods',
        description: 'Newest first, as everybody reads it.',
        querystring: SellerQuestionQuery,
        response: { 200: QuestionList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, answered } = request.query;
      const page = await questions.listOwn(ownBusinesses(request), { limit, answered, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toDocument), nextCursor: page.nextCursor });
    },
  );
  app.put(
    '/seller/questions/:questionId/answer',
    {
      config: { access: 'seller', roles: answerRoles },
      schema: {
        operationId: 'answerQuestion',
        tags: ['seller'],
        summary: 'Answer a question',
        description:
          'One answer, for everybody to read below it; put again, it is said otherwise. What the word filter marks waits for an officer.',
        params: QuestionParams,
        body: AnswerBody,
        response: { ...done, ...refuses(problems, 'question-not-found', 'question-words-missing') },
      },
    },
    async (request, reply) => {
      const who = { ...byOf(request), businessIds: ownBusinesses(request) };
      await questions.answer(who, request.params.questionId, request.body.text);
      return reply.code(204).send(null);
    },
  );
};

export const staffQuestionRoutes: FastifyPluginAsyncTypebox<DeskDeps> = async (app, { questions }) => {
  app.get(
    '/staff/questions',
    {
      config: { access: 'staff', roles: questionOfficers },
      schema: {
        operationId: 'listQuestions',
        tags: ['staff'],
        summary: 'Questions of all goods',
        description: 'Newest first, with those that wait and those that are hidden.',
        querystring: StaffQuestionQuery,
        response: { 200: QuestionList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, state } = request.query;
      const page = await questions.listAll({ state, limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toDocument), nextCursor: page.nextCursor });
    },
  );
  app.post(
    '/staff/questions/:questionId/verdict',
    {
      config: { access: 'staff', roles: questionOfficers },
      schema: {
        operationId: 'decideQuestion',
        tags: ['staff'],
        summary: 'Show or hide a question or its answer',
        description: 'To hide needs a reason, which whoever wrote it is told.',
        params: QuestionParams,
        body: QuestionVerdictBody,
        response: {
          ...done,
          ...refuses(problems, 'question-not-found', 'question-settled', 'question-words-missing', 'item-claimed'),
        },
      },
    },
    async (request, reply) => {
      const { verdict, reason = '' } = request.body;
      await questions.decide(byOf(request), request.params.questionId, { verdict, reason });
      return reply.code(204).send(null);
    },
  );
};
