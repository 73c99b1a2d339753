import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { sendCacheable } from '#http/etag.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { httpProblems } from '#http/problems.ts';
import { refused, refuses } from '#http/schema.ts';
import { CategoryList, ProductList, ProductParams, ProductQuery, ProductView } from './schemas.ts';
import type { Products } from './service.ts';
import { productProblems } from './types.ts';

const config = { access: 'public' } as const;

export const productRoutes: FastifyPluginAsyncTypebox<{ products: Products }> = async (app, { products }) => {
  app.get(
    '/products',
    {
      config,
      schema: {
        operationId: 'listProducts',
        tags: ['catalogue'],
        summary: 'Products for sale',
        description:
          'Products of this exchange and its partners, newest first unless `sort` says otherwise. Every filter is an OR within itself and an AND with the others.',
        querystring: ProductQuery,
        response: { 200: ProductList, ...refuses(httpProblems, 'invalid-cursor') },
      },
    },
    async (request, reply) => {
      const { sort = 'newest', limit = 24, cursor, ...filters } = request.query;
      const after = readCursor(cursor);
      const page = await products.cache.get({ filters, sort, limit, ...(after ? { cursor: after } : {}) });
      return sendCacheable(request, pageOf(request, reply, page.nextCursor), page.bytes, page.etag);
    },
  );
  app.get(
    '/products/:productId',
    {
      config,
      schema: {
        operationId: 'getProduct',
        tags: ['catalogue'],
        summary: 'One product',
        description: 'By id or slug. 410 when it has been withdrawn.',
        params: ProductParams,
        response: { 200: ProductView, ...refuses(productProblems, 'product-not-found', 'product-withdrawn') },
      },
    },
    async (request, reply) =>
      sendCacheable(request, reply, JSON.stringify(await products.getProduct(request.params.productId))),
  );
  app.get(
    '/categories',
    {
      config,
      schema: {
        operationId: 'listCategories',
        tags: ['catalogue'],
        summary: 'OCOP product sets',
        description: 'The 26 sets of Decision 26/2026/QĐ-TTg with the number of products in each.',
        response: { 200: CategoryList, ...refused },
      },
    },
    async (request, reply) => sendCacheable(request, reply, JSON.stringify({ items: await products.listCategories() })),
  );
};
