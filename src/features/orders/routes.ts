import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { readCode } from '#core/ids.ts';
import { CartParams, CheckoutBody } from '#features/carts/index.ts';
import { cartProblems } from '#features/carts/types.ts';
import type { Guarded } from '#features/identity/index.ts';
import { identityProblems } from '#features/identity/types.ts';
import { stockProblems } from '#features/stock/types.ts';
import { voucherProblems } from '#features/vouchers/types.ts';
import { accountOf, actorOf } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { perCart } from '#http/limits.ts';
import { refuses } from '#http/schema.ts';
import type { NoteReferral } from '#web/referral-cookie.ts';
import {
  CancelledBody,
  CodeParams,
  ConfirmationBody,
  GroupBody,
  ShopperCancelBody,
  TrackBody,
  TrackedBody,
} from './schemas.ts';
import type { Orders } from './service.ts';
import { orderProblems } from './types.ts';

type Deps = {
  readonly orders: Orders;
  readonly idempotent: Idempotent;
  readonly guarded: Guarded;
  readonly noteReferral: NoteReferral;
};

/** Guesses of a code's phone number in a quarter of an hour, by code and by address. */
const trackLimits = { code: 20, address: 120 } as const;
const config = { access: 'public' } as const;

/** For the API document: what comes next is said where it begins. */
const payLink = {
  operationId: 'createPayment',
  parameters: { code: '$response.body#/code' },
  description: 'Pay the group',
};

export const orderRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { orders, idempotent, guarded, noteReferral } = deps;
  app.post(
    '/carts/:cartId/checkout',
    {
      config: { ...config, rateLimit: perCart, idempotencyKey: true },
      links: { 201: { pay: payLink } },
      schema: {
        operationId: 'checkout',
        tags: ['carts'],
        summary: 'Check a cart out',
        description:
          'Looks at price, limits, availability and delivery again, holds the stock for half an hour and makes one order a business, all or nothing. Requires `Idempotency-Key`.',
        params: CartParams,
        body: CheckoutBody,
        response: {
          201: GroupBody,
          ...refuses(
            { ...cartProblems, ...stockProblems, ...voucherProblems },
            'cart-not-found',
            'cart-empty',
            'cart-already-ordered',
            'delivery-missing',
            'not-for-sale',
            'quantity-outside-limits',
            'age-not-confirmed',
            'price-changed',
            'stock-short',
            'voucher-used-up',
            'voucher-not-applicable',
          ),
        },
      },
    },
    (request, reply) => {
      const { referral, ...asked } = request.body ?? {};
      return idempotent(request, reply, 201, (finish) =>
        orders.checkout({
          cartId: request.params.cartId,
          actor: actorOf(request),
          finish: async (tx, group) => {
            await noteReferral(tx, request, group.code, referral);
            await finish(tx, group);
          },
          ...asked,
        }),
      );
    },
  );
  app.get(
    '/order-groups/:code',
    {
      config,
      links: { 200: { pay: payLink } },
      schema: {
        operationId: 'getOrderGroup',
        tags: ['orders'],
        summary: 'State of an order group',
        description: 'Amounts and states; names and addresses need the phone number (`POST /v1/orders/track`).',
        params: CodeParams,
        response: { 200: GroupBody, ...refuses(orderProblems, 'order-not-found') },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(await orders.getGroup(request.params.code)),
  );
  app.get(
    '/orders/:code',
    {
      config,
      schema: {
        operationId: 'getOrder',
        tags: ['orders'],
        summary: 'The group of an order',
        description: 'By the code of one order: the group it belongs to, with amounts and states.',
        params: CodeParams,
        response: { 200: GroupBody, ...refuses(orderProblems, 'order-not-found') },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(await orders.getGroup(request.params.code)),
  );
  await app.register(trackRoute, { orders, guarded });
  await app.register(confirmationRoute, { orders, guarded });
  await app.register(cancelRoute, { orders, guarded, idempotent });
};

const confirmationRoute: FastifyPluginAsyncTypebox<Pick<Deps, 'orders' | 'guarded'>> = async (
  app,
  { orders, guarded },
) => {
  app.post(
    '/orders/confirmation',
    {
      config,
      schema: {
        operationId: 'getConfirmation',
        tags: ['orders'],
        summary: 'What was agreed',
        description:
          'The confirmation of a paid group, made once and never changed, for whoever knows its code and phone number. `sha256` is of the canonical JSON (RFC 8785) of `content`.',
        body: TrackBody,
        response: {
          200: ConfirmationBody,
          ...refuses(
            { ...orderProblems, ...identityProblems },
            'tracking-mismatch',
            'confirmation-not-yet',
            'too-many-attempts',
          ),
        },
      },
    },
    async (request, reply) => {
      const { code, phone } = request.body;
      const keys = [
        [`track:${request.ip}`, trackLimits.address],
        [`track:${readCode(code)}`, trackLimits.code],
      ] as const;
      const { content, sha256, delivery, madeAt } = await guarded(keys, () => orders.getConfirmation(code, phone));
      return reply
        .header('cache-control', 'no-store')
        .send({ content, sha256, delivery, madeAt: madeAt.toISOString() });
    },
  );
};

const cancelRoute: FastifyPluginAsyncTypebox<Omit<Deps, 'noteReferral'>> = async (
  app,
  { orders, guarded, idempotent },
) => {
  app.post(
    '/orders/:code/cancel',
    {
      config: { ...config, idempotencyKey: true },
      schema: {
        operationId: 'cancelOwnOrder',
        tags: ['orders'],
        summary: 'Cancel an order of one’s own, or some of its pieces',
        description:
          'For whoever knows its code and phone number, or is signed in and has proved that number, until it is packed. What was paid for the pieces goes back the way it came; with the last piece the freight too. Requires `Idempotency-Key`.',
        params: CodeParams,
        body: ShopperCancelBody,
        response: {
          200: CancelledBody,
          ...refuses(
            { ...orderProblems, ...identityProblems },
            'order-not-found',
            'tracking-mismatch',
            'too-many-attempts',
            'order-not-cancellable',
            'order-moved-on',
            'pieces-not-open',
            'line-not-of-order',
          ),
        },
      },
    },
    (request, reply) => {
      const { code } = request.params;
      const { phone, reason = '', ...asked } = request.body;
      const keys = [
        [`track:${request.ip}`, trackLimits.address],
        [`track:${readCode(code)}`, trackLimits.code],
      ] as const;
      const whose = { code, phone, accountId: accountOf(request), actor: actorOf(request) };
      return idempotent(request, reply, 200, (finish) =>
        guarded(keys, () => orders.cancelAsShopper(whose, { ...asked, reason }, finish)),
      );
    },
  );
};

const trackRoute: FastifyPluginAsyncTypebox<Pick<Deps, 'orders' | 'guarded'>> = async (app, { orders, guarded }) => {
  app.post(
    '/orders/track',
    {
      config,
      schema: {
        operationId: 'trackOrder',
        tags: ['orders'],
        summary: 'Track an order',
        description: 'Everything of an order for whoever knows its code and its phone number.',
        body: TrackBody,
        response: {
          200: TrackedBody,
          ...refuses({ ...orderProblems, ...identityProblems }, 'tracking-mismatch', 'too-many-attempts'),
        },
      },
    },
    async (request, reply) => {
      const { code, phone } = request.body;
      const keys = [
        [`track:${request.ip}`, trackLimits.address],
        [`track:${readCode(code)}`, trackLimits.code],
      ] as const;
      const tracked = await guarded(keys, () => orders.track(code, { phone }));
      return reply.header('cache-control', 'no-store').send(tracked);
    },
  );
};
