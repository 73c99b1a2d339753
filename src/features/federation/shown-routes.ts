import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { refusals } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import { refuses } from '#http/schema.ts';
import { OverlayRequest, Why, WhyQuery } from './road-schemas.ts';
import { act, done, type RoadDeps, read, tags } from './standing-now.ts';
import { federationProblems } from './types.ts';

const refuse = refusals(federationProblems);

/** Single listings of partners: why they are shown, and what is laid over them. */
export const partnerListingRoutes: FastifyPluginAsyncTypebox<RoadDeps> = async (app, { partnerDesk }) => {
  const explain = async (name: string) => {
    const found = await partnerDesk.explain(name);
    if (!found) throw refuse('partner-listing-not-found', { listing: name });
    return found;
  };
  app.get(
    '/staff/partner-listings/why',
    {
      config: read,
      schema: {
        operationId: 'explainPartnerListing',
        tags,
        summary: 'Why a listing of a partner is shown here, or not',
        description: 'The questions in the order in which they are asked; the first that fails decides.',
        querystring: WhyQuery,
        response: { 200: Why, ...refuses(federationProblems, 'partner-listing-not-found') },
      },
    },
    async ({ query }, reply) => {
      const { partner, facts, overlay: laid, why } = await explain(query.listing);
      const overlay = laid
        ? {
            categoryId: laid.categoryId,
            nameVi: laid.nameVi ?? '',
            nameEn: laid.nameEn ?? '',
            hiddenReason: laid.hiddenReason ?? '',
          }
        : null;
      const told = { ...why, passed: [...why.passed], notes: [...why.notes] };
      return reply.header('cache-control', 'no-store').send({ partner: partner.key, uri: facts.uri, ...told, overlay });
    },
  );
  app.put(
    '/staff/partner-listings/overlay',
    {
      config: act,
      schema: {
        operationId: 'layPartnerListing',
        tags,
        summary: 'Lay our words over a listing of a partner',
        description: 'Product set, name, or that it is hidden. It stays, whatever its exchange sends.',
        body: OverlayRequest,
        response: {
          ...done,
          ...refuses(federationProblems, 'partner-listing-not-found', 'overlay-category-unknown'),
        },
      },
    },
    async (request, reply) => {
      const { listing, ...lay } = request.body;
      const { partner, facts } = await explain(listing);
      await partnerDesk.lay(byOf(request), partner.key, facts.uri, lay);
      return reply.code(204).send(null);
    },
  );
};
