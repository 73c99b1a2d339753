import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { queueProblems } from '#features/queues/types.ts';
import { actorOf, byOf, ownBusinesses, type Role } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import type { Decider } from './deps.ts';
import { toDocument } from './routes.ts';
import {
  AcceptBody,
  OwnReturnQuery,
  ReceiveBody,
  ReturnDocument,
  ReturnList,
  ReturnParams,
  ReturnQuery,
  VerdictBody,
  WordsBody,
} from './schemas.ts';
import type { Care } from './service.ts';
import { returnProblems } from './types.ts';

type Deps = { readonly care: Care; readonly idempotent: Idempotent };
const problems = { ...returnProblems, ...queueProblems };
const done = { 204: Type.Null({ description: 'Done' }) } as const;
const reads = { access: 'seller', keyScope: 'orders:read' } as const;
const writes = { access: 'seller', keyScope: 'orders:write' } as const;
/** Money is for those who answer for the business; a packer receives parcels. */
export const answerRoles: readonly Role[] = ['owner', 'manager'];
export const returnReaders: readonly Role[] = ['support', 'finance', 'auditor'];
export const returnOfficers: readonly Role[] = ['support'];

export const deciderOf = (request: FastifyRequest): Decider => ({
  actor: actorOf(request),
  address: request.ip,
  businessIds: ownBusinesses(request),
});

const Refunded = Type.Object(
  {
    code: ReturnDocument.properties.code,
    state: ReturnDocument.properties.state,
    refundVnd: ReturnDocument.properties.refundVnd,
  },
  { title: 'ReturnDecided' },
);
type Decided = Static<typeof Refunded>;
const decidedOf = ({ code, state, refundVnd }: Decided): Decided => ({ code, state, refundVnd });

/** What the seller reads, and answers without money moving. */
const sellerReading: FastifyPluginAsyncTypebox<Deps> = async (app, { care }) => {
  app.get(
    '/seller/returns',
    {
      config: reads,
      schema: {
        operationId: 'listSellerReturns',
        tags: ['seller'],
        summary: 'Returns to my businesses',
        description: 'Newest first, each with the clock of its step.',
        querystring: OwnReturnQuery,
        response: { 200: ReturnList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, state } = request.query;
      const page = await care.listOwnReturns(ownBusinesses(request), { limit, cursor: readCursor(cursor), state });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toDocument), nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/seller/returns/:code',
    {
      config: reads,
      schema: {
        operationId: 'getSellerReturn',
        tags: ['seller'],
        summary: 'One return',
        description: 'What goes back, why, and where it stands.',
        params: ReturnParams,
        response: { 200: ReturnDocument, ...refuses(problems, 'return-not-found') },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send(toDocument(await care.getOwnReturn(ownBusinesses(request), request.params.code))),
  );
  const says = (verb: 'refuse' | 'contest', operationId: string, summary: string, description: string): void => {
    app.post(
      `/seller/returns/:code/${verb}`,
      {
        config: { ...writes, roles: answerRoles },
        schema: {
          operationId,
          tags: ['seller'],
          summary,
          description,
          params: ReturnParams,
          body: WordsBody,
          response: {
            ...done,
            ...refuses(problems, 'return-not-found', 'return-not-movable', 'return-words-missing'),
          },
        },
      },
      async (request, reply) => {
        const { code } = request.params as { code: string };
        await care[verb](code, deciderOf(request), (request.body as { note: string }).note);
        return reply.code(204).send(null);
      },
    );
  };
  says('refuse', 'refuseReturn', 'Refuse a return', 'With a reason that the shopper reads and may take to an officer.');
  says('contest', 'contestReturn', 'Have an officer look', 'What came back is not what was sold, or nothing came.');
};

/** What moves goods and money. */
const sellerDeciding: FastifyPluginAsyncTypebox<Deps> = async (app, { care, idempotent }) => {
  app.post(
    '/seller/returns/:code/accept',
    {
      config: { ...writes, roles: answerRoles, idempotencyKey: true },
      schema: {
        operationId: 'acceptReturn',
        tags: ['seller'],
        summary: 'Take a return',
        description:
          'The shopper then sends the goods back. With `keepGoods` they need not, and the money goes back at once. Requires `Idempotency-Key`.',
        params: ReturnParams,
        body: AcceptBody,
        response: { 200: Refunded, ...refuses(problems, 'return-not-found', 'return-not-movable') },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const { keepGoods = false } = request.body;
        const decided = await care.accept(request.params.code, deciderOf(request), { keepGoods }, (tx, row) =>
          finish(tx, decidedOf(row)),
        );
        return decidedOf(decided);
      }),
  );
  app.post(
    '/seller/returns/:code/receive',
    {
      config: writes,
      schema: {
        operationId: 'receiveReturn',
        tags: ['seller'],
        summary: 'Say that the goods are back',
        description:
          'And whether they go on the shelf again. The money goes back by itself when the time to look at them is over.',
        params: ReturnParams,
        body: ReceiveBody,
        response: { ...done, ...refuses(problems, 'return-not-found', 'return-not-movable') },
      },
    },
    async (request, reply) => {
      await care.receive(request.params.code, deciderOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/seller/returns/:code/refund',
    {
      config: { ...writes, roles: answerRoles, idempotencyKey: true },
      schema: {
        operationId: 'refundReturn',
        tags: ['seller'],
        summary: 'Give the money back',
        description: 'What was paid for the pieces, by the way it came. Requires `Idempotency-Key`.',
        params: ReturnParams,
        response: { 200: Refunded, ...refuses(problems, 'return-not-found', 'return-not-movable') },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) =>
        decidedOf(await care.refund(request.params.code, deciderOf(request), (tx, row) => finish(tx, decidedOf(row)))),
      ),
  );
};

export const sellerReturnRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { care, idempotent }) => {
  await app.register(sellerReading, { care, idempotent });
  await app.register(sellerDeciding, { care, idempotent });
};

export const staffReturnRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { care, idempotent }) => {
  app.get(
    '/staff/returns',
    {
      config: { access: 'staff', roles: returnReaders },
      schema: {
        operationId: 'listReturns',
        tags: ['staff'],
        summary: 'Returns of all businesses',
        description: 'Newest first; with `called` those for which an officer was called.',
        querystring: ReturnQuery,
        response: { 200: ReturnList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...scope } = request.query;
      const page = await care.listReturns({ ...scope, limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toDocument), nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/staff/returns/:code',
    {
      config: { access: 'staff', roles: returnReaders },
      schema: {
        operationId: 'getReturn',
        tags: ['staff'],
        summary: 'One return',
        description: 'What both sides say, and where it stands.',
        params: ReturnParams,
        response: { 200: ReturnDocument, ...refuses(problems, 'return-not-found') },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(toDocument(await care.getReturnForOfficer(request.params.code))),
  );
  app.post(
    '/staff/returns/:code/verdict',
    {
      config: { access: 'staff', roles: returnOfficers, idempotencyKey: true },
      schema: {
        operationId: 'decideReturn',
        tags: ['staff'],
        summary: 'Decide between shopper and seller',
        description:
          'Where the shopper appealed, the seller contests, or somebody was silent. Requires `Idempotency-Key`.',
        params: ReturnParams,
        body: VerdictBody,
        response: {
          200: Refunded,
          ...refuses(problems, 'return-not-found', 'return-not-movable', 'return-words-missing', 'item-claimed'),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) =>
        decidedOf(
          await care.decide(request.params.code, byOf(request), request.body, (tx, row) => finish(tx, decidedOf(row))),
        ),
      ),
  );
};
