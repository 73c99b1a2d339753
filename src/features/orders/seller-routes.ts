import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { actorOf, ownBusinesses } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { Code, refused, refuses } from '#http/schema.ts';
import { CancelBody, CodeParams, SellerOrders, SellerQuery, ShipBody } from './schemas.ts';
import type { Seller } from './selling.ts';
import type { Orders } from './service.ts';
import { orderProblems } from './types.ts';

const done = { 204: Type.Null({ description: 'Done' }) };
const reads = { access: 'seller', keyScope: 'orders:read' } as const;
const config = { access: 'seller', keyScope: 'orders:write' } as const;

/** Every query of the seller's starts from the businesses of the caller. */
const sellerOf = (request: FastifyRequest): Seller => ({
  actor: actorOf(request),
  businessIds: ownBusinesses(request),
});

export const sellerOrderRoutes: FastifyPluginAsyncTypebox<{ orders: Orders; idempotent: Idempotent }> = async (
  app,
  { orders, idempotent },
) => {
  app.get(
    '/seller/orders',
    {
      config: reads,
      schema: {
        operationId: 'listSellerOrders',
        tags: ['seller'],
        summary: 'Orders of my businesses',
        description: 'Paid orders with their lines and where to send them, newest first.',
        querystring: SellerQuery,
        response: { 200: SellerOrders, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, status } = request.query;
      const page = await orders.listOrders({
        businessIds: ownBusinesses(request),
        limit,
        cursor: readCursor(cursor),
        ...(status ? { status } : {}),
      });
      return pageOf(request, reply, page.nextCursor).header('cache-control', 'no-store').send(serialisable(page));
    },
  );
  const step = (
    verb: 'confirm' | 'pack' | 'deliver',
    operationId: string,
    summary: string,
    description: string,
    refusal: keyof typeof orderProblems,
    act: (code: string, seller: Seller) => Promise<unknown>,
  ): void => {
    app.post(
      `/seller/orders/:code/${verb}`,
      {
        config,
        schema: {
          operationId,
          tags: ['seller'],
          summary,
          description,
          params: CodeParams,
          response: { ...done, ...refuses(orderProblems, 'order-not-found', refusal) },
        },
      },
      async (request, reply) => {
        await act((request.params as { code: string }).code, sellerOf(request));
        return reply.code(204).send(null);
      },
    );
  };
  step(
    'confirm',
    'confirmOrder',
    'Confirm an order',
    'Says that it will be sent. Unconfirmed orders are cancelled and refunded after 48 hours.',
    'order-not-confirmable',
    orders.confirmOrder,
  );
  step('pack', 'packOrder', 'Mark an order packed', 'After it was confirmed.', 'order-not-packable', orders.packOrder);
  step(
    'deliver',
    'deliverOrder',
    'Mark an order delivered',
    'After it was shipped; it is completed then.',
    'order-not-deliverable',
    orders.deliverOrder,
  );
  await app.register(leavingRoutes, { orders, idempotent });
};

/** How an order leaves the seller's hands, or does not. */
const leavingRoutes: FastifyPluginAsyncTypebox<{ orders: Orders; idempotent: Idempotent }> = async (
  app,
  { orders, idempotent },
) => {
  app.post(
    '/seller/orders/:code/ship',
    {
      config,
      schema: {
        operationId: 'shipOrder',
        tags: ['seller'],
        summary: 'Mark an order shipped',
        description: 'With the carrier and its number, where there is one.',
        params: CodeParams,
        body: ShipBody,
        response: { ...done, ...refuses(orderProblems, 'order-not-found', 'order-not-shippable') },
      },
    },
    async (request, reply) => {
      await orders.shipOrder(request.params.code, sellerOf(request), request.body ?? {});
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/seller/orders/:code/cancel',
    {
      config: { ...config, idempotencyKey: true },
      schema: {
        operationId: 'cancelOrder',
        tags: ['seller'],
        summary: 'Cancel a paid order',
        description: 'The stock comes back and the refund is queued. Requires `Idempotency-Key`.',
        params: CodeParams,
        body: CancelBody,
        response: {
          200: Type.Object({
            code: Code('The order'),
            status: Type.Literal('cancelled', { description: 'Its state' }),
          }),
          ...refuses(orderProblems, 'order-not-found', 'order-not-cancellable'),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const cancelled = { code: request.params.code.toUpperCase(), status: 'cancelled' as const };
        await orders.cancelOrder(request.params.code, sellerOf(request), request.body.reason, (tx) =>
          finish(tx, cancelled),
        );
        return cancelled;
      }),
  );
};

/** Dates as text: the wire shape has RFC 3339. */
export const serialisable = (page: Awaited<ReturnType<Orders['listOrders']>>) => ({
  ...page,
  items: page.items.map((order) => ({
    ...order,
    createdAt: order.createdAt.toISOString(),
    confirmBy: order.confirmBy?.toISOString() ?? null,
  })),
});
