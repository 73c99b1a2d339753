import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { signedIn } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import { paceOf } from './rules.ts';
import { ClaimView, ItemParams, QueueList, QueueParams, QueueQuery, ReviewItems } from './schemas.ts';
import type { Officer, Queues } from './service.ts';
import { queueProblems } from './types.ts';
import type { ItemView } from './views.ts';

const config = { access: 'staff' } as const;
const tags = ['staff'];

export const officerOf = (request: FastifyRequest): Officer => {
  const { accountId, staffRole } = signedIn(request);
  return { accountId, staffRole };
};

const toView = (
  { queue: _queue, subjectKind, subjectId, businessId, businessName, claim, ...item }: ItemView,
  now: Date,
) => ({
  ...item,
  subject: { kind: subjectKind, id: subjectId },
  business: businessId ? { businessId, name: businessName ?? '' } : null,
  openedAt: item.openedAt.toISOString(),
  dueAt: item.dueAt?.toISOString() ?? null,
  pace: paceOf(item.openedAt, item.dueAt, now),
  claim: claim && { ...claim, until: claim.until.toISOString() },
});

type Deps = { readonly queues: Queues; readonly now: () => Date };

const listRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { queues, now }) => {
  app.get(
    '/staff/queues',
    {
      config,
      schema: {
        operationId: 'listReviewQueues',
        tags,
        summary: 'My queues',
        description: 'The queues that the role of the caller works, with what waits in each.',
        response: { 200: QueueList, ...refused },
      },
    },
    async (request, reply) => {
      const items = await queues.summarise(officerOf(request));
      return reply
        .header('cache-control', 'no-store')
        .send({ items: items.map((item) => ({ ...item, oldestAt: item.oldestAt?.toISOString() ?? null })) });
    },
  );
  app.get(
    '/staff/queues/:queue',
    {
      config,
      schema: {
        operationId: 'listReviewItems',
        tags,
        summary: 'What waits in a queue',
        description: 'Oldest first, with who is working on it and whether its time is running out.',
        params: QueueParams,
        querystring: QueueQuery,
        response: { 200: ReviewItems, ...refuses(queueProblems, 'queue-not-found', 'queue-not-yours') },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...filter } = request.query;
      const page = await queues.list(officerOf(request), request.params.queue, {
        filter,
        limit,
        cursor: readCursor(cursor),
      });
      const items = page.items.map((item) => toView(item, now()));
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items, nextCursor: page.nextCursor });
    },
  );
};

export const queueRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { queues, now }) => {
  await app.register(listRoutes, { queues, now });
  app.post(
    '/staff/review-items/:itemId/claim',
    {
      config,
      schema: {
        operationId: 'claimReviewItem',
        tags,
        summary: 'Take an item',
        description: 'Holds it for a quarter of an hour. Two officers cannot hold the same item.',
        params: ItemParams,
        response: {
          200: ClaimView,
          ...refuses(queueProblems, 'item-not-found', 'queue-not-yours', 'item-claimed', 'item-settled'),
        },
      },
    },
    async (request) => {
      const { claimedUntil } = await queues.claim(officerOf(request), request.params.itemId);
      return { until: claimedUntil?.toISOString() ?? '' };
    },
  );
  app.post(
    '/staff/review-items/:itemId/release',
    {
      config,
      schema: {
        operationId: 'releaseReviewItem',
        tags,
        summary: 'Give an item back',
        description: 'Others may take it at once.',
        params: ItemParams,
        response: {
          204: Type.Null({ description: 'Done' }),
          ...refuses(queueProblems, 'item-not-found', 'queue-not-yours', 'item-claimed', 'item-settled'),
        },
      },
    },
    async (request, reply) => {
      await queues.release(officerOf(request), request.params.itemId);
      return reply.code(204).send(null);
    },
  );
};
