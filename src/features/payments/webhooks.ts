import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { refusals } from '#core/problem.ts';
import '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { refuses } from '#http/schema.ts';
import { Received, SepayTransaction, StripeEvent } from './schemas.ts';
import type { Payments } from './service.ts';
import { type BankFeed, paymentProblems, type RedirectGateway } from './types.ts';

const refuse = refusals(paymentProblems);
type Deps = {
  readonly payments: Payments;
  readonly feeds: Partial<Record<BankFeed['provider'], BankFeed>>;
  readonly stripe: RedirectGateway | undefined;
};
const config = { access: 'webhook' } as const;
const tags = ['payments'];

/** Stored before it is acknowledged, and told once however often it comes. */
export const webhookRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { payments, feeds, stripe }) => {
  app.post(
    '/webhooks/bank/sepay',
    {
      config,
      schema: {
        operationId: 'receiveSepay',
        tags,
        summary: 'A bank transfer, by SePay',
        description:
          'With `Authorization: Apikey <key>`. Exact, short, over, late, double and unknown transfers are each stored in a state of their own; none is dropped.',
        body: SepayTransaction,
        response: { 200: Received, ...refuses(paymentProblems, 'webhook-closed', 'webhook-signature-invalid') },
      },
    },
    async (request) => {
      const feed = feeds.sepay;
      if (!feed) throw refuse('webhook-closed');
      const transfer = feed.read(request.headers, request.rawBody ?? Buffer.alloc(0));
      if (transfer === 'refused') throw refuse('webhook-signature-invalid');
      if (transfer === 'malformed')
        throw httpProblem('invalid-request', { errors: [{ pointer: '', detail: 'is not a SePay transaction' }] });
      if (transfer !== 'ping') await payments.recordTransfer(transfer);
      return { success: true };
    },
  );
  app.post(
    '/webhooks/stripe',
    {
      config,
      schema: {
        operationId: 'receiveStripe',
        tags,
        summary: 'An event of Stripe',
        description:
          'The `Stripe-Signature` is checked on the raw bytes; amount and currency are compared with the payment.',
        body: StripeEvent,
        response: { 200: Received, ...refuses(paymentProblems, 'webhook-closed', 'webhook-signature-invalid') },
      },
    },
    async (request) => {
      if (!stripe) throw refuse('webhook-closed');
      const signature = request.headers['stripe-signature'];
      const event = stripe.readEvent(
        request.rawBody ?? Buffer.alloc(0),
        typeof signature === 'string' ? signature : '',
      );
      if (!event) throw refuse('webhook-signature-invalid');
      await payments.recordEvent('stripe', event);
      return { success: true };
    },
  );
};
