import { createRequire } from 'node:module';
import type { Stripe } from 'stripe';
import { vnd } from '#core/money.ts';
import type { GatewayEvent, GatewayOutcome, RedirectGateway } from '#features/payments/types.ts';

export type StripeOptions = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Another host than Stripe's, for the simulators. */
  readonly apiBase?: string | undefined;
  readonly fetch: typeof fetch;
};

const timeoutMs = 8_000;
const toleranceSeconds = 300;

const referenceOf = (session: Stripe.Checkout.Session): string =>
  typeof session.payment_intent === 'string' ? session.payment_intent : (session.payment_intent?.id ?? session.id);

/** A session's own words as an outcome. VND is zero-decimal at Stripe: the amount is đồng as it is. */
function outcomeOf(session: Stripe.Checkout.Session): GatewayOutcome {
  if (session.payment_status === 'paid')
    return { kind: 'paid', amountVnd: vnd(session.amount_total ?? 0), reference: referenceOf(session) };
  if (session.status === 'expired') return { kind: 'declined', reason: 'expired' };
  return { kind: 'pending' };
}

function eventOf(event: Stripe.Event): GatewayEvent {
  const about = { eventId: event.id, type: event.type, raw: event };
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired': {
      const session = event.data.object;
      return { ...about, sessionId: session.id, currency: session.currency ?? undefined, outcome: outcomeOf(session) };
    }
    case 'checkout.session.async_payment_failed':
      return {
        ...about,
        sessionId: event.data.object.id,
        currency: undefined,
        outcome: { kind: 'declined', reason: 'async payment failed' },
      };
    default:
      // Stored and counted; a type that we do not know changes nothing.
      return { ...about, sessionId: undefined, currency: undefined, outcome: { kind: 'unknown', cause: event.type } };
  }
}

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

const unknown = (error: unknown): GatewayOutcome => ({
  kind: 'unknown',
  cause: error instanceof Error ? error.message : String(error),
});

/** Stripe's hosted Checkout. Our payment's id is the idempotency key, so a lost answer is asked for again, not paid for again. */
export function createStripe(options: StripeOptions): RedirectGateway {
  const stripe = clientOf(options);
  return {
    method: 'stripe',
    createSession: async ({ paymentId, code, amountVnd, description, successUrl, cancelUrl }) => {
      const session = await stripe.checkout.sessions.create(
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
          metadata: { code },
        },
        { idempotencyKey: `session:${paymentId}` },
      );
      if (!session.url) throw new Error('Stripe gave a session without a page');
      return { sessionId: session.id, redirectUrl: session.url };
    },
    query: (sessionId) => stripe.checkout.sessions.retrieve(sessionId).then(outcomeOf, unknown),
    readEvent: (body, signature) => {
      try {
        return eventOf(stripe.webhooks.constructEvent(body, signature, options.webhookSecret, toleranceSeconds));
      } catch {
        return undefined;
      }
    },
    refund: ({ key, reference, amountVnd }) =>
      stripe.refunds.create({ payment_intent: reference, amount: amountVnd }, { idempotencyKey: `refund:${key}` }).then(
        (refund): GatewayOutcome =>
          // A pending refund has left our balance at Stripe: it is on its way, and asking again would send another.
          refund.status === 'failed' || refund.status === 'canceled'
            ? { kind: 'declined', reason: refund.failure_reason ?? refund.status }
            : { kind: 'paid', amountVnd, reference: refund.id },
        unknown,
      ),
  };
}
