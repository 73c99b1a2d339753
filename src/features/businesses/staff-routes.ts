import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { actorOf, signedIn } from '#http/access.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { httpProblems } from '#http/problems.ts';
import { refuses } from '#http/schema.ts';
import type { Officer } from './reviewing.ts';
import {
  ApplicationView,
  MeasureAdded,
  MeasureBody,
  type MeasureInput,
  MeasureParams,
  OwnParams,
  PaperParams,
  PersonalNumber,
  ReasonBody,
  ReviewBody,
  StaffList,
  StaffQuery,
  VerdictBody,
  WithholdingBody,
} from './schemas.ts';
import type { Businesses } from './service.ts';
import { businessProblems } from './types.ts';

type Deps = { readonly businesses: Businesses };
const done = (description: string) => ({ 204: Type.Null({ description }) });
const moderating = { access: 'staff', roles: ['moderator'] } as const;

export const officerOf = (request: FastifyRequest): Officer => ({
  actor: actorOf(request),
  address: request.ip,
  accountId: signedIn(request).accountId,
});
const instant = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
const toMeasure = ({ requestedAt, effectiveAt, ...draft }: MeasureInput) => ({
  ...draft,
  requestedAt: instant(requestedAt),
  effectiveAt: instant(effectiveAt),
});

const reviewRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.get(
    '/staff/businesses',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'listBusinessesOfState',
        tags: ['staff'],
        summary: 'Businesses by state',
        description: 'Those that have waited longest first; those that wait for review unless another state is named.',
        querystring: StaffQuery,
        response: { 200: StaffList, ...refuses(httpProblems, 'invalid-cursor') },
      },
    },
    async (request, reply) => {
      const { status = 'submitted', limit = 24, cursor } = request.query;
      const page = await businesses.listByState([status], limit, readCursor(cursor));
      return pageOf(request, reply, page.nextCursor).send(page);
    },
  );
  app.get(
    '/staff/businesses/:businessId',
    {
      config: moderating,
      schema: {
        operationId: 'getBusinessForReview',
        tags: ['staff'],
        summary: 'A business as its reviewer sees it',
        description: 'What was given, the papers with what was decided on each, and earlier decisions.',
        params: OwnParams,
        response: { 200: ApplicationView, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request) => {
      const business = await businesses.getOwn(request.params.businessId);
      return { ...business, ...(await businesses.readApplication(business)) };
    },
  );
  app.post(
    '/staff/businesses/:businessId/review',
    {
      config: moderating,
      schema: {
        operationId: 'reviewBusiness',
        tags: ['staff'],
        summary: 'Approve, send back or reject',
        description:
          'Approval needs every required paper accepted. Any other decision needs a reason; remarks stand beside the fields.',
        params: OwnParams,
        body: ReviewBody,
        response: {
          ...done('Decided'),
          ...refuses(
            businessProblems,
            'business-not-found',
            'business-state-forbids',
            'papers-not-accepted',
            'business-reason-missing',
            'own-business',
          ),
        },
      },
    },
    async (request, reply) => {
      const { verdict, reason = '', remarks = {} } = request.body;
      await businesses.review(officerOf(request), request.params.businessId, { verdict, reason, remarks });
      return reply.code(204).send(null);
    },
  );
};

const paperRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.post(
    '/staff/papers/:paperId/verdict',
    {
      config: moderating,
      schema: {
        operationId: 'judgePaper',
        tags: ['staff'],
        summary: 'Decide on one paper',
        description: 'A refusal needs a reason, which its sender reads beside the paper.',
        params: PaperParams,
        body: VerdictBody,
        response: {
          ...done('Decided'),
          ...refuses(businessProblems, 'paper-not-found', 'business-reason-missing', 'paper-expired'),
        },
      },
    },
    async (request, reply) => {
      const { verdict, reason = '' } = request.body;
      await businesses.judgePaper(officerOf(request), request.params.paperId, verdict, reason);
      return reply.code(204).send(null);
    },
  );
};

const measureRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.post(
    '/staff/businesses/:businessId/measures',
    {
      config: moderating,
      schema: {
        operationId: 'decideMeasure',
        tags: ['staff'],
        summary: 'Suspend or close',
        description:
          'At once on an authority’s request, which must be carried out within 24 hours of its coming; otherwise after at least five days’ notice with the reason.',
        params: OwnParams,
        body: MeasureBody,
        response: {
          201: MeasureAdded,
          ...refuses(
            businessProblems,
            'business-not-found',
            'business-state-forbids',
            'measure-invalid',
            'business-reason-missing',
          ),
        },
      },
    },
    async (request, reply) => {
      const draft = toMeasure(request.body);
      const measureId = await businesses.decideMeasure(officerOf(request), request.params.businessId, draft);
      return reply.code(201).send({ measureId });
    },
  );
  app.post(
    '/staff/measures/:measureId/lift',
    {
      config: moderating,
      schema: {
        operationId: 'liftMeasure',
        tags: ['staff'],
        summary: 'Take a measure back',
        description: 'Before or after it took effect. A closure that took effect is for good.',
        params: MeasureParams,
        body: ReasonBody,
        response: {
          ...done('Lifted'),
          ...refuses(businessProblems, 'measure-not-found', 'business-state-forbids', 'business-reason-missing'),
        },
      },
    },
    async (request, reply) => {
      await businesses.liftMeasure(officerOf(request), request.params.measureId, request.body.reason);
      return reply.code(204).send(null);
    },
  );
};

const recordRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  app.post(
    '/staff/businesses/:businessId/personal-number',
    {
      config: { ...moderating, fresh: true },
      schema: {
        operationId: 'readPersonalNumber',
        tags: ['staff'],
        summary: 'Read a person’s number in full',
        description: 'An act with a reason, which is written into the log before the number is given.',
        params: OwnParams,
        body: ReasonBody,
        response: {
          200: PersonalNumber,
          ...refuses(businessProblems, 'business-not-found', 'business-reason-missing'),
        },
      },
    },
    async (request, reply) => {
      const { businessId } = request.params;
      const personalNumber = await businesses.readPersonalNumber(officerOf(request), businessId, request.body.reason);
      return reply.header('cache-control', 'no-store').send({ personalNumber });
    },
  );
  app.put(
    '/staff/businesses/:businessId/withholding',
    {
      config: { access: 'staff', roles: ['moderator', 'finance'] },
      schema: {
        operationId: 'setWithholding',
        tags: ['staff'],
        summary: 'Say who declares tax',
        description: 'From a day on; what held before stays in the history.',
        params: OwnParams,
        body: WithholdingBody,
        response: { ...done('Set'), ...refuses(businessProblems, 'business-not-found', 'business-reason-missing') },
      },
    },
    async (request, reply) => {
      const { mode, validFrom, reason } = request.body;
      await businesses.setWithholding(officerOf(request), request.params.businessId, mode, validFrom, reason);
      return reply.code(204).send(null);
    },
  );
};

/** All that officers decide on businesses over the API. */
export const staffBusinessRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { businesses }) => {
  await app.register(reviewRoutes, { businesses });
  await app.register(paperRoutes, { businesses });
  await app.register(measureRoutes, { businesses });
  await app.register(recordRoutes, { businesses });
};
