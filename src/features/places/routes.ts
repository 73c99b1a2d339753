import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { sendCacheable } from '#http/etag.ts';
import { refused, refuses } from '#http/schema.ts';
import { FoundWards, ProvinceList, ProvinceParams, WardList, WardSearch } from './schemas.ts';
import type { Places } from './service.ts';
import { CURRENT_SCHEME, placeProblems } from './types.ts';

export const placeRoutes: FastifyPluginAsyncTypebox<{ places: Places }> = async (app, { places }) => {
  app.get(
    '/places/provinces',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listProvinces',
        tags: ['catalogue'],
        summary: 'Provinces of today',
        description:
          'The 34 provinces and cities since 1 July 2025. Codes of before the reform name other places: never mix the schemes.',
        response: { 200: ProvinceList, ...refused },
      },
    },
    async (request, reply) =>
      sendCacheable(request, reply, JSON.stringify({ scheme: CURRENT_SCHEME, items: await places.listProvinces() })),
  );
  app.get(
    '/places/provinces/:code/wards',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listWards',
        tags: ['catalogue'],
        summary: 'Wards of a province',
        description: 'Empty where no wards are loaded; there an address names its ward as text.',
        params: ProvinceParams,
        response: { 200: WardList, ...refuses(placeProblems, 'province-not-found') },
      },
    },
    async (request, reply) =>
      sendCacheable(request, reply, JSON.stringify({ items: await places.listWards(request.params.code) })),
  );
  app.get(
    '/places/wards',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'searchWards',
        tags: ['catalogue'],
        summary: 'Find a ward by any of its names',
        description:
          'By the name of today, that of a commune of before 1 July 2025, or that of the district of then. Loaded for the wards of former Sóc Trăng.',
        querystring: WardSearch,
        response: { 200: FoundWards, ...refused },
      },
    },
    async (request) => ({ items: [...(await places.searchWards(request.query.q))] }),
  );
};
