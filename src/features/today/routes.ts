import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { ownBusinesses, signedIn } from '#http/access.ts';
import { refused } from '#http/schema.ts';
import { TodayView } from './schemas.ts';
import type { TodayDesk } from './service.ts';
import type { Today, TodayScope } from './types.ts';

/** Money and papers are the affair of owners and managers, as on their own pages. */
export const scopeOf = (request: FastifyRequest): TodayScope => {
  const businessIds = ownBusinesses(request);
  const managed = signedIn(request).memberships.filter(({ role }) => role === 'owner' || role === 'manager');
  return {
    businessIds,
    managedIds: businessIds.filter((id) => managed.some(({ businessId }) => businessId === id)),
  };
};

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const toWire = ({ confirm, pack, waiting, money, ...rest }: Today) => ({
  ...rest,
  confirm: {
    count: confirm.count,
    items: confirm.items.map(({ createdAt, confirmBy, lines, ...order }) => ({
      ...order,
      lines: [...lines],
      createdAt: createdAt.toISOString(),
      confirmBy: iso(confirmBy),
    })),
  },
  pack: { ...pack, sendBy: iso(pack.sendBy) },
  waiting: {
    count: waiting.count,
    items: waiting.items.map(({ since, dueAt, ...one }) => ({ ...one, since: since.toISOString(), dueAt: iso(dueAt) })),
  },
  stock: { count: rest.stock.count, items: [...rest.stock.items] },
  money: money && { ...money, nextDueAt: iso(money.nextDueAt), onTheWay: [...money.onTheWay] },
  papers: rest.papers && { count: rest.papers.count, items: [...rest.papers.items] },
});

export const todayRoutes: FastifyPluginAsyncTypebox<{ today: TodayDesk }> = async (app, { today }) => {
  app.get(
    '/seller/today',
    {
      config: { access: 'seller' },
      schema: {
        operationId: 'getSellerToday',
        tags: ['seller'],
        summary: 'What is to be done today',
        description:
          'Orders to confirm, pack and hand over, what waits for an answer with its clock, what runs low, money that is coming and papers that end. Who packs is not shown money and papers: they are null.',
        response: { 200: TodayView, ...refused },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send(toWire(await today.read(scopeOf(request), signedIn(request).accountId))),
  );
};
