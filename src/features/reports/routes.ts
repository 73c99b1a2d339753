import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { encodeCursor } from '#core/cursor.ts';
import { byOf, type Role } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import { reportFile } from './files.ts';
import {
  CheckView,
  DraftQuery,
  DraftView,
  FileQuery,
  FreezeBody,
  FrozenView,
  ListQuery,
  NumberParams,
  ReportPage,
  ReportView,
} from './schemas.ts';
import type { FrozenReport, Reports } from './service.ts';
import { periodicReportProblems as problems } from './types.ts';

/** Who answers for money freezes; who audits reads. */
export const reportReaders: readonly Role[] = ['finance', 'auditor'];
export const reportFreezers: readonly Role[] = ['finance'];

type Deps = { readonly reports: Reports; readonly idempotent: Idempotent; readonly publicUrl: string };
const reading = { access: 'staff', roles: reportReaders } as const;
const tags = ['staff'];
const csvExample = 'Số báo cáo,BC-2026-0007\r\n';

/** What anybody may know of a report: that it is genuine, of when, and whether it stands. */
const checkOf = ({ number, period, kind, startsAt, endsAt, sha256, frozenAt, replaces, replacedBy }: FrozenReport) => ({
  ...{ number, period, kind, sha256, replaces, replacedBy },
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  frozenAt: frozenAt.toISOString(),
});

const readingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { reports }) => {
  app.get(
    '/staff/reports',
    {
      config: reading,
      schema: {
        operationId: 'listReports',
        tags,
        summary: 'Frozen reports',
        description: 'Newest first, without their figures.',
        querystring: ListQuery,
        response: { 200: ReportPage, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const rows = await reports.list(limit + 1, readCursor(cursor)?.value);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? encodeCursor({ value: last.number, id: last.id }) : null;
      return pageOf(request, reply, nextCursor)
        .header('cache-control', 'no-store')
        .send({
          items: items.map(({ frozenAt, ...item }) => ({ ...item, frozenAt: frozenAt.toISOString() })),
          nextCursor,
        });
    },
  );
  app.get(
    '/staff/reports/draft',
    {
      config: reading,
      schema: {
        operationId: 'draftReport',
        tags,
        summary: 'A report that nobody has frozen',
        description: 'Worked out now, from the same query as a frozen one. A period that runs is counted up to now.',
        querystring: DraftQuery,
        response: { 200: DraftView, ...refuses(problems, 'report-period-invalid') },
      },
    },
    async (request, reply) => {
      const { name, kind, at, startsAt, endsAt, ...draft } = await reports.draft(request.query.period);
      return reply.header('cache-control', 'no-store').send({
        ...{ ...draft, period: name, kind, at: at.toISOString() },
        ...{ startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() },
      });
    },
  );
};

const frozenRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { reports, publicUrl }) => {
  app.get(
    '/staff/reports/:number',
    {
      config: reading,
      schema: {
        operationId: 'getReport',
        tags,
        summary: 'A frozen report',
        description: 'The figures as they were when it was frozen.',
        params: NumberParams,
        response: { 200: ReportView, ...refuses(problems, 'periodic-report-not-found') },
      },
    },
    async (request, reply) => {
      const report = await reports.get(request.params.number);
      const { frozenByName, reason, figures } = report;
      return reply.header('cache-control', 'no-store').send({ ...checkOf(report), frozenByName, reason, figures });
    },
  );
  app.get(
    '/staff/reports/:number/file',
    {
      config: reading,
      schema: {
        operationId: 'takeReport',
        tags,
        summary: 'Take a report away',
        description:
          'As a workbook, on paper, as a sheet, or as the canonical JSON whose SHA-256 is the hash of the report. All are of the same figures.',
        params: NumberParams,
        querystring: FileQuery,
        response: {
          200: {
            description: 'The file',
            content: {
              'text/csv': {
                schema: Type.String({ description: 'In the format that was asked for' }),
                example: csvExample,
              },
            },
          },
          ...refuses(problems, 'periodic-report-not-found'),
        },
      },
    },
    async (request, reply) => {
      const { format = 'xlsx', lang = 'vi' } = request.query;
      const { name, type, bytes } = await reportFile(await reports.get(request.params.number), format, lang, publicUrl);
      return (
        reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="${name}"`)
          .type(type)
          // Bytes pass the serialiser by.
          .send(bytes as never)
      );
    },
  );
};

export const reportRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { reports, idempotent, publicUrl }) => {
  const deps = { reports, idempotent, publicUrl };
  await app.register(readingRoutes, deps);
  await app.register(frozenRoutes, deps);
  app.post(
    '/staff/reports',
    {
      config: { access: 'staff', roles: reportFreezers, idempotencyKey: true },
      schema: {
        operationId: 'freezeReport',
        tags,
        summary: 'Freeze the report of a period',
        description:
          'Once the period is over. It gets the next number of the year and a hash, and is never changed; a correction is another report that names the one it replaces. Requires `Idempotency-Key`.',
        body: FreezeBody,
        response: {
          201: FrozenView,
          ...refuses(
            problems,
            'report-period-invalid',
            'report-period-open',
            'report-frozen',
            'report-not-standing',
            'report-reason-missing',
          ),
        },
      },
    },
    (request, reply) =>
      deps.idempotent(request, reply, 201, (finish) => deps.reports.freeze(byOf(request), request.body, finish)),
  );
};

/** Whoever holds a report checks it here: on paper it reaches offices that have no account with the exchange. */
export const reportCheckRoutes: FastifyPluginAsyncTypebox<{ readonly reports: Reports }> = async (app, { reports }) => {
  app.get(
    '/reports/:number',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'checkReport',
        tags: ['catalogue'],
        summary: 'Check a report of the exchange',
        description:
          'Whether its number is genuine, when it was frozen and with which hash, and whether it stands. No figures, nobody’s name.',
        params: NumberParams,
        response: { 200: CheckView, ...refuses(problems, 'periodic-report-not-found') },
      },
    },
    async (request) => checkOf(await reports.get(request.params.number)),
  );
};
