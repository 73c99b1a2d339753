import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Vnd } from '#core/money.ts';
import { businessProblems } from '#features/businesses/types.ts';
import { productProblems } from '#features/products/types.ts';
import { byOf, ownBusinesses, type Role } from '#http/access.ts';
import { refused, refuses } from '#http/schema.ts';
import type { PointRow } from './queries.ts';
import {
  LimitBody,
  LimitParams,
  OwnTermsBody,
  PointAdded,
  PointBody,
  PointParams,
  ProductLimitBody,
  RateBody,
  TariffBook,
  TermsBody,
  TermsParams,
  TimesBody,
  ZoneBody,
} from './schemas.ts';
import type { Keeper, Shipping, TermsDraft } from './service.ts';
import { shippingProblems } from './types.ts';

type Deps = { readonly shipping: Shipping };
export const termsRoles: readonly Role[] = ['owner', 'manager'];
export const tariffRoles: readonly Role[] = ['finance'];
const problems = { ...businessProblems, ...productProblems, ...shippingProblems };
const done = { 204: Type.Null({ description: 'Done' }) } as const;

export const keeperOf = (request: FastifyRequest): Keeper => ({
  ...byOf(request),
  businessIds: ownBusinesses(request),
});

const toPoint = ({ id, name, line, ward, hours }: PointRow) => ({ pickupPointId: id, name, line, ward, hours });

const termsRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { shipping }) => {
  const config = { access: 'seller', roles: termsRoles } as const;
  app.get(
    '/seller/delivery',
    {
      config,
      schema: {
        operationId: 'listOwnDeliveryTerms',
        tags: ['seller'],
        summary: 'What my businesses offer of delivery',
        description: 'Free delivery from a sum on, and where orders can be collected.',
        response: { 200: OwnTermsBody, ...refused },
      },
    },
    async (request) => {
      const { items, points } = await shipping.listOwn(ownBusinesses(request));
      return {
        items: items.map(({ pickup, ...own }) => ({ ...own, pickup: pickup && toPoint(pickup) })),
        points: points.map(toPoint),
      };
    },
  );
  app.put(
    '/seller/delivery/:businessId',
    {
      config,
      schema: {
        operationId: 'setOwnDeliveryTerms',
        tags: ['seller'],
        summary: 'Say what a business offers of delivery',
        description:
          'Replaces what was said before. A point is the business’s own (`ownPoint`), one of the exchange (`pickupPointId`), or none.',
        params: TermsParams,
        body: TermsBody,
        response: {
          ...done,
          ...refuses(problems, 'business-not-found', 'pickup-point-not-found', 'pickup-point-incomplete'),
        },
      },
    },
    async (request, reply) => {
      const { freeOverVnd, pickupPointId, ownPoint } = request.body;
      const chosen: TermsDraft['pickup'] = pickupPointId ? { pickupPointId } : null;
      const pickup = ownPoint ? { own: ownPoint } : chosen;
      await shipping.saveTerms(keeperOf(request), request.params.businessId, {
        freeOverVnd: freeOverVnd as Vnd | null,
        pickup,
      });
      return reply.code(204).send(null);
    },
  );
  app.put(
    '/seller/products/:productId/transit-limit',
    {
      config,
      schema: {
        operationId: 'setTransitLimit',
        tags: ['seller'],
        summary: 'Say how long a product bears to be on its way',
        description: 'Where the way is longer it can be collected, and not sent.',
        params: LimitParams,
        body: ProductLimitBody,
        response: { ...done, ...refuses(problems, 'product-not-found') },
      },
    },
    async (request, reply) => {
      await shipping.setProductLimit(keeperOf(request), request.params.productId, request.body.maxHours);
      return reply.code(204).send(null);
    },
  );
};

const tariffRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { shipping }) => {
  const config = { access: 'staff', roles: tariffRoles } as const;
  const tags = ['staff'];
  const description = 'A dated row: orders that were placed keep what they were priced by.';
  app.get(
    '/staff/shipping',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'getShippingTariff',
        tags,
        summary: 'Read the tariff of deliveries',
        description:
          'Rates, zones, hours on the way, what goods bear, and points of the exchange: all that hold, will or did.',
        response: { 200: TariffBook, ...refused },
      },
    },
    async () => {
      const { points, ...book } = await shipping.readTariffBook();
      const since = <T extends { readonly validFrom: Date }>(row: T) => ({
        ...row,
        validFrom: row.validFrom.toISOString(),
      });
      return {
        rates: book.rates.map(since),
        zones: book.zones.map(since),
        times: book.times.map(since),
        limits: book.limits.map(since),
        points: points.map(toPoint),
      };
    },
  );
  app.post(
    '/staff/shipping/rates',
    {
      config,
      schema: {
        operationId: 'addShippingRate',
        tags,
        summary: 'Add a rate',
        description,
        body: RateBody,
        response: { ...done, ...refuses(problems, 'rate-from-past', 'rate-incomplete') },
      },
    },
    async (request, reply) => {
      await shipping.addRate(byOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/staff/shipping/zones',
    {
      config,
      schema: {
        operationId: 'addShippingZone',
        tags,
        summary: 'Say which zone a province or ward is in',
        description,
        body: ZoneBody,
        response: { ...done, ...refuses(problems, 'rate-from-past') },
      },
    },
    async (request, reply) => {
      await shipping.addZone(byOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
  await app.register(timeRoutes, { shipping });
};

/** How long the way is, what goods bear of it, and where orders are collected instead. */
const timeRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { shipping }) => {
  const config = { access: 'staff', roles: tariffRoles } as const;
  const tags = ['staff'];
  const description = 'A dated row: orders that were placed keep what they were priced by.';
  app.post(
    '/staff/shipping/times',
    {
      config,
      schema: {
        operationId: 'addZoneTimes',
        tags,
        summary: 'Say how long parcels are on their way',
        description,
        body: TimesBody,
        response: { ...done, ...refuses(problems, 'rate-from-past', 'transit-hours-crossed') },
      },
    },
    async (request, reply) => {
      await shipping.addTimes(byOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/staff/shipping/limits',
    {
      config,
      schema: {
        operationId: 'addTransitLimit',
        tags,
        summary: 'Say how long a kind of goods bears to be on its way',
        description,
        body: LimitBody,
        response: { ...done, ...refuses(problems, 'rate-from-past') },
      },
    },
    async (request, reply) => {
      await shipping.addLimit(byOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/staff/shipping/points',
    {
      config,
      schema: {
        operationId: 'addPickupPoint',
        tags,
        summary: 'Open a pick-up point of the exchange',
        description: 'Any business may then have its orders collected there.',
        body: PointBody,
        response: { 201: PointAdded, ...refuses(problems, 'pickup-point-incomplete') },
      },
    },
    async (request, reply) =>
      reply.code(201).send({ pickupPointId: await shipping.addPoint(byOf(request), request.body) }),
  );
  app.delete(
    '/staff/shipping/points/:pickupPointId',
    {
      config,
      schema: {
        operationId: 'closePickupPoint',
        tags,
        summary: 'Close a pick-up point of the exchange',
        description: 'Orders that are to be collected there keep it; no new ones name it.',
        params: PointParams,
        response: { ...done, ...refuses(problems, 'pickup-point-not-found') },
      },
    },
    async (request, reply) => {
      await shipping.closePoint(byOf(request), request.params.pickupPointId);
      return reply.code(204).send(null);
    },
  );
};

/** What businesses offer of delivery, and the exchange's own tariff. */
export const shippingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { shipping }) => {
  await app.register(termsRoutes, { shipping });
  await app.register(tariffRoutes, { shipping });
};
