import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { productProblems } from '#features/products/types.ts';
import { queueProblems } from '#features/queues/types.ts';
import { byOf, type Role } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  DecisionBody,
  TakedownBody,
  TakedownCreated,
  TakedownDocument,
  TakedownList,
  TakedownParams,
  TakedownQuery,
} from './schemas.ts';
import type { Takedowns } from './service.ts';
import { takedownProblems } from './types.ts';
import type { TakedownView } from './views.ts';

export const clerkRoles: readonly Role[] = ['moderator'];
export const takedownReaders: readonly Role[] = ['moderator', 'support', 'auditor'];
const tags = ['staff'];
const problems = { ...productProblems, ...queueProblems, ...takedownProblems };
const done = { 204: Type.Null({ description: 'Done' }) } as const;

const toDocument = ({ receivedAt, dueAt, downAt, endedAt, ...takedown }: TakedownView) => ({
  ...takedown,
  receivedAt: receivedAt.toISOString(),
  dueAt: dueAt.toISOString(),
  downAt: downAt?.toISOString() ?? null,
  endedAt: endedAt?.toISOString() ?? null,
});

type Deps = { readonly takedowns: Takedowns };

const actRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { takedowns }) => {
  const config = { access: 'staff', roles: clerkRoles } as const;
  app.post(
    '/staff/takedowns/:takedownId/execute',
    {
      config,
      schema: {
        operationId: 'executeTakedown',
        tags,
        summary: 'Take the product down',
        description:
          'Lists, search and partners drop it at once, its page answers 410 in neutral words, and the business is told.',
        params: TakedownParams,
        response: { ...done, ...refuses(problems, 'takedown-not-found', 'takedown-settled', 'item-claimed') },
      },
    },
    async (request, reply) => {
      await takedowns.takeDown(byOf(request), request.params.takedownId);
      return reply.code(204).send(null);
    },
  );
  const endings = [
    ['decline', 'declineTakedown', 'Put a request aside', 'It was none: the wrong product, or called back.'],
    ['restore', 'restoreTakedown', 'Show the product again', 'On the paper that allows it.'],
  ] as const;
  for (const [verb, operationId, summary, description] of endings) {
    app.post(
      `/staff/takedowns/:takedownId/${verb}`,
      {
        config,
        schema: {
          operationId,
          tags,
          summary,
          description,
          params: TakedownParams,
          body: DecisionBody,
          response: {
            ...done,
            ...refuses(problems, 'takedown-not-found', 'takedown-settled', 'decision-required', 'item-claimed'),
          },
        },
      },
      async (request, reply) => {
        const { takedownId } = request.params as { takedownId: Parameters<Takedowns['restore']>[1] };
        await takedowns[verb](byOf(request), takedownId, (request.body as { decision: string }).decision);
        return reply.code(204).send(null);
      },
    );
  }
};

export const takedownRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { takedowns } = deps;
  app.get(
    '/staff/takedowns',
    {
      config: { access: 'staff', roles: takedownReaders },
      schema: {
        operationId: 'listTakedowns',
        tags,
        summary: "Authorities' requests",
        description: 'Requests to take products down, newest first.',
        querystring: TakedownQuery,
        response: { 200: TakedownList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const page = await takedowns.listTakedowns(limit, readCursor(cursor));
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toDocument), nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/staff/takedowns/:takedownId',
    {
      config: { access: 'staff', roles: takedownReaders },
      schema: {
        operationId: 'getTakedown',
        tags,
        summary: 'One request',
        description: 'What was asked, by whom, until when, and what was done.',
        params: TakedownParams,
        response: { 200: TakedownDocument, ...refuses(problems, 'takedown-not-found') },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send(toDocument(await takedowns.getTakedown(request.params.takedownId))),
  );
  app.post(
    '/staff/takedowns',
    {
      config: { access: 'staff', roles: clerkRoles },
      schema: {
        operationId: 'requestTakedown',
        tags,
        summary: "Record an authority's request",
        description:
          'Starts its 24 hours, which run from when it was received. The product stays until it is executed.',
        body: TakedownBody,
        response: {
          201: TakedownCreated,
          ...refuses(problems, 'product-not-found', 'takedown-incomplete', 'takedown-already-requested'),
        },
      },
    },
    async (request, reply) => {
      const { productId, receivedAt, ...asked } = request.body;
      const sent = { ...asked, receivedAt: new Date(receivedAt) };
      const takedownId = await takedowns.request(byOf(request), productId, sent);
      return reply.code(201).send({ takedownId });
    },
  );
  await app.register(actRoutes, { takedowns });
};
