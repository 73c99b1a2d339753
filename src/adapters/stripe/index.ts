import { createRequire } from 'node:module';
import type { Stripe } from 'stripe';
import type { Gateway } from '#features/payments/types.ts';
import { readEvent } from './events.ts';
import { declineOf, moneyIn, outcomeOf, outcomeOfIntent, outcomeOfRefund, unknown } from './outcomes.ts';

export type StripeOptions = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Another host than Stripe's, for the simulators. */
  readonly apiBase?: string | undefined;
  readonly fetch: typeof fetch;
};

/** Of one try, and of a question with all its tries: a shopper waits for it. */
const timeoutMs = 8_000;

/**
 * The SDK tries three times, which comes to half a minute where nobody answers. What is not known by then is asked after
 * later; a try that still runs does no harm, for it has the key of the first.
 */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Stripe gave no answer in ${timeoutMs / 1_000} s`)), timeoutMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Of the sessions of some days; more than a province sells. */
const mostListed = 10_000;
const load = createRequire(import.meta.url);

function clientOf({ secretKey, apiBase, fetch }: StripeOptions): Stripe {
  // Loaded where there are keys: 30 MB that an exchange without card payments does not need.
  const Client = load('stripe') as typeof Stripe;
  const base = apiBase ? new URL(apiBase) : undefined;
  return new Client(secretKey, {
    timeout: timeoutMs,
    maxNetworkRetries: 2,
    telemetry: false,
    httpClient: Client.createFetchHttpClient(fetch),
    ...(base
      ? {
          host: base.hostname,
          port: base.port || (base.protocol === 'https:' ? 443 : 80),
          protocol: base.protocol === 'https:' ? ('https' as const) : ('http' as const),
        }
      : {}),
  });
}

/** The money of a session is looked at with it, so that one question answers both. */
const withIntent = { expand: ['payment_intent'] };

/** Stripe's hosted Checkout. Our payment's id is the idempotency key, so a lost answer is asked for again, not paid for again. */
export function createStripe(options: StripeOptions): Gateway {
  const stripe = clientOf(options);
  return {
    method: 'stripe',
    start: async ({ paymentId, code, amountVnd, description, successUrl, cancelUrl, capture, metadata = {} }) => {
      const opening = stripe.checkout.sessions.create(
        {
          mode: 'payment',
          client_reference_id: code,
          line_items: [
            {
              quantity: 1,
              price_data: { currency: 'vnd', unit_amount: amountVnd, product_data: { name: description } },
            },
          ],
          success_url: successUrl,
          cancel_url: cancelUrl,
          metadata: { ...metadata, code },
          ...(capture === 'manual' && { payment_intent_data: { capture_method: 'manual' } }),
        },
        { idempotencyKey: `session:${paymentId}` },
      );
      const session = await inTime(opening);
      if (!session.url) throw new Error('Stripe gave a session without a page');
      return { sessionId: session.id, redirectUrl: session.url };
    },
    query: ({ sessionId }) => inTime(stripe.checkout.sessions.retrieve(sessionId, withIntent)).then(outcomeOf, unknown),
    capture: ({ reference, amountVnd }) =>
      inTime(
        stripe.paymentIntents.capture(
          reference,
          { amount_to_capture: amountVnd },
          { idempotencyKey: `capture:${reference}` },
        ),
      ).then(outcomeOfIntent, declineOf),
    void: ({ sessionId, reference }) =>
      (reference === ''
        ? inTime(stripe.checkout.sessions.expire(sessionId, withIntent)).then(outcomeOf)
        : inTime(stripe.paymentIntents.cancel(reference, {}, { idempotencyKey: `void:${reference}` })).then(
            outcomeOfIntent,
          )
      ).catch(unknown),
    refund: ({ key, payment, amountVnd }) =>
      inTime(
        stripe.refunds.create(
          { payment_intent: payment.reference, amount: amountVnd },
          { idempotencyKey: `refund:${key}` },
        ),
      ).then(outcomeOfRefund, declineOf),
    queryRefund: (reference) => inTime(stripe.refunds.retrieve(reference)).then(outcomeOfRefund, unknown),
    listMoney: async (since) => {
      const listed = stripe.checkout.sessions.list({
        created: { gte: Math.floor(since.getTime() / 1_000) },
        status: 'complete',
        limit: 100,
        expand: ['data.payment_intent.latest_charge'],
      });
      return (await listed.autoPagingToArray({ limit: mostListed })).flatMap(moneyIn);
    },
    readEvent: (delivery) => readEvent(stripe, options.webhookSecret, delivery),
  };
}
