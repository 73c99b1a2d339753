import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { actorOf, onBehalfOf, ownBusinesses, type Role } from '#http/access.ts';
import { requireMatch } from '#http/etag.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { httpProblem } from '#http/problems.ts';
import { refused, refuses } from '#http/schema.ts';
import type { Editing } from './editing.ts';
import type { Editor } from './saving.ts';
import {
  CreatedView,
  OwnProductList,
  OwnProductParams,
  OwnProductQuery,
  OwnProductView,
  ProductCreate,
  ProductPatch,
  SavedView,
} from './seller-schemas.ts';
import { type ProductFields, productProblems } from './types.ts';

/** Assistants of community digital teams edit too, for the households that let them. */
export const editorRoles: readonly Role[] = ['owner', 'manager', 'assistant'];
const config = { access: 'seller', roles: editorRoles, scope: 'products', keyScope: 'products:write' } as const;
const reads = { ...config, keyScope: 'products:read' } as const;
const tags = ['seller'];
const done = { 204: Type.Null({ description: 'Done' }) } as const;

export function editorOf(request: FastifyRequest): Editor {
  const businessIds = ownBusinesses(request);
  const assisted = businessIds.filter((businessId) => onBehalfOf(request, businessId) !== undefined);
  return { actor: actorOf(request), businessIds, assisted, address: request.ip };
}

/** Only what was sent is laid over what is there. */
const patchOf = (sent: Partial<ProductFields>) => (fields: ProductFields) => ({ ...fields, ...sent });
const etagOf = (version: string): string => `"${version}"`;

type Deps = { readonly editing: Editing };

const readingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { editing }) => {
  app.get(
    '/seller/products',
    {
      config: reads,
      schema: {
        operationId: 'listOwnProducts',
        tags,
        summary: 'My products and drafts',
        description: 'Everything of my businesses, whatever its state, what was touched last first.',
        querystring: OwnProductQuery,
        response: { 200: OwnProductList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const page = await editing.list(editorOf(request), limit, readCursor(cursor));
      const items = page.items.map((item) => ({ ...item, updatedAt: new Date(item.updatedAt).toISOString() }));
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items, nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/seller/products/:productId',
    {
      config: reads,
      schema: {
        operationId: 'getOwnProduct',
        tags,
        summary: 'One product of mine',
        description: 'As I want it to be, with what waits for an officer. The ETag is for If-Match of the next change.',
        params: OwnProductParams,
        response: { 200: OwnProductView, ...refuses(productProblems, 'product-not-found') },
      },
    },
    async (request, reply) => {
      const product = await editing.get(editorOf(request), request.params.productId);
      return reply.header('etag', etagOf(product.version)).header('cache-control', 'no-store').send(product);
    },
  );
};

const writingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { editing }) => {
  app.post(
    '/seller/products',
    {
      config,
      schema: {
        operationId: 'createOwnProduct',
        tags,
        summary: 'Draft a product',
        description: 'Nobody else sees it before it was submitted and an officer has agreed.',
        body: ProductCreate,
        response: { 201: CreatedView, ...refuses(productProblems, 'product-not-found', 'drafts-full') },
      },
    },
    async (request, reply) => {
      const { businessId, fields = {} } = request.body;
      const productId = await editing.create(editorOf(request), businessId, patchOf(fields as Partial<ProductFields>));
      return reply.code(201).send({ productId });
    },
  );
  app.patch(
    '/seller/products/:productId',
    {
      config,
      schema: {
        operationId: 'changeOwnProduct',
        tags,
        summary: 'Change a product of mine',
        description:
          'Stock, order limits and prices near the price of 30 days ago hold at once. The other fields wait for an officer while the product stays as it is. Needs If-Match.',
        params: OwnProductParams,
        body: ProductPatch,
        response: {
          200: SavedView,
          ...refuses(productProblems, 'product-not-found', 'product-invalid', 'product-taken-down', 'sku-taken'),
        },
      },
    },
    async (request, reply) => {
      if (request.headers['if-match'] === undefined) throw httpProblem('precondition-required');
      const patch = patchOf(request.body as Partial<ProductFields>);
      const saved = await editing.save(editorOf(request), request.params.productId, patch, (version) =>
        requireMatch(request, etagOf(version)),
      );
      const { version } = await editing.get(editorOf(request), request.params.productId);
      return reply.header('etag', etagOf(version)).send(saved);
    },
  );
};

const acts = [
  {
    verb: 'submit',
    operationId: 'submitOwnProduct',
    summary: 'Hand a draft in',
    description: 'Asks an officer to list it. A name, a price and a unit are all that must be there.',
    codes: ['product-not-found', 'product-invalid', 'product-state-refused', 'sku-taken'],
  },
  {
    verb: 'take-back',
    operationId: 'takeBackOwnChanges',
    summary: 'Take back what waits',
    description: 'The product stays as it is; a draft becomes a draft again.',
    codes: ['product-not-found'],
  },
  {
    verb: 'withdraw',
    operationId: 'withdrawOwnProduct',
    summary: 'Stop selling a product',
    description: 'Lists, search and partners drop it; its page says so. It can be restored.',
    codes: ['product-not-found', 'product-state-refused', 'product-taken-down'],
  },
  {
    verb: 'restore',
    operationId: 'restoreOwnProduct',
    summary: 'Sell a product again',
    description: 'Brings back what its business withdrew.',
    codes: ['product-not-found', 'product-state-refused', 'product-taken-down'],
  },
] as const;

const actRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { editing }) => {
  const perform = {
    submit: editing.submit,
    'take-back': editing.takeBack,
    withdraw: editing.withdraw,
    restore: editing.restore,
  } as const;
  for (const { verb, operationId, summary, description, codes } of acts) {
    app.post(
      `/seller/products/:productId/${verb}`,
      {
        config,
        schema: {
          operationId,
          tags,
          summary,
          description,
          params: OwnProductParams,
          response: { ...done, ...refuses(productProblems, ...codes) },
        },
      },
      async (request, reply) => {
        const { productId } = request.params as { productId: Parameters<Editing['submit']>[1] };
        await perform[verb](editorOf(request), productId);
        return reply.code(204).send(null);
      },
    );
  }
  app.delete(
    '/seller/products/:productId/draft',
    {
      config,
      schema: {
        operationId: 'discardOwnDraft',
        tags,
        summary: 'Throw a draft away',
        description: 'What was typed and not sent goes; what is for sale stays.',
        params: OwnProductParams,
        response: { ...done, ...refuses(productProblems, 'product-not-found') },
      },
    },
    async (request, reply) => {
      await editing.discard(editorOf(request), request.params.productId);
      return reply.code(204).send(null);
    },
  );
};

export const sellerProductRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  await app.register(readingRoutes, { editing: deps.editing });
  await app.register(writingRoutes, { editing: deps.editing });
  await app.register(actRoutes, { editing: deps.editing });
};
