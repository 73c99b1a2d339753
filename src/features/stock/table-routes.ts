import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { productProblems } from '#features/products/types.ts';
import { ownBusinesses, sellerOf } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import type { Journal } from './journal.ts';
import {
  AlertBody,
  BatchSaved,
  EditParams,
  Moved,
  MovementBody,
  MovementList,
  MovementQuery,
  PriceBatch,
  StockBatch,
  StockParams,
  Undone,
} from './schemas.ts';
import type { PriceTable, Saved } from './table.ts';
import { priceAccess, stockProblems } from './types.ts';

const reads = { access: 'seller', keyScope: 'stock:read' } as const;
const writes = { access: 'seller', keyScope: 'stock:write' } as const;
/** A save may hold prices as well as stock. */
const undoes = { access: 'seller', keyScope: 'products:write' } as const;
const problems = { ...productProblems, ...stockProblems };

const toView = ({ editId, undoUntil, rows }: Saved) => ({
  editId,
  undoUntil: undoUntil?.toISOString() ?? null,
  items: rows.map(({ variantId, outcome, priceVnd, onHand }) => ({ variantId, outcome, priceVnd, onHand })),
});

/** Prices and stock of many goods at once. */
export const tableRoutes: FastifyPluginAsyncTypebox<{ table: PriceTable }> = async (app, { table }) => {
  app.put(
    '/seller/stock',
    {
      config: writes,
      schema: {
        operationId: 'setManyStocks',
        tags: ['seller'],
        summary: 'Set the stock of many variants',
        description:
          'Rows that somebody else changed since `seenOnHand`, or that would fall below what shoppers hold, are left as they are and say so; the others are saved. Can be undone for ten minutes.',
        body: StockBatch,
        response: { 200: BatchSaved, ...refused },
      },
    },
    async (request, reply) => {
      const { items, reason = 'count' } = request.body;
      return reply.send(toView(await table.save(sellerOf(request), items, reason)));
    },
  );
  app.put(
    '/seller/prices',
    {
      config: { ...priceAccess, keyScope: 'products:write' },
      schema: {
        operationId: 'setManyPrices',
        tags: ['seller'],
        summary: 'Set the prices of many variants',
        description:
          'Rows that somebody else changed since `seenPriceVnd` are left as they are and say so; changes beyond what may be made at once wait for an officer; the others are saved. Can be undone for ten minutes.',
        body: PriceBatch,
        response: { 200: BatchSaved, ...refused },
      },
    },
    async (request, reply) => reply.send(toView(await table.save(sellerOf(request), request.body.items, 'count'))),
  );
  app.post(
    '/seller/table-edits/:editId/undo',
    {
      config: undoes,
      schema: {
        operationId: 'undoTableEdit',
        tags: ['seller'],
        summary: 'Take a save of prices or stock back',
        description:
          'Within ten minutes, once. A price that was changed again since stays; pieces that were sold since stay sold.',
        params: EditParams,
        response: { 200: Undone, ...refuses(problems, 'table-edit-not-found', 'undo-too-late') },
      },
    },
    async (request, reply) => reply.send({ rows: await table.undo(sellerOf(request), request.params.editId) }),
  );
};

/** The journal of one shelf. */
export const journalRoutes: FastifyPluginAsyncTypebox<{ journal: Journal }> = async (app, { journal }) => {
  app.get(
    '/seller/stock/:variantId/movements',
    {
      config: reads,
      schema: {
        operationId: 'listMovements',
        tags: ['seller'],
        summary: 'The journal of a variant',
        description: 'Why stock is what it is, newest first.',
        params: StockParams,
        querystring: MovementQuery,
        response: { 200: MovementList, ...refuses(problems, 'variant-not-found') },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const found = await journal.get(ownBusinesses(request), request.params.variantId, limit, readCursor(cursor));
      const items = found.movements.map(({ id, at, ...movement }) => ({
        movementId: id,
        ...movement,
        at: at.toISOString(),
      }));
      const { onHand, held, lowAt, nextCursor } = found;
      return pageOf(request, reply, nextCursor)
        .header('cache-control', 'no-store')
        .send({ onHand, held, lowAt, items, nextCursor });
    },
  );
  app.post(
    '/seller/stock/:variantId/movements',
    {
      config: writes,
      schema: {
        operationId: 'recordMovement',
        tags: ['seller'],
        summary: 'Record pieces that came or went',
        description:
          'Received, sold elsewhere, damaged, given away, or counted. Stock cannot go below what shoppers hold.',
        params: StockParams,
        body: MovementBody,
        response: { 201: Moved, ...refuses(problems, 'variant-not-found', 'stock-below-held') },
      },
    },
    async (request, reply) => {
      const { reason, quantity } = request.body;
      const onHand = await journal.record(sellerOf(request), request.params.variantId, reason, quantity);
      return reply.code(201).send({ onHand });
    },
  );
  app.put(
    '/seller/stock/:variantId/alert',
    {
      config: writes,
      schema: {
        operationId: 'setStockAlert',
        tags: ['seller'],
        summary: 'Say when you want to be told that little is left',
        description: 'The owners and managers are told once each time stock comes down to this number.',
        params: StockParams,
        body: AlertBody,
        response: { 204: Type.Null({ description: 'Done' }), ...refuses(problems, 'variant-not-found') },
      },
    },
    async (request, reply) => {
      await journal.setLowAt(sellerOf(request), request.params.variantId, request.body.lowAt);
      return reply.code(204).send(null);
    },
  );
};
