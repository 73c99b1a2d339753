import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { queueProblems } from '#features/queues/types.ts';
import { type Role, signedIn } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import type { Deciding, Judge } from './deciding.ts';
import { ChangeList, ChangeParams, ChangeQuery, ChangeView, VerdictBody } from './schemas.ts';
import { changeProblems } from './types.ts';
import type { SetSummary } from './views.ts';

const readers: readonly Role[] = ['moderator', 'support', 'auditor'];
export const judgeRoles: readonly Role[] = ['moderator'];
const tags = ['staff'];

export const judgeOf = (request: FastifyRequest): Judge => ({
  accountId: signedIn(request).accountId,
  address: request.ip,
});

const toItem = ({ proposedAt, decidedAt, ...set }: SetSummary) => ({
  ...set,
  proposedAt: proposedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});

export const changeRoutes: FastifyPluginAsyncTypebox<{ deciding: Deciding }> = async (app, { deciding }) => {
  app.get(
    '/staff/changes',
    {
      config: { access: 'staff', roles: readers },
      schema: {
        operationId: 'listChangeSets',
        tags,
        summary: 'What sellers asked to change',
        description: 'Newest first, decided or not. The queue `changes` has what waits, oldest first.',
        querystring: ChangeQuery,
        response: { 200: ChangeList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, ...filter } = request.query;
      const page = await deciding.listSets({ ...filter, limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toItem), nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/staff/changes/:setId',
    {
      config: { access: 'staff', roles: readers },
      schema: {
        operationId: 'getChangeSet',
        tags,
        summary: 'One change set',
        description: 'Before and after of each field, what the word filter marked, and what moved meanwhile.',
        params: ChangeParams,
        response: { 200: ChangeView, ...refuses(changeProblems, 'change-set-not-found') },
      },
    },
    async (request, reply) => {
      const { items, ...set } = await deciding.getSet(request.params.setId);
      return reply.header('cache-control', 'no-store').send({ ...toItem(set), items });
    },
  );
  app.post(
    '/staff/changes/:setId/verdict',
    {
      config: { access: 'staff', roles: judgeRoles },
      schema: {
        operationId: 'decideChangeSet',
        tags,
        summary: 'Decide a change set',
        description:
          'Approves, asks for changes or rejects. The item must be taken in the queue before, and a no needs a reason.',
        params: ChangeParams,
        body: VerdictBody,
        response: {
          204: Type.Null({ description: 'Done' }),
          ...refuses(
            { ...changeProblems, ...queueProblems },
            'change-set-not-found',
            'change-set-decided',
            'change-set-moved',
            'change-base-moved',
            'claim-required',
            'reason-required',
            'category-required',
          ),
        },
      },
    },
    async (request, reply) => {
      await deciding.decide(judgeOf(request), request.params.setId, request.body);
      return reply.code(204).send(null);
    },
  );
};
