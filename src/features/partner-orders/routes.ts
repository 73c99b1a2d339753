import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { answering, type Federation, peerAuthentication } from '#features/federation/index.ts';
import { federationProblems } from '#features/federation/types.ts';
import '#http/access.ts';
import { ORDER_REFUSALS } from '#federation/protocol/ordering.ts';
import { PeerRefusal } from '#federation/protocol/problems.ts';
import { httpProblem } from '#http/problems.ts';
import { refuses } from '#http/schema.ts';
import {
  CancelBody,
  ChangesDocument,
  ChangesQuery,
  ConfirmBody,
  DayParams,
  KeyQuery,
  OrderBody,
  OrderDocument,
  OrderParams,
  QuoteBody,
  QuoteDocument,
  SettlementDocument,
} from './schemas.ts';
import type { PartnerOrders } from './service.ts';

/** Our answers are signed over their very bytes, so nothing may compress them on the way. */
const signed = { compress: false, exposeHeadRoute: false } as const;
const toShops = { ...signed, config: { access: 'partner', verb: 'quote' } } as const;
const toBuyers = { ...signed, config: { access: 'partner', verb: 'order' } } as const;
/** Whoever has orders here sees them to their end, also when nothing new may be ordered any more. */
const toOwners = { ...signed, config: { access: 'partner' } } as const;
const tags = ['federation'];

const partnerOf = (request: FastifyRequest): string => {
  if (!request.partnerKey) throw httpProblem('partner-signature-required');
  return request.partnerKey;
};

/** Bare or in quotes, as RFC 8941 would have a string. */
function keyOf({ headers }: FastifyRequest): string {
  const given = headers['idempotency-key'];
  if (typeof given !== 'string' || given === '') throw new PeerRefusal('idempotency-key-missing');
  const bare = /^"([\x21\x23-\x7e]{1,200})"$/.exec(given)?.[1] ?? given;
  if (!/^[\x21\x23-\x7e]{1,200}$/.test(bare)) throw new PeerRefusal('idempotency-key-invalid');
  return bare;
}

const always = ['bad-signature', 'replayed', 'clock-skew'] as const;

type Options = { readonly federation: Federation; readonly partnerOrders: PartnerOrders; readonly now: Clock };

/** What a partner asks for its shopper: a price, and the goods. */
const buyingRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { partnerOrders }) => {
  app.post(
    '/federation/v1/quotes',
    {
      ...toShops,
      schema: {
        operationId: 'createPartnerQuote',
        tags,
        summary: 'What offers of ours cost, sent there',
        description:
          'Prices and ways of shipping as a checkout of ours would make them, good for fifteen minutes. Holds no stock. `price-changed` has the offers as they are now.',
        body: QuoteBody,
        response: { 200: QuoteDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.quotes) },
      },
    },
    (request) => answering(() => partnerOrders.quote(partnerOf(request), request.body)),
  );

  app.post(
    '/federation/v1/orders',
    {
      ...toBuyers,
      schema: {
        operationId: 'createPartnerOrder',
        tags,
        summary: 'Holds what was quoted until it is confirmed',
        description:
          'Needs an Idempotency-Key, which is kept for ever: sent again with the same words it gives the order as it is now. What is not confirmed by `confirmBy` is released.',
        body: OrderBody,
        response: { 201: OrderDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.orders) },
      },
    },
    async (request, reply) => {
      const order = await answering(async () =>
        partnerOrders.reserve(partnerOf(request), keyOf(request), request.body),
      );
      return reply.code(201).send(order);
    },
  );

  app.post(
    '/federation/v1/orders/:orderId/confirm',
    {
      ...toOwners,
      schema: {
        operationId: 'confirmPartnerOrder',
        tags,
        summary: 'The goods are bought',
        description: 'The total must be the order’s own. From now on the partner owes it; again it changes nothing.',
        params: OrderParams,
        body: ConfirmBody,
        response: { 200: OrderDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.confirm) },
      },
    },
    (request) => answering(() => partnerOrders.confirm(partnerOf(request), request.params.orderId, request.body.total)),
  );

  app.post(
    '/federation/v1/orders/:orderId/cancel',
    {
      ...toOwners,
      schema: {
        operationId: 'cancelPartnerOrder',
        tags,
        summary: 'The goods are not wanted any more',
        description: 'Confirmed or not, until something has left. Again it changes nothing.',
        params: OrderParams,
        body: CancelBody,
        response: { 200: OrderDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.cancel) },
      },
    },
    (request) => answering(() => partnerOrders.cancel(partnerOf(request), request.params.orderId, request.body.reason)),
  );
};

/** What a partner asks to know how its orders stand, and what it owes. */
const readingRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { partnerOrders }) => {
  app.get(
    '/federation/v1/orders',
    {
      ...toOwners,
      schema: {
        operationId: 'findPartnerOrder',
        tags,
        summary: 'The order that a key has made',
        description: 'Nothing with a key that is unknown ever took effect: send the same request again.',
        querystring: KeyQuery,
        response: { 200: OrderDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.byKey) },
      },
    },
    (request) => answering(() => partnerOrders.getByKey(partnerOf(request), request.query.key)),
  );

  app.get(
    '/federation/v1/orders/:orderId',
    {
      ...toOwners,
      schema: {
        operationId: 'getPartnerOrder',
        tags,
        summary: 'An order as it is now',
        description: 'Orders of the asking exchange only.',
        params: OrderParams,
        response: { 200: OrderDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.order) },
      },
    },
    (request) => answering(() => partnerOrders.getOrder(partnerOf(request), request.params.orderId)),
  );

  app.get(
    '/federation/v1/order-changes',
    {
      ...toOwners,
      schema: {
        operationId: 'listPartnerOrderChanges',
        tags,
        summary: 'Which of your orders changed after a cursor',
        description: 'Each once, as it is now, in the order of its last change.',
        querystring: ChangesQuery,
        response: { 200: ChangesDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.changes) },
      },
    },
    (request) => {
      const { cursor, limit } = request.query;
      return answering(() => partnerOrders.listChanges(partnerOf(request), cursor, limit));
    },
  );

  app.get(
    '/federation/v1/settlements/:day',
    {
      ...toOwners,
      schema: {
        operationId: 'getPartnerSettlement',
        tags,
        summary: 'What you owe for a day',
        description: 'From our books, once the day is over in Vietnam. Compare its root with your own.',
        params: DayParams,
        response: { 200: SettlementDocument, ...refuses(federationProblems, ...always, ...ORDER_REFUSALS.settlement) },
      },
    },
    (request) => answering(() => partnerOrders.readSettlement(partnerOf(request), request.params.day)),
  );
};

/** Orders that partner exchanges place with us for shoppers of their own. */
export const partnerOrderRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  peerAuthentication(app, options.federation, options.now);
  await app.register(buyingRoutes, options);
  await app.register(readingRoutes, options);
};
