import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { LineBody } from '#features/carts/index.ts';
import { cartProblems } from '#features/carts/types.ts';
import '#http/access.ts';
import { perCart } from '#http/limits.ts';
import { refuses } from '#http/schema.ts';
import {
  AcceptBody,
  CartLineParams,
  CartParams,
  LegBody,
  LegParams,
  LegsBody,
  QuoteBody,
  QuoteParams,
} from './schemas.ts';
import type { ExchangeOrders } from './service.ts';
import { exchangeOrderProblems, type LegId } from './types.ts';

const base = { config: { access: 'public', rateLimit: perCart } } as const;
const tags = ['exchange-orders'];
const problems = { ...exchangeOrderProblems, ...cartProblems };

/** Secrets and sums of one shopper: no cache on the way may keep them. */
const send = (reply: FastifyReply, body: object) => reply.header('cache-control', 'no-store').send(body as never);

export const exchangeOrderRoutes: FastifyPluginAsyncTypebox<{ exchangeOrders: ExchangeOrders }> = async (
  app,
  { exchangeOrders },
) => {
  const show = (cartId: string) => exchangeOrders.readCart(cartId);
  app.get(
    '/carts/:cartId/legs',
    {
      ...base,
      schema: {
        operationId: 'listCartLegs',
        tags,
        summary: 'Goods of other exchanges in a cart',
        description:
          'By exchange, with what was quoted or bought of them. Each exchange is a leg with money of its own.',
        params: CartParams,
        response: { 200: LegsBody, ...refuses(cartProblems, 'cart-not-found') },
      },
    },
    async (request, reply) => send(reply, await show(request.params.cartId)),
  );
  app.put(
    '/carts/:cartId/exchange-lines/:variantId',
    {
      ...base,
      schema: {
        operationId: 'setExchangeLine',
        tags,
        summary: 'Put goods of another exchange into a cart',
        description: 'Where its exchange takes orders through us. Its price is asked for anew at checkout.',
        params: CartLineParams,
        body: LineBody,
        response: { 200: LegsBody, ...refuses(problems, 'cart-not-found', 'not-orderable', 'leg-limits') },
      },
    },
    async (request, reply) => {
      const { cartId, variantId } = request.params;
      await exchangeOrders.setLine(cartId, variantId, request.body.quantity);
      return send(reply, await show(cartId));
    },
  );
  app.delete(
    '/carts/:cartId/exchange-lines/:variantId',
    {
      ...base,
      schema: {
        operationId: 'removeExchangeLine',
        tags,
        summary: 'Take goods of another exchange out',
        description: 'The rest of the cart stays.',
        params: CartLineParams,
        response: { 200: LegsBody, ...refuses(problems, 'cart-not-found', 'line-not-found') },
      },
    },
    async (request, reply) => {
      const { cartId, variantId } = request.params;
      await exchangeOrders.removeLine(cartId, variantId);
      return send(reply, await show(cartId));
    },
  );
  await app.register(buyingRoutes, { exchangeOrders });
};

const buyingRoutes: FastifyPluginAsyncTypebox<{ exchangeOrders: ExchangeOrders }> = async (app, { exchangeOrders }) => {
  app.put(
    '/carts/:cartId/legs/:partnerKey',
    {
      ...base,
      schema: {
        operationId: 'quoteLeg',
        tags,
        summary: 'Ask an exchange what its goods cost, sent there',
        description:
          'The exchange itself answers; of the address it is told province and ward alone. Nothing is held and nobody is named before the order.',
        params: QuoteParams,
        body: QuoteBody,
        response: {
          200: LegBody,
          ...refuses(
            problems,
            'cart-not-found',
            'leg-empty',
            'not-orderable',
            'leg-quantity-unavailable',
            'leg-refused',
            'origin-silent',
            'phone-invalid',
            'province-unknown',
            'ward-missing',
            'ward-unknown',
            'ward-outside-province',
          ),
        },
      },
    },
    async (request, reply) => send(reply, await exchangeOrders.quoteLeg({ ...request.params, ...request.body })),
  );
  app.post(
    '/exchange-legs/:legId/accept',
    {
      ...base,
      schema: {
        operationId: 'acceptLeg',
        tags,
        summary: 'Accept the terms and pay',
        description:
          'Asks the exchange once more: other prices than the accepted ones are refused and shown. The money is set aside at `redirectUrl`, and taken when the exchange holds the goods; by `vietqr` they are reserved first, and `transfer` then says what to pay and until when. Asking again gives the same page.',
        params: LegParams,
        body: AcceptBody,
        response: {
          200: LegBody,
          ...refuses(
            problems,
            'leg-not-found',
            'leg-terms-changed',
            'leg-under-way',
            'leg-payment-closed',
            'leg-age-not-confirmed',
            'leg-quantity-unavailable',
            'leg-refused',
            'origin-silent',
          ),
        },
      },
    },
    async (request, reply) => {
      const { shippingCode, totalVnd, ageConfirmed = false, method = 'stripe' } = request.body;
      const legId = request.params.legId as LegId;
      return send(reply, await exchangeOrders.acceptLeg({ legId, shippingCode, totalVnd, ageConfirmed, method }));
    },
  );
  app.get(
    '/exchange-legs/:legId',
    {
      ...base,
      schema: {
        operationId: 'getLeg',
        tags,
        summary: 'How a leg stands',
        description: 'For whoever knows its secret. Names nobody.',
        params: LegParams,
        response: { 200: LegBody, ...refuses(exchangeOrderProblems, 'leg-not-found') },
      },
    },
    async (request, reply) => send(reply, await exchangeOrders.refresh(request.params.legId)),
  );
};
