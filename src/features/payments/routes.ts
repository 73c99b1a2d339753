import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Signals } from '#db/signals.ts';
import { orderProblems } from '#features/orders/types.ts';
import { actorOf } from '#http/access.ts';
import { eventStream } from '#http/event-stream.ts';
import type { Idempotent } from '#http/idempotency.ts';
import { refuses } from '#http/schema.ts';
import { PayBody, PaymentBody, PaymentEvents, PaymentParams, PayParams } from './schemas.ts';
import type { Payments, PaymentView } from './service.ts';
import { paymentProblems } from './types.ts';

type Deps = { readonly payments: Payments; readonly idempotent: Idempotent; readonly signals: Signals };
const config = { access: 'public' } as const;

const payRefusals = refuses(
  { ...paymentProblems, ...orderProblems },
  'order-not-found',
  'order-not-payable',
  'payment-method-unavailable',
  'payment-direct-first',
  'payment-part-received',
  'provider-unavailable',
);

const watchLink = {
  operationId: 'watchPayment',
  parameters: { paymentId: '$response.body#/paymentId' },
  description: 'Hear of its changes',
};

export const paymentRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { payments, idempotent, signals }) => {
  app.post(
    '/order-groups/:code/payments',
    {
      config: { ...config, idempotencyKey: true },
      links: {
        201: { watch: watchLink, state: { ...watchLink, operationId: 'getPayment', description: 'Its state' } },
      },
      schema: {
        operationId: 'createPayment',
        tags: ['payments'],
        summary: 'Pay an order group',
        description:
          'VietQR answers with a QR code whose memo names the payment; Stripe answers with a page to go to. A group has one live attempt: asking again gives the same. Requires `Idempotency-Key`.',
        params: PayParams,
        body: PayBody,
        response: {
          201: PaymentBody,
          ...payRefusals,
        },
      },
    },
    (request, reply) =>
      idempotent(request, reply, 201, (finish) => {
        const { params, body, ip: address } = request;
        return payments.pay({ groupCode: params.code, method: body.method, actor: actorOf(request), address, finish });
      }),
  );
  app.get(
    '/payments/:paymentId',
    {
      config,
      schema: {
        operationId: 'getPayment',
        tags: ['payments'],
        summary: 'State of a payment',
        description: 'For whoever holds its secret.',
        params: PaymentParams,
        response: { 200: PaymentBody, ...refuses(paymentProblems, 'payment-not-found') },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-store').send(await payments.getPayment(request.params.paymentId)),
  );
  app.get(
    '/payments/:paymentId/events',
    {
      config: { ...config, stream: true },
      exposeHeadRoute: false,
      schema: {
        operationId: 'watchPayment',
        tags: ['payments'],
        summary: 'Watch a payment',
        description: 'Server-sent events: `payment` with the state now and at each change. Ends when the payment does.',
        params: PaymentParams,
        produces: ['text/event-stream'],
        response: { 200: PaymentEvents, ...refuses(paymentProblems, 'payment-not-found') },
      },
    },
    async (request, reply) => {
      const { paymentId } = request.params;
      await payments.getPayment(paymentId);
      const stream = eventStream(reply);
      let last = '';
      const push = (payment: PaymentView): void => {
        if (payment.status !== last) stream.send('payment', payment);
        last = payment.status;
        if (payment.status !== 'pending' && payment.status !== 'underpaid') stream.end();
      };
      const tell = (): Promise<void> => payments.getPayment(paymentId).then(push, () => stream.end());
      const off = signals.on('payment', (changed) => {
        // An empty payload follows a reconnection, when anything may have been missed.
        if (changed === paymentId || changed === '') void tell();
      });
      stream.onClose(off);
      // Read after listening: what changes in between is then heard of, not missed.
      await tell();
    },
  );
};
