import type { Stripe } from 'stripe';
import { vnd } from '#core/money.ts';
import type { FoundMoney, GatewayOutcome } from '#features/payments/types.ts';

const idOf = (object: string | { readonly id: string } | null | undefined): string | undefined =>
  typeof object === 'string' ? object : object?.id;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const unknown = (error: unknown): GatewayOutcome => ({ kind: 'unknown', cause: textOf(error) });

/**
 * An answer by which Stripe itself says no: the request was read and refused, and asking again brings the same. A limit of
 * calls, a key in use and a server in trouble are none.
 */
export function declineOf(error: unknown): GatewayOutcome {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const refused = type === 'StripeInvalidRequestError' && code !== 'lock_timeout' && code !== 'idempotency_key_in_use';
  return refused || type === 'StripeCardError' ? { kind: 'declined', reason: textOf(error) } : unknown(error);
}

export function outcomeOfIntent(intent: Stripe.PaymentIntent): GatewayOutcome {
  if (intent.status === 'succeeded')
    return { kind: 'paid', amountVnd: vnd(intent.amount_received), reference: intent.id };
  if (intent.status === 'canceled') return { kind: 'declined', reason: intent.cancellation_reason ?? 'cancelled' };
  return intent.status === 'requires_capture' ? { kind: 'pending', authorised: intent.id } : { kind: 'pending' };
}

/** A session's own words as an outcome. VND is zero-decimal at Stripe: the amount is đồng as it is. */
export function outcomeOf(session: Stripe.Checkout.Session): GatewayOutcome {
  const { payment_intent: intent } = session;
  if (session.payment_status === 'paid')
    return { kind: 'paid', amountVnd: vnd(session.amount_total ?? 0), reference: idOf(intent) ?? session.id };
  if (session.status === 'expired') return { kind: 'declined', reason: 'expired' };
  // A session whose money is only set aside is complete and unpaid; its intent says which of the two it is.
  if (intent && typeof intent !== 'string') return outcomeOfIntent(intent);
  return { kind: 'pending' };
}

/** What of a session is taken or set aside now; nothing where it was let go. */
export function moneyIn({ id, metadata, payment_intent: intent, created }: Stripe.Checkout.Session): FoundMoney[] {
  if (!intent || typeof intent === 'string') return [];
  if (intent.status !== 'succeeded' && intent.status !== 'requires_capture') return [];
  const { latest_charge: charge, amount } = intent;
  const back = charge && typeof charge !== 'string' ? charge.amount_refunded : 0;
  const at = new Date(created * 1_000);
  return [
    { sessionId: id, reference: intent.id, metadata: metadata ?? {}, amountVnd: vnd(amount), backVnd: vnd(back), at },
  ];
}

export function outcomeOfRefund(refund: Stripe.Refund): GatewayOutcome {
  if (refund.status === 'failed' || refund.status === 'canceled')
    return { kind: 'declined', reason: refund.failure_reason ?? refund.status };
  if (refund.status === 'succeeded') return { kind: 'paid', amountVnd: vnd(refund.amount), reference: refund.id };
  // It has left our balance at Stripe and is on its way: asking again would send another.
  return { kind: 'pending', reference: refund.id };
}
