import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { readCode } from '#core/ids.ts';
import { productProblems } from '#features/products/types.ts';
import { actorOf, byOf, ownBusinesses, type Role } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import {
  BatchBody,
  BatchCodeParams,
  BatchCreated,
  BatchDocument,
  BatchList,
  BatchParams,
  BatchProductParams,
  RecallBody,
} from './schemas.ts';
import type { Batches, Keeper } from './service.ts';
import { batchProblems } from './types.ts';
import type { BatchView } from './views.ts';

export const keeperRoles: readonly Role[] = ['owner', 'manager', 'packer', 'assistant'];
export const recallRoles: readonly Role[] = ['owner', 'manager', 'assistant'];
const problems = { ...productProblems, ...batchProblems };

export const keeperOf = (request: FastifyRequest): Keeper => ({
  actor: actorOf(request),
  address: request.ip,
  businessIds: ownBusinesses(request),
});

const toDocument = (batch: BatchView) => ({ ...batch, recalledAt: batch.recalledAt?.toISOString() ?? null });
const done = { 204: Type.Null({ description: 'Done' }) } as const;

const recallSchema = (operationId: string, tag: string) => ({
  operationId,
  tags: [tag],
  summary: 'Recall a batch',
  description: 'The page of its package then says so to whoever scans it. Nothing takes that back.',
  params: BatchParams,
  body: RecallBody,
  response: { ...done, ...refuses(problems, 'batch-not-found', 'batch-recalled', 'recall-reason-missing') },
});

const recallRoutes: FastifyPluginAsyncTypebox<{ batches: Batches }> = async (app, { batches }) => {
  app.post(
    '/seller/batches/:batchId/recall',
    {
      config: { access: 'seller', roles: recallRoles, scope: 'products' },
      schema: recallSchema('recallOwnBatch', 'seller'),
    },
    async (request, reply) => {
      await batches.recall(keeperOf(request), request.params.batchId, request.body.reason);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/staff/batches/:batchId/recall',
    { config: { access: 'staff', roles: ['moderator'] }, schema: recallSchema('recallBatch', 'staff') },
    async (request, reply) => {
      const clerk = byOf(request);
      await batches.recall(clerk, request.params.batchId, request.body.reason);
      return reply.code(204).send(null);
    },
  );
};

export const batchRoutes: FastifyPluginAsyncTypebox<{ batches: Batches }> = async (app, { batches }) => {
  app.get(
    '/batches/:code',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getBatch',
        tags: ['catalogue'],
        summary: 'Trace a batch',
        description: 'What is known of the batch by the code on its package, and whether it was recalled.',
        params: BatchCodeParams,
        response: { 200: BatchDocument, ...refuses(problems, 'batch-not-found') },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-cache').send(toDocument(await batches.getBatch(readCode(request.params.code)))),
  );
  app.get(
    '/seller/products/:productId/batches',
    {
      config: { access: 'seller', roles: keeperRoles, scope: 'products' },
      schema: {
        operationId: 'listOwnBatches',
        tags: ['seller'],
        summary: 'Batches of a product of mine',
        description: 'Newest first.',
        params: BatchProductParams,
        response: { 200: BatchList, ...refuses(problems, 'product-not-found') },
      },
    },
    async (request) => {
      const items = await batches.listOwnBatches(keeperOf(request), request.params.productId);
      return { items: items.map(toDocument) };
    },
  );
  app.post(
    '/seller/products/:productId/batches',
    {
      config: { access: 'seller', roles: keeperRoles, scope: 'products' },
      schema: {
        operationId: 'addOwnBatch',
        tags: ['seller'],
        summary: 'Register a batch',
        description: 'Gives it the code for its package, under which anybody can trace it.',
        params: BatchProductParams,
        body: BatchBody,
        response: {
          201: BatchCreated,
          ...refuses(
            problems,
            'product-not-found',
            'lot-missing',
            'lot-taken',
            'batch-dates-crossed',
            'batch-day-invalid',
          ),
        },
      },
    },
    async (request, reply) => {
      const { lot, harvestedOn, packedOn, expiresOn, quantityNote = '', reportNumber = '' } = request.body;
      const days = { harvestedOn: harvestedOn ?? null, packedOn: packedOn ?? null, expiresOn: expiresOn ?? null };
      const sent = { lot, ...days, quantityNote, reportNumber };
      return reply.code(201).send({ code: await batches.addBatch(keeperOf(request), request.params.productId, sent) });
    },
  );
  await app.register(recallRoutes, { batches });
};
