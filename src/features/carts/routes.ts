import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import '#http/access.ts';
import { requireMatch } from '#http/etag.ts';
import { perAddress, perCart } from '#http/limits.ts';
import { refused, refuses } from '#http/schema.ts';
import { CartBody, CartParams, DeliveryBody, LineBody, LineParams, OpenBody, VoucherBody } from './schemas.ts';
import { type Carts, type CartView, etagOfCart } from './service.ts';
import { cartProblems } from './types.ts';

/** A cart's id is a secret and its content personal: no cache on the way may keep it. */
const sendCart = (reply: FastifyReply, cart: CartView, status = 200) =>
  reply.code(status).header('etag', etagOfCart(cart)).header('cache-control', 'no-store').send(cart);

/** `If-Match` is optional on carts; where a client sends it, it is kept to. */
const matcher = (request: FastifyRequest) =>
  request.headers['if-match'] === undefined
    ? undefined
    : (cart: { readonly version: number }) => requireMatch(request, etagOfCart(cart));

const base = { config: { access: 'public', rateLimit: perCart } } as const;

export const cartRoutes: FastifyPluginAsyncTypebox<{ carts: Carts }> = async (app, { carts }) => {
  app.post(
    '/carts',
    {
      config: { access: 'public', rateLimit: perAddress },
      schema: {
        operationId: 'openCart',
        tags: ['carts'],
        summary: 'Open a cart',
        description: 'An empty cart for anybody. Its id is a secret: whoever knows it holds the cart.',
        body: OpenBody,
        response: { 201: CartBody, ...refused },
      },
    },
    async (_request, reply) => sendCart(reply, await carts.openCart(), 201),
  );
  app.get(
    '/carts/:cartId',
    {
      ...base,
      schema: {
        operationId: 'getCart',
        tags: ['carts'],
        summary: 'Read a cart',
        description: 'With prices and availability of now.',
        params: CartParams,
        response: { 200: CartBody, ...refuses(cartProblems, 'cart-not-found') },
      },
    },
    async (request, reply) => sendCart(reply, await carts.getCart(request.params.cartId)),
  );
  app.put(
    '/carts/:cartId/lines/:variantId',
    {
      ...base,
      schema: {
        operationId: 'setCartLine',
        tags: ['carts'],
        summary: 'Set the quantity of a line',
        description: 'Adds the line or replaces its quantity. Limits per order are checked at checkout.',
        params: LineParams,
        body: LineBody,
        response: {
          200: CartBody,
          ...refuses(
            cartProblems,
            'cart-not-found',
            'cart-already-ordered',
            'not-for-sale',
            'sold-by-partner',
            'cart-full',
          ),
        },
      },
    },
    async (request, reply) =>
      sendCart(
        reply,
        await carts.setLine(request.params.cartId, request.params.variantId, request.body.quantity, matcher(request)),
      ),
  );
  app.delete(
    '/carts/:cartId/lines/:variantId',
    {
      ...base,
      schema: {
        operationId: 'removeCartLine',
        tags: ['carts'],
        summary: 'Take a line out',
        description: 'The rest of the cart stays.',
        params: LineParams,
        response: {
          200: CartBody,
          ...refuses(cartProblems, 'cart-not-found', 'cart-already-ordered', 'line-not-found'),
        },
      },
    },
    async (request, reply) =>
      sendCart(reply, await carts.removeLine(request.params.cartId, request.params.variantId, matcher(request))),
  );
  await app.register(detailRoutes, { carts });
};

/** What an order needs beside its lines. */
const detailRoutes: FastifyPluginAsyncTypebox<{ carts: Carts }> = async (app, { carts }) => {
  app.put(
    '/carts/:cartId/delivery',
    {
      ...base,
      schema: {
        operationId: 'setCartDelivery',
        tags: ['carts'],
        summary: 'Say who receives it and where',
        description: 'Two-tier address: province and ward. Where no wards are loaded, `ward` is the name as text.',
        params: CartParams,
        body: DeliveryBody,
        response: {
          200: CartBody,
          ...refuses(
            cartProblems,
            'cart-not-found',
            'cart-already-ordered',
            'phone-invalid',
            'province-unknown',
            'ward-missing',
            'ward-unknown',
            'ward-outside-province',
          ),
        },
      },
    },
    async (request, reply) =>
      sendCart(reply, await carts.setDelivery(request.params.cartId, request.body, matcher(request))),
  );
  app.put(
    '/carts/:cartId/voucher',
    {
      ...base,
      schema: {
        operationId: 'setCartVoucher',
        tags: ['carts'],
        summary: 'Use a voucher',
        description:
          'Puts a code on the cart; an empty one takes it off. Vouchers without a code apply by themselves. The answer says what each takes off, or why not.',
        params: CartParams,
        body: VoucherBody,
        response: {
          200: CartBody,
          ...refuses(cartProblems, 'cart-not-found', 'cart-already-ordered', 'voucher-unknown'),
        },
      },
    },
    async (request, reply) =>
      sendCart(reply, await carts.setVoucher(request.params.cartId, request.body.code, matcher(request))),
  );
};
