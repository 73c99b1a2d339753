import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused } from '#http/schema.ts';
import { SellerOrders, SellerQuery } from './schemas.ts';
import { serialisable } from './seller-routes.ts';
import type { Orders } from './service.ts';

export const orderStaffRoutes: FastifyPluginAsyncTypebox<{ orders: Orders }> = async (app, { orders }) => {
  app.get(
    '/staff/orders',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'listStaffOrders',
        tags: ['staff'],
        summary: 'Orders of the whole exchange',
        description: 'All businesses, unpaid ones too, newest first.',
        querystring: SellerQuery,
        response: { 200: SellerOrders, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, status } = request.query;
      const page = await orders.listOrders({ limit, cursor: readCursor(cursor), ...(status ? { status } : {}) });
      return pageOf(request, reply, page.nextCursor).header('cache-control', 'no-store').send(serialisable(page));
    },
  );
};
