import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { actorOf, byOf, ownBusinesses } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { refused, refuses } from '#http/schema.ts';
import {
  BookBody,
  BookingBody,
  CarrierParams,
  Heard,
  MessageBody,
  ParcelList,
  ParcelParams,
  PlacesBody,
  QuoteBody,
  QuoteQuery,
  WebhookQuery,
} from './schemas.ts';
import type { Couriers, Keeper } from './service.ts';
import { CARRIERS, courierProblems } from './types.ts';

type Deps = { readonly couriers: Couriers };
export const keeperOf = (request: FastifyRequest): Keeper => ({
  actor: actorOf(request),
  businessIds: ownBusinesses(request),
});
const done = { 204: Type.Null({ description: 'Done' }) } as const;
const own = { access: 'seller' } as const;

const bookingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { couriers }) => {
  const tags = ['seller'];
  app.get(
    '/seller/parcels',
    {
      config: own,
      schema: {
        operationId: 'listOwnParcels',
        tags,
        summary: 'My parcels',
        description: 'Packed or under way, with what was agreed with a carrier.',
        response: { 200: ParcelList, ...refused },
      },
    },
    async (request) => ({
      carriers: [...couriers.carriers()],
      items: (await couriers.listParcels(ownBusinesses(request))).map((parcel) => ({
        ...parcel,
        createdAt: parcel.createdAt.toISOString(),
      })),
    }),
  );
  app.get(
    '/seller/parcels/:parcel/quote',
    {
      config: own,
      schema: {
        operationId: 'quoteParcel',
        tags,
        summary: 'Ask what a carrier takes for a parcel',
        description: 'The carrier’s own price, which the business pays; the buyer has paid the exchange’s rate.',
        params: ParcelParams,
        querystring: QuoteQuery,
        response: {
          200: QuoteBody,
          ...refuses(
            courierProblems,
            'carrier-closed',
            'parcel-not-found',
            'carrier-place-unknown',
            'carrier-refused',
            'carrier-away',
          ),
        },
      },
    },
    async (request) => ({
      feeVnd: await couriers.quote(keeperOf(request), request.params.parcel, request.query.carrier),
    }),
  );
  await app.register(fetchingRoutes, { couriers });
};

/** A carrier is asked to come, or told not to. */
const fetchingRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { couriers }) => {
  const tags = ['seller'];
  app.put(
    '/seller/parcels/:parcel/booking',
    {
      config: own,
      schema: {
        operationId: 'bookCourier',
        tags,
        summary: 'Have a carrier fetch a packed parcel',
        description:
          'The carrier knows the parcel by its code, so that asking twice is asking once. Where it does not answer, the exchange asks again; the parcel can be sent by hand meanwhile.',
        params: ParcelParams,
        body: BookBody,
        response: {
          200: BookingBody,
          ...refuses(
            courierProblems,
            'carrier-closed',
            'parcel-not-found',
            'parcel-has-left',
            'parcel-booked',
            'carrier-place-unknown',
            'carrier-refused',
          ),
        },
      },
    },
    async (request) => ({
      state: await couriers.book(keeperOf(request), request.params.parcel, request.body.carrier),
    }),
  );
  app.delete(
    '/seller/parcels/:parcel/booking',
    {
      config: own,
      schema: {
        operationId: 'cancelCourier',
        tags,
        summary: 'Tell the carrier not to fetch a parcel',
        description: 'Before it was fetched.',
        params: ParcelParams,
        response: {
          ...done,
          ...refuses(
            courierProblems,
            'carrier-closed',
            'parcel-not-found',
            'parcel-has-left',
            'carrier-refused',
            'carrier-away',
          ),
        },
      },
    },
    async (request, reply) => {
      await couriers.cancel(keeperOf(request), request.params.parcel);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/seller/parcels/:parcel/label',
    {
      config: own,
      schema: {
        operationId: 'getCourierLabel',
        tags,
        summary: 'The carrier’s own label',
        description: 'A PDF, for a parcel that the carrier will fetch.',
        params: ParcelParams,
        response: {
          200: {
            description: 'The label',
            content: { 'application/pdf': { schema: Type.String({ format: 'binary' }), example: '%PDF-1.7' } },
          },
          ...refuses(courierProblems, 'carrier-closed', 'parcel-not-found', 'carrier-away'),
        },
      },
    },
    async (request, reply) => {
      const bytes = await couriers.label(keeperOf(request), request.params.parcel);
      return reply
        .type('application/pdf')
        .header('cache-control', 'no-store')
        .send(bytes as never);
    },
  );
};

/** The secret comes in a head where the carrier can send one, else in the address that it was given. */
const tokenOf = (request: FastifyRequest<{ Querystring: { token?: string } }>): string => {
  const head = request.headers['x-webhook-token'] ?? request.headers.token;
  return typeof head === 'string' ? head : (request.query.token ?? '');
};

export const courierRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { couriers }) => {
  await app.register(bookingRoutes, { couriers });
  app.put(
    '/staff/couriers/:carrier/places',
    {
      config: { access: 'staff', roles: ['support'] },
      schema: {
        operationId: 'setCourierPlaces',
        tags: ['staff'],
        summary: 'Write down what a carrier calls our wards',
        description: 'Carriers have ids of their own, which still know the districts of before July 2025.',
        params: CarrierParams,
        body: PlacesBody,
        response: { ...done, ...refused },
      },
    },
    async (request, reply) => {
      const clerk = byOf(request);
      await couriers.setPlaces(clerk, request.params.carrier, request.body.items);
      return reply.code(204).send(null);
    },
  );
  for (const carrier of CARRIERS)
    app.post(
      `/webhooks/couriers/${carrier}`,
      {
        config: { access: 'webhook' },
        schema: {
          operationId: carrier === 'ghn' ? 'receiveGhn' : 'receiveGhtk',
          tags: ['orders'],
          summary: `News of a parcel, by ${carrier.toUpperCase()}`,
          description:
            'With the shared secret. Late, repeated and shuffled news move no parcel back; a word that is not known keeps it where it is and is told to support.',
          querystring: WebhookQuery,
          body: MessageBody,
          response: { 200: Heard, ...refuses(courierProblems, 'carrier-closed', 'carrier-token-invalid') },
        },
      },
      async (request) => {
        const outcome = await couriers.receive(carrier, tokenOf(request), request.rawBody ?? Buffer.alloc(0));
        if (outcome === 'malformed')
          throw httpProblem('invalid-request', { errors: [{ pointer: '', detail: 'is not news of a parcel' }] });
        return { success: true as const };
      },
    );
};
