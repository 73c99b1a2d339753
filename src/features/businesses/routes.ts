import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import type { ComplaintFigure } from '#features/complaints/types.ts';
import type { Reliability } from '#features/orders/types.ts';
import { sendCacheable } from '#http/etag.ts';
import { pageOf, readCursor } from '#http/paging.ts';
import { httpProblems } from '#http/problems.ts';
import { refuses } from '#http/schema.ts';
import { BusinessList, BusinessParams, BusinessQuery, BusinessView } from './schemas.ts';
import type { Businesses } from './service.ts';
import { type BusinessId, businessProblems } from './types.ts';

type Deps = {
  readonly businesses: Businesses;
  /** Told by the slice of orders, which stands on this one. */
  readonly reliabilityOf: (businessId: BusinessId) => Promise<Reliability>;
  /** Told by the slice of complaints. */
  readonly complaintsOf: (businessId: BusinessId) => Promise<ComplaintFigure>;
};

export const businessRoutes: FastifyPluginAsyncTypebox<Deps> = async (
  app,
  { businesses, reliabilityOf, complaintsOf },
) => {
  app.get(
    '/businesses',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listBusinesses',
        tags: ['catalogue'],
        summary: 'Businesses of this exchange',
        description:
          'Approved businesses of our own, by register number. Producers of partner exchanges are not listed.',
        querystring: BusinessQuery,
        response: { 200: BusinessList, ...refuses(httpProblems, 'invalid-cursor') },
      },
    },
    async (request, reply) => {
      const page = await businesses.listBusinesses(request.query.limit ?? 24, readCursor(request.query.cursor));
      return sendCacheable(request, pageOf(request, reply, page.nextCursor), JSON.stringify(page));
    },
  );
  app.get(
    '/businesses/:businessId',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getBusiness',
        tags: ['catalogue'],
        summary: 'One business',
        description: 'By id or slug; also the producer behind a listing of a partner exchange.',
        params: BusinessParams,
        response: { 200: BusinessView, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request, reply) => {
      const business = await businesses.getBusiness(request.params.businessId);
      const reliability = await reliabilityOf(business.businessId);
      const complaints = await complaintsOf(business.businessId);
      return sendCacheable(request, reply, JSON.stringify({ ...business, reliability, complaints }));
    },
  );
};
