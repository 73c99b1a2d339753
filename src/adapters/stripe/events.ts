import type { Stripe } from 'stripe';
import { vnd } from '#core/money.ts';
import type { Delivery, DisputeState, GatewayEvent, GatewayNews } from '#features/payments/types.ts';
import { outcomeOf, outcomeOfRefund } from './outcomes.ts';

const toleranceSeconds = 300;

const disputeStates: Readonly<Record<string, DisputeState>> = {
  needs_response: 'open',
  warning_needs_response: 'open',
  under_review: 'answered',
  warning_under_review: 'answered',
  warning_closed: 'won',
  won: 'won',
  lost: 'lost',
};

const claimOf = (dispute: Stripe.Dispute): GatewayNews => {
  const { payment_intent: intent, evidence_details: evidence } = dispute;
  return {
    about: 'dispute',
    claim: {
      disputeId: dispute.id,
      reference: (typeof intent === 'string' ? intent : intent?.id) ?? '',
      amountVnd: vnd(dispute.amount),
      reason: dispute.reason,
      status: disputeStates[dispute.status] ?? 'open',
      evidenceBy: evidence.due_by === null ? undefined : new Date(evidence.due_by * 1000),
    },
  };
};

const newsOf = (event: Stripe.Event): GatewayNews => {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired': {
      const session = event.data.object;
      const { id: sessionId, currency } = session;
      return { about: 'session', sessionId, currency: currency ?? undefined, outcome: outcomeOf(session) };
    }
    case 'checkout.session.async_payment_failed':
      return {
        about: 'session',
        sessionId: event.data.object.id,
        currency: undefined,
        outcome: { kind: 'declined', reason: 'async payment failed' },
      };
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return { about: 'refund', reference: event.data.object.id, outcome: outcomeOfRefund(event.data.object) };
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
      return claimOf(event.data.object);
    default:
      // Stored and counted; a type that we do not know changes nothing.
      return { about: 'nothing' };
  }
};

export function readEvent(stripe: Stripe, secret: string, { body, headers }: Delivery): GatewayEvent | undefined {
  const signature = headers['stripe-signature'];
  try {
    const event = stripe.webhooks.constructEvent(
      body,
      typeof signature === 'string' ? signature : '',
      secret,
      toleranceSeconds,
    );
    return { eventId: event.id, type: event.type, news: newsOf(event), raw: event };
  } catch {
    return undefined;
  }
}
