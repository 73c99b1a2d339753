import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { refusals } from '#core/problem.ts';
import '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { refuses } from '#http/schema.ts';
import { BankMessage, Received, SepayTransaction, StripeEvent, VnpayAnswer, VnpayQuery } from './schemas.ts';
import type { Payments } from './service.ts';
import { type BankFeed, type Delivery, type Gateway, type Method, paymentProblems } from './types.ts';

const refuse = refusals(paymentProblems);
type Deps = {
  readonly payments: Payments;
  readonly feeds: Partial<Record<BankFeed['provider'], BankFeed>>;
  readonly gateways: Partial<Record<Method, Gateway>>;
  /** Told of sessions that no payment of ours has: those of goods that other exchanges sell. */
  readonly heardElsewhere: (sessionId: string) => Promise<void>;
};
const config = { access: 'webhook' } as const;
const tags = ['payments'];

const deliveryOf = (request: FastifyRequest): Delivery => ({
  body: request.rawBody ?? Buffer.alloc(0),
  headers: request.headers,
  query: request.url.split('?')[1] ?? '',
});

const bankRoutes: FastifyPluginAsyncTypebox<Omit<Deps, 'heardElsewhere'>> = async (app, { payments, feeds }) => {
  const receive = async (provider: BankFeed['provider'], request: FastifyRequest): Promise<{ success: boolean }> => {
    const feed = feeds[provider];
    if (!feed) throw refuse('webhook-closed');
    const { headers, body } = deliveryOf(request);
    const told = feed.read(headers, body);
    if (told === 'refused') throw refuse('webhook-signature-invalid');
    if (told === 'malformed')
      throw httpProblem('invalid-request', { errors: [{ pointer: '', detail: 'is not what this service sends' }] });
    if (told === 'ping') return { success: true };
    for (const transfer of told) await payments.recordTransfer(transfer);
    return { success: true };
  };
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
    (request) => receive('sepay', request),
  );
  app.post(
    '/webhooks/bank/payos',
    {
      config,
      schema: {
        operationId: 'receivePayos',
        tags,
        summary: 'A bank transfer, by payOS',
        description: 'The `signature` of the body is checked over its `data`, sorted by name, as payOS documents it.',
        body: BankMessage,
        response: { 200: Received, ...refuses(paymentProblems, 'webhook-closed', 'webhook-signature-invalid') },
      },
    },
    (request) => receive('payos', request),
  );
  app.post(
    '/webhooks/bank/casso',
    {
      config,
      schema: {
        operationId: 'receiveCasso',
        tags,
        summary: 'Bank transfers, by Casso',
        description: 'Version 2, with `X-Casso-Signature: t=…,v1=…` over the raw message.',
        body: BankMessage,
        response: { 200: Received, ...refuses(paymentProblems, 'webhook-closed', 'webhook-signature-invalid') },
      },
    },
    (request) => receive('casso', request),
  );
};

/** What VNPAY is answered, by what its message did. Whatever is stored is `00`, also that nobody paid. */
const answers = {
  '00': 'Confirm Success',
  '01': 'Order not found',
  '02': 'Order already confirmed',
  '04': 'Invalid amount',
  '97': 'Fail checksum',
  '99': 'Unknown error',
} as const;
const codeOf = (effect: string): keyof typeof answers => {
  if (effect === 'unknown-session') return '01';
  if (effect === 'amount-mismatch') return '04';
  return effect === 'repeated' || effect === 'known' || effect === 'ignored' ? '02' : '00';
};
const answer = (code: keyof typeof answers) => ({ RspCode: code, Message: answers[code] });

/** Stored before it is acknowledged, and told once however often it comes. */
export const webhookRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { payments, gateways, heardElsewhere } = deps;
  await app.register(bankRoutes, { payments, gateways, feeds: deps.feeds });
  app.post(
    '/webhooks/stripe',
    {
      config,
      schema: {
        operationId: 'receiveStripe',
        tags,
        summary: 'An event of Stripe',
        description:
          'The `Stripe-Signature` is checked on the raw bytes; amount and currency are compared with the payment. Sessions, refunds and disputes are acted on; whatever else comes is stored.',
        body: StripeEvent,
        response: { 200: Received, ...refuses(paymentProblems, 'webhook-closed', 'webhook-signature-invalid') },
      },
    },
    async (request) => {
      if (!gateways.stripe) throw refuse('webhook-closed');
      const event = gateways.stripe.readEvent(deliveryOf(request));
      if (!event) throw refuse('webhook-signature-invalid');
      const effect = await payments.recordEvent('stripe', event);
      if (effect === 'unknown-session' && event.news.about === 'session') await heardElsewhere(event.news.sessionId);
      return { success: true };
    },
  );
  app.get(
    '/webhooks/vnpay',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        operationId: 'receiveVnpay',
        tags,
        summary: 'The IPN of VNPAY',
        description:
          'Answered with VNPAY’s own codes: 00 stored, 01 no such payment, 02 told before, 04 another amount, 97 not signed by VNPAY, 99 try again. The page that the shopper returns to changes nothing.',
        querystring: VnpayQuery,
        response: { 200: VnpayAnswer, ...refuses(paymentProblems, 'webhook-closed') },
      },
    },
    async (request) => {
      if (!gateways.vnpay) throw refuse('webhook-closed');
      const event = gateways.vnpay.readEvent(deliveryOf(request));
      if (!event) return answer('97');
      try {
        return answer(codeOf(await payments.recordEvent('vnpay', event)));
      } catch (error) {
        request.log.error({ err: error }, 'an IPN of VNPAY was not stored');
        return answer('99');
      }
    },
  );
};
