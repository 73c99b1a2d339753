import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { businessProblems } from '#features/businesses/types.ts';
import { orderProblems } from '#features/orders/types.ts';
import { actorOf, ownBusinesses } from '#http/access.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { refused, refuses } from '#http/schema.ts';
import { refuseBusiness } from './rules.ts';
import {
  BusinessParams,
  DirectPaymentBody,
  Done,
  ModeBody,
  ModeView,
  OrderParams,
  OwnBody,
  PartsBody,
  PayBody,
  ReceivedBody,
  RefundParams,
  SentBody,
} from './schemas.ts';
import type { Direct, Seller } from './service.ts';
import { directProblems } from './types.ts';
import type { Owed } from './views.ts';

type Deps = { readonly direct: Direct; readonly idempotent: Idempotent };
const problems = { ...directProblems, ...orderProblems };
const selling = { access: 'seller', roles: ['owner', 'manager'] } as const;
const owning = { access: 'seller', roles: ['owner'] } as const;
const tags = ['payments'];

export const sellerIn = (request: FastifyRequest): Seller => ({
  actor: actorOf(request),
  address: request.ip,
  businessIds: ownBusinesses(request),
});
export const ownOf = (request: FastifyRequest, businessId: string): Seller['businessIds'][number] => {
  const own = ownBusinesses(request).find((id) => id === businessId);
  if (!own) throw refuseBusiness('business-not-found');
  return own;
};
const toOwed = ({ refundId, orderCode, amountVnd, reason, status, dueBy, sentAt }: Owed) => ({
  ...{ refundId, orderCode, amountVnd, reason, status },
  dueBy: dueBy.toISOString(),
  sentAt: sentAt?.toISOString() ?? null,
});

/** How shoppers pay a business itself. */
export const directRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { direct, idempotent }) => {
  app.post(
    '/orders/:code/payments',
    {
      config: { access: 'public', idempotencyKey: true },
      schema: {
        operationId: 'payOrder',
        tags,
        summary: 'Pay one order to its business',
        description:
          'For orders whose `settlement` is `direct`: the QR code is of the business’s own account. Asking again gives the same. Requires `Idempotency-Key`.',
        params: OrderParams,
        body: PayBody,
        response: {
          201: DirectPaymentBody,
          ...refuses(problems, 'order-not-found', 'order-not-payable', 'direct-not-order', 'direct-closed'),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 201, (finish) => direct.pay(request.params.code, actorOf(request), finish)),
  );
  app.get(
    '/order-groups/:code/direct',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listDirectParts',
        tags,
        summary: 'What of a group is paid to businesses themselves',
        description: 'Each part with its state, and what businesses owe back. Empty where all is paid to the exchange.',
        params: Type.Object({ code: OrderParams.properties.code }),
        response: { 200: PartsBody, ...refuses(orderProblems, 'order-not-found') },
      },
    },
    async (request, reply) => {
      const { parts, owed } = await direct.listParts(request.params.code);
      return reply.header('cache-control', 'no-store').send({ parts: [...parts], owed: owed.map(toOwed) });
    },
  );
};

/** What the seller says of money that came to the business's own account, and of what goes back from it. */
export const sellerDirectRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { direct, idempotent }) => {
  await app.register(modeRoutes, { direct });
  app.get(
    '/seller/direct',
    {
      config: selling,
      schema: {
        operationId: 'listOwnDirect',
        tags: ['seller'],
        summary: 'Direct payments that wait, and what is owed to shoppers',
        description: 'Of all businesses of the caller.',
        response: { 200: OwnBody, ...refused },
      },
    },
    async (request) => {
      const { waiting, owed } = await direct.listOwn(ownBusinesses(request));
      const items = waiting.map(({ expiresAt, ...row }) => ({ ...row, expiresAt: expiresAt.toISOString() }));
      return { waiting: items, owed: owed.map(toOwed) };
    },
  );
  app.post(
    '/seller/orders/:code/received',
    {
      config: { ...selling, idempotencyKey: true },
      schema: {
        operationId: 'recordReceived',
        tags: ['seller'],
        summary: 'Say that the money of an order arrived',
        description:
          'At the business’s own account. It is kept as the seller’s word, and the shopper is told so; with the whole price the order is placed. Requires `Idempotency-Key`.',
        params: OrderParams,
        body: ReceivedBody,
        response: {
          200: Done,
          ...refuses(
            problems,
            'order-not-found',
            'direct-not-order',
            'direct-not-opened',
            'direct-settled',
            'direct-amount-invalid',
            'direct-reference-invalid',
            'direct-reference-known',
          ),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const done = { done: true };
        await direct.receiveBySeller(sellerIn(request), request.params.code, request.body, (tx) => finish(tx, done));
        return done;
      }),
  );
  app.post(
    '/seller/direct-refunds/:refundId/sent',
    {
      config: { ...selling, idempotencyKey: true },
      schema: {
        operationId: 'recordDirectRefundSent',
        tags: ['seller'],
        summary: 'Say that a refund was sent to the shopper',
        description: 'From the business’s own account. The shopper is told. Requires `Idempotency-Key`.',
        params: RefundParams,
        body: SentBody,
        response: {
          200: Done,
          ...refuses(problems, 'direct-refund-not-found', 'direct-refund-sent', 'direct-reference-invalid'),
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 200, async (finish) => {
        const done = { done: true };
        const { refundId } = request.params;
        const { bankReference } = request.body;
        await direct.markSent(sellerIn(request), refundId, bankReference, (tx) => finish(tx, done));
        return done;
      }),
  );
};

const modeRoutes: FastifyPluginAsyncTypebox<Pick<Deps, 'direct'>> = async (app, { direct }) => {
  app.get(
    '/seller/business/:businessId/settlement',
    {
      config: selling,
      schema: {
        operationId: 'getSettlementMode',
        tags: ['seller'],
        summary: 'Who is paid by the shoppers of a business',
        description: 'The exchange, or the business itself into its checked account.',
        params: BusinessParams,
        response: { 200: ModeView, ...refuses(businessProblems, 'business-not-found') },
      },
    },
    async (request) => {
      const { account, mode, lapsed, holdHours } = await direct.getMode(ownOf(request, request.params.businessId));
      return { mode, lapsed, holdHours, accountChecked: account?.confirmed ?? false };
    },
  );
  app.put(
    '/seller/business/:businessId/settlement',
    {
      config: { ...owning, fresh: true },
      schema: {
        operationId: 'chooseSettlementMode',
        tags: ['seller'],
        summary: 'Choose who is paid by the shoppers',
        description:
          'Of an owner who has just signed in again. `direct` asks for a bank account that an officer has checked; it holds for new orders, until the account is changed.',
        params: BusinessParams,
        body: ModeBody,
        response: {
          204: Type.Null({ description: 'Chosen' }),
          ...refuses(
            { ...businessProblems, ...directProblems },
            'business-not-found',
            'direct-account-unchecked',
            'direct-hold-invalid',
          ),
        },
      },
    },
    async (request, reply) => {
      await direct.chooseMode(sellerIn(request), ownOf(request, request.params.businessId), request.body);
      return reply.code(204).send(null);
    },
  );
};
