import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { productProblems } from '#features/products/types.ts';
import { actorOf, ownBusinesses } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import type { Journal } from './journal.ts';
import { StockBody, StockList, StockParams } from './schemas.ts';
import type { Shelf } from './shelf.ts';
import type { PriceTable } from './table.ts';
import { journalRoutes, tableRoutes } from './table-routes.ts';
import { stockProblems } from './types.ts';

const reads = { access: 'seller', keyScope: 'stock:read' } as const;
const writes = { access: 'seller', keyScope: 'stock:write' } as const;

export const stockRoutes: FastifyPluginAsyncTypebox<{
  readonly shelf: Shelf;
  readonly table: PriceTable;
  readonly journal: Journal;
}> = async (app, { shelf, table, journal }) => {
  await app.register(tableRoutes, { table });
  await app.register(journalRoutes, { journal });
  app.get(
    '/seller/stock',
    {
      config: reads,
      schema: {
        operationId: 'listStock',
        tags: ['seller'],
        summary: 'Stock of my businesses',
        description: 'Every variant for sale, with what is on the shelf and what shoppers hold.',
        response: { 200: StockList, ...refused },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send({ items: await shelf.list(ownBusinesses(request)) }),
  );
  app.put(
    '/seller/stock/:variantId',
    {
      config: writes,
      schema: {
        operationId: 'setStock',
        tags: ['seller'],
        summary: 'Set the stock of a variant',
        description: 'What was counted on the shelf. It cannot go below what shoppers hold.',
        params: StockParams,
        body: StockBody,
        response: {
          204: Type.Null({ description: 'Done' }),
          ...refuses({ ...productProblems, ...stockProblems }, 'variant-not-found', 'stock-below-held'),
        },
      },
    },
    async (request, reply) => {
      await shelf.count(actorOf(request), ownBusinesses(request), request.params.variantId, request.body.onHand);
      return reply.code(204).send(null);
    },
  );
};
