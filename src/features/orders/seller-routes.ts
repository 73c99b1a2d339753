import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ownBusinesses, sellerOf } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import type { Seller } from './cancelling.ts';
import {
  CancelBody,
  CancelledBody,
  CodeParams,
  PackBody,
  SellerOrders,
  SellerQuery,
  ShipBody,
  ShipmentBody,
  ShipmentParams,
} from './schemas.ts';
import type { Orders } from './service.ts';
import { orderProblems } from './types.ts';

const done = { 204: Type.Null({ description: 'Done' }) };
const reads = { access: 'seller', keyScope: 'orders:read' } as const;
const config = { access: 'seller', keyScope: 'orders:write' } as const;

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
    verb: 'confirm' | 'deliver',
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
    'Says that it will be sent. Unconfirmed orders are cancelled and refunded when their time (`confirmBy`) is over.',
    'order-not-confirmable',
    orders.confirmOrder,
  );
  step(
    'deliver',
    'deliverOrder',
    'Mark an order delivered',
    'All parcels that are on their way; the order is completed when its last piece is there.',
    'order-not-deliverable',
    orders.deliverOrder,
  );
  await app.register(parcelRoutes, { orders });
  await app.register(leavingRoutes, { orders, idempotent });
};

/** What an order leaves in: one parcel, or several with some pieces each. */
const parcelRoutes: FastifyPluginAsyncTypebox<{ orders: Orders }> = async (app, { orders }) => {
  app.post(
    '/seller/orders/:code/pack',
    {
      config,
      schema: {
        operationId: 'packOrder',
        tags: ['seller'],
        summary: 'Pack an order, or some of its pieces',
        description: 'After it was confirmed. Each call makes one parcel, of the pieces named or of all that are left.',
        params: CodeParams,
        body: PackBody,
        response: {
          ...done,
          ...refuses(orderProblems, 'order-not-found', 'order-not-packable', 'pieces-not-open', 'line-not-of-order'),
        },
      },
    },
    async (request, reply) => {
      await orders.packOrder(request.params.code, sellerOf(request), request.body?.lines);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/seller/orders/:code/shipments/:shipment/state',
    {
      config,
      schema: {
        operationId: 'moveShipment',
        tags: ['seller'],
        summary: 'Say where a parcel is',
        description:
          'For parcels that no courier reports on: delivered, tried in vain, on its way back, lost, or unpacked again (`cancelled`).',
        params: ShipmentParams,
        body: ShipmentBody,
        response: {
          ...done,
          ...refuses(orderProblems, 'order-not-found', 'shipment-not-found', 'shipment-not-movable'),
        },
      },
    },
    async (request, reply) => {
      const { code, shipment } = request.params;
      await orders.moveShipment(code, sellerOf(request), shipment, request.body.state);
      return reply.code(204).send(null);
    },
  );
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
        description:
          'What is packed leaves, with the carrier and its number where there is one. Where nothing is packed, or `lines` names pieces, those leave in a parcel of their own.',
        params: CodeParams,
        body: ShipBody,
        response: {
          ...done,
          ...refuses(orderProblems, 'order-not-found', 'order-not-shippable', 'pieces-not-open', 'line-not-of-order'),
        },
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
        summary: 'Cancel a paid order, or some of its pieces',
        description:
          'What has not left can be called off. The stock comes back and the refund is queued; with the last piece the freight goes back too. Requires `Idempotency-Key`.',
        params: CodeParams,
        body: CancelBody,
        response: {
          200: CancelledBody,
          ...refuses(
            orderProblems,
            'order-not-found',
            'order-not-cancellable',
            'order-moved-on',
            'pieces-not-open',
            'line-not-of-order',
          ),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, (finish) =>
        orders.cancelOrder(request.params.code, sellerOf(request), request.body, finish),
      ),
  );
};

/** Dates as text: the wire shape has RFC 3339. */
export const serialisable = (page: Awaited<ReturnType<Orders['listOrders']>>) => ({
  ...page,
  items: page.items.map((order) => ({
    ...order,
    createdAt: order.createdAt.toISOString(),
    confirmBy: order.confirmBy?.toISOString() ?? null,
    sendBy: order.sendBy?.toISOString() ?? null,
  })),
});
