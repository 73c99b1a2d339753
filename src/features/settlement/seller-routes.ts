import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sumVnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { businessProblems } from '#features/businesses/types.ts';
import { ownBusinesses } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  FileQuery,
  PayoutDetail,
  PayoutList,
  PayoutParams,
  StatementList,
  StatementQuery,
  StatementView,
} from './schemas.ts';
import type { Settlement } from './service.ts';
import { linesAsCsv } from './stating.ts';
import { settlementProblems } from './types.ts';

/** What a business earns is its owners' and managers' affair. */
const config = { access: 'seller', roles: ['owner', 'manager'] } as const;
const tags = ['seller'];
const catalogue = { ...settlementProblems, ...businessProblems };
const refuse = refusals(catalogue);

/** Another's business is none. */
export function chooseOwn(request: FastifyRequest, asked: string | undefined): BusinessId {
  const own = ownBusinesses(request);
  const chosen = asked ? own.find((id) => id === asked) : own[0];
  if (!chosen) throw refuse('business-not-found');
  return chosen;
}

const sendJson = (reply: FastifyReply, body: object): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(JSON.stringify(body));

const statementRoutes: FastifyPluginAsyncTypebox<{ settlement: Settlement }> = async (app, { settlement }) => {
  app.get(
    '/seller/statement',
    {
      config,
      schema: {
        operationId: 'getMonthlyStatement',
        tags,
        summary: 'What a month brought, line by line',
        description:
          'Sales, refunds, fees with their VAT, withheld taxes, freight and payouts; each line names its order, and the columns sum to what is owed. A month is closed and numbered when it is over.',
        querystring: StatementQuery,
        response: { 200: StatementView, ...refuses(catalogue, 'business-not-found', 'statement-month-invalid') },
      },
    },
    async (request, reply) => {
      const { businessId, month = settlement.currentMonth(), limit = 24, cursor } = request.query;
      readCursor(cursor);
      const own = chooseOwn(request, businessId);
      const { head, items, nextCursor } = await settlement.getStatement(own, month, { limit, cursor });
      const shown = items.map(({ journalId: _journal, ...line }) => line);
      return sendJson(pageOf(request, reply, nextCursor), { ...head, items: shown, nextCursor });
    },
  );
  app.get(
    '/seller/statement/file',
    {
      config,
      schema: {
        operationId: 'downloadMonthlyStatement',
        tags,
        summary: 'The whole month as a file',
        description: 'CSV for a spreadsheet, with the mark by which Excel knows UTF-8; or JSON.',
        querystring: FileQuery,
        response: { ...refuses(catalogue, 'business-not-found', 'statement-month-invalid') },
      },
    },
    async (request, reply) => {
      const { businessId, month = settlement.currentMonth(), format = 'csv' } = request.query;
      const { head, lines } = await settlement.getWholeStatement(chooseOwn(request, businessId), month);
      const name = `doi-soat-${head.number ?? head.month}.${format}`;
      void reply.header('content-disposition', `attachment; filename="${name}"`).header('cache-control', 'no-store');
      if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(linesAsCsv(lines));
      return sendJson(reply, { ...head, items: lines.map(({ journalId: _journal, ...line }) => line) });
    },
  );
  app.get(
    '/seller/statements',
    {
      config,
      schema: {
        operationId: 'listMonthlyStatements',
        tags,
        summary: 'Closed months',
        description: 'Each with its number and the hash of its lines.',
        querystring: FileQuery,
        response: { 200: StatementList, ...refuses(catalogue, 'business-not-found') },
      },
    },
    async (request, reply) => {
      const rows = await settlement.listStatements(chooseOwn(request, request.query.businessId));
      const items = rows.map(({ id: _id, businessId: _business, totals: _totals, month, ...row }) => ({
        ...row,
        month: month.slice(0, 7),
      }));
      return sendJson(reply, { items });
    },
  );
};

/** What a business earned and was paid. */
export const sellerSettlementRoutes: FastifyPluginAsyncTypebox<{ settlement: Settlement }> = async (
  app,
  { settlement },
) => {
  await app.register(statementRoutes, { settlement });
  app.get(
    '/seller/payouts',
    {
      config,
      schema: {
        operationId: 'listPayouts',
        tags,
        summary: 'Payouts to my businesses, and what is due',
        description: 'What an order earned is due after delivery and the time to return, while nobody complains.',
        response: { 200: PayoutList, ...refused },
      },
    },
    async (request, reply) => {
      const own = ownBusinesses(request);
      const [items, sums] = await Promise.all([
        settlement.listOwnPayouts(own, 100),
        Promise.all(own.map((id) => settlement.sumEarnings(id))),
      ]);
      const total = (key: 'dueVnd' | 'heldVnd' | 'comingVnd') => sumVnd(sums.map((one) => one[key]));
      const open = { dueVnd: total('dueVnd'), heldVnd: total('heldVnd'), comingVnd: total('comingVnd') };
      return sendJson(reply, { ...open, items: items.map(({ runId: _run, holderName: _holder, ...one }) => one) });
    },
  );
  app.get(
    '/seller/payouts/:code',
    {
      config,
      schema: {
        operationId: 'getPayout',
        tags,
        summary: 'A payout and the orders that it pays',
        description: 'The amounts of its orders sum to it.',
        params: PayoutParams,
        response: { 200: PayoutDetail, ...refuses(catalogue, 'payout-not-found') },
      },
    },
    async (request, reply) => {
      const { payout, items } = await settlement.getOwnPayout(ownBusinesses(request), request.params.code);
      const { runId: _run, holderName: _holder, ...shown } = payout;
      return sendJson(reply, { ...shown, items });
    },
  );
};
