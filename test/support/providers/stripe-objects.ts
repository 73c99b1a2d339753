/** Stripe's objects as its API shows them, as far as we use them. */
export type Session = {
  readonly id: string;
  readonly object: 'checkout.session';
  readonly amount_total: number;
  readonly currency: string;
  readonly client_reference_id: string | null;
  readonly mode: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
  readonly success_url: string;
  readonly cancel_url: string;
  readonly url: string | null;
  readonly payment_intent: string | Intent | null;
  readonly payment_status: 'unpaid' | 'paid';
  readonly status: 'open' | 'complete' | 'expired';
};
export type Intent = {
  readonly id: string;
  readonly object: 'payment_intent';
  readonly amount: number;
  readonly amount_received: number;
  readonly status: 'requires_capture' | 'succeeded' | 'canceled';
  readonly cancellation_reason: string | null;
};
export type Dispute = {
  readonly id: string;
  readonly object: 'dispute';
  readonly amount: number;
  readonly payment_intent: string;
  readonly reason: string;
  readonly status: 'needs_response' | 'under_review' | 'won' | 'lost';
  readonly evidence_details: { readonly due_by: number };
};
export type Refund = {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly payment_intent: string;
  readonly status: 'succeeded' | 'pending' | 'failed';
  readonly failure_reason: string | null;
};
export type StripeEvent = {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly type: string;
  readonly data: { readonly object: Session | Refund | Dispute };
};

/** What becomes of refunds from now on: done at once, on their way, or refused. */
export type RefundManner = 'succeeded' | 'pending' | 'failed' | 'refused';
