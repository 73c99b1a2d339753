import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { byOf } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused } from '#http/schema.ts';
import { fileOf } from './export.ts';
import { readPeriod } from './period.ts';
import { ExportQuery, LogPage, LogQuery } from './schemas.ts';
import type { Audit } from './service.ts';

const config = { access: 'staff', roles: ['auditor'] } as const;
const tags = ['staff'];
const sheetExample =
  'happenedAt,actor,actorName,action\r\n2026-11-23T07:00:00.000Z,system:certificates,,certificate.expired\r\n';

export const auditRoutes: FastifyPluginAsyncTypebox<{ audit: Audit }> = async (app, { audit }) => {
  app.get(
    '/staff/audit',
    {
      config,
      schema: {
        operationId: 'listActs',
        tags,
        summary: 'The log of acts',
        description: 'Who did what to what, on whose behalf, with what changed, from where; newest first.',
        querystring: LogQuery,
        response: { 200: LogPage, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor, from, until, ...filter } = request.query;
      const { items, nextCursor } = await audit.list(
        { ...filter, ...readPeriod(from, until) },
        { limit, cursor: readCursor(cursor) },
      );
      return pageOf(request, reply, nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: items.map((item) => ({ ...item, happenedAt: item.happenedAt.toISOString() })), nextCursor });
    },
  );
  app.get(
    '/staff/audit/export',
    {
      config,
      schema: {
        operationId: 'exportActs',
        tags,
        summary: 'Take the log away',
        description:
          'All acts that the filter leaves, newest first, as CSV (cells guarded against formulas) or JSON. That it was taken is an act in the log.',
        querystring: ExportQuery,
        response: {
          200: {
            description: 'The file',
            content: {
              'text/csv': { schema: Type.String({ description: 'A sheet' }), example: sheetExample },
              'application/json': { schema: Type.String({ description: 'A list of acts' }), example: '[\n]\n' },
            },
          },
          ...refused,
        },
      },
    },
    async (request, reply) => {
      const { format, from, until, ...filter } = request.query;
      const who = byOf(request);
      const { stream, headers } = fileOf(
        audit.takeAway(who, { ...filter, ...readPeriod(from, until) }, format),
        format,
      );
      return reply.headers(headers).send(stream);
    },
  );
};
