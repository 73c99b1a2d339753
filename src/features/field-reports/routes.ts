import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { maxPhotoBytes } from '#features/care/index.ts';
import { fileProblems } from '#features/files/types.ts';
import { identityProblems } from '#features/identity/types.ts';
import { queueProblems } from '#features/queues/types.ts';
import { actorOf, byOf, ownBusinesses, type Role } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  ReportBody,
  ReportList,
  ReportParams,
  ReportPhotoBody,
  ReportQuery,
  ReportState,
  ReportVerdict,
  WholeReportBody,
} from './schemas.ts';
import type { FieldReports, Reporter } from './service.ts';
import { reportProblems } from './types.ts';
import type { ReportView } from './views.ts';

type Deps = { readonly fieldReports: FieldReports };
const problems = { ...identityProblems, ...fileProblems, ...queueProblems, ...reportProblems };
const done = { 204: Type.Null({ description: 'Done' }) } as const;
export const reportOfficers: readonly Role[] = ['moderator'];

export const reporterOf = (request: FastifyRequest, phone?: string): Reporter => ({
  ...byOf(request),
  actor: actorOf(request),
  accountId: request.caller.kind === 'account' ? request.caller.accountId : undefined,
  phone,
});
const toState = ({ code, kind, businessName, productName, outcome, reason, ...view }: ReportView) => ({
  code,
  kind,
  about: { business: businessName, product: productName },
  createdAt: view.createdAt.toISOString(),
  dueAt: view.dueAt.toISOString(),
  outcome,
  reason,
  decidedAt: view.decidedAt?.toISOString() ?? null,
});

const telling: FastifyPluginAsyncTypebox<Deps> = async (app, { fieldReports }) => {
  const config = { access: 'public' } as const;
  const tags = ['catalogue'];
  app.post(
    '/field-reports',
    {
      config,
      schema: {
        operationId: 'reportFromField',
        tags,
        summary: 'Report a product or a business',
        description:
          'Wrong origin, a false certificate, something unsafe. The code opens its state; an officer answers by `dueAt`. The business never learns who reported.',
        body: ReportBody,
        response: {
          201: ReportState,
          ...refuses(
            problems,
            'report-not-found',
            'report-words-missing',
            'report-contact-missing',
            'too-many-attempts',
          ),
        },
      },
    },
    async (request, reply) => {
      const { product, business = '', phone, ...told } = request.body;
      const of = product === undefined ? { business } : { product };
      const { code } = await fieldReports.report(reporterOf(request, phone), { ...told, of });
      return reply.code(201).send(toState(await fieldReports.getState(code)));
    },
  );
  app.get(
    '/field-reports/:code',
    {
      config,
      schema: {
        operationId: 'getFieldReportState',
        tags,
        summary: 'What became of a report',
        description: 'By its code alone; neither what was told nor by whom.',
        params: ReportParams,
        response: { 200: ReportState, ...refuses(problems, 'report-not-found') },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(toState(await fieldReports.getState(request.params.code))),
  );
  app.post(
    '/field-reports/:code/photos',
    {
      config: { ...config, upload: { maxBytes: maxPhotoBytes } },
      schema: {
        operationId: 'addFieldReportPhoto',
        tags,
        summary: 'Add a photo to a report',
        description: 'Within its first hour, four at the most. For officers alone, without what the camera wrote.',
        params: ReportParams,
        body: ReportPhotoBody,
        response: {
          ...done,
          ...refuses(
            problems,
            'report-not-found',
            'report-photos-full',
            'file-too-large',
            'file-type-refused',
            'file-empty',
            'file-incomplete',
            'picture-animated',
            'picture-dimensions',
            'storage-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      await fieldReports.addPhoto(reporterOf(request), request.params.code, request.body.photo);
      return reply.code(204).send(null);
    },
  );
};

const sellerDesk: FastifyPluginAsyncTypebox<Deps> = async (app, { fieldReports }) => {
  app.get(
    '/seller/field-reports',
    {
      config: { access: 'seller' },
      schema: {
        operationId: 'listSellerFieldReports',
        tags: ['seller'],
        summary: 'Reports of my businesses that were decided',
        description: 'The matter and the officer’s words; never who reported, or in what words.',
        querystring: ReportQuery,
        response: { 200: ReportList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const page = await fieldReports.listOwn(ownBusinesses(request), { limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toState), nextCursor: page.nextCursor });
    },
  );
};

const staffDesk: FastifyPluginAsyncTypebox<Deps> = async (app, { fieldReports }) => {
  const config = { access: 'staff', roles: reportOfficers } as const;
  app.get(
    '/staff/field-reports',
    {
      config,
      schema: {
        operationId: 'listFieldReports',
        tags: ['staff'],
        summary: 'Reports of all businesses',
        description: 'Newest first.',
        querystring: ReportQuery,
        response: { 200: ReportList, ...refused },
      },
    },
    async (request, reply) => {
      const { limit = 24, cursor } = request.query;
      const page = await fieldReports.listReports({ limit, cursor: readCursor(cursor) });
      return pageOf(request, reply, page.nextCursor)
        .header('cache-control', 'no-store')
        .send({ items: page.items.map(toState), nextCursor: page.nextCursor });
    },
  );
  app.get(
    '/staff/field-reports/:code',
    {
      config,
      schema: {
        operationId: 'getFieldReport',
        tags: ['staff'],
        summary: 'One report with all that was told',
        description: 'Words, photos, about where, and how to reach the reporter.',
        params: ReportParams,
        response: { 200: WholeReportBody, ...refuses(problems, 'report-not-found') },
      },
    },
    async (request, reply) => {
      const whole = await fieldReports.getWhole(request.params.code);
      const { text, phone, ward, latitude, longitude, photos } = whole;
      return reply
        .header('cache-control', 'no-store')
        .send({ ...toState(whole), text, phone, ward, latitude, longitude, photos });
    },
  );
  app.post(
    '/staff/field-reports/:code/verdict',
    {
      config,
      schema: {
        operationId: 'decideFieldReport',
        tags: ['staff'],
        summary: 'Decide a report',
        description:
          'By whoever took it from the queue. `takedown` opens a takedown of the product, with its own clock and page.',
        params: ReportParams,
        body: ReportVerdict,
        response: {
          ...done,
          ...refuses(
            problems,
            'report-not-found',
            'report-words-missing',
            'report-decided',
            'report-of-no-product',
            'claim-required',
          ),
        },
      },
    },
    async (request, reply) => {
      await fieldReports.decide(byOf(request), request.params.code, request.body);
      return reply.code(204).send(null);
    },
  );
};

export const fieldReportRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { fieldReports }) => {
  await app.register(telling, { fieldReports });
  await app.register(sellerDesk, { fieldReports });
  await app.register(staffDesk, { fieldReports });
};
