import { createRandom } from '../random.ts';
import type { Dispute, Intent, Refund, RefundManner, Session, StripeEvent } from './stripe-objects.ts';

/** What the provider knows, whatever it has told anybody. */
export function createBooks(seed: number) {
  const random = createRandom(seed);
  const sessions = new Map<string, Session>();
  const refunds = new Map<string, Refund>();
  const intents = new Map<string, Intent>();
  const disputes = new Map<string, Dispute>();
  const manual = new Set<string>();
  const events: StripeEvent[] = [];
  const idOf = (prefix: string): string =>
    `${prefix}_${Array.from({ length: 24 }, () => '0123456789abcdefghijklmnopqrstuvwxyz'[random.between(0, 35)]).join('')}`;
  const get = (id: string): Session => {
    const session = sessions.get(id);
    if (!session) throw new Error(`No such session: ${id}`);
    return session;
  };
  /** Records what a webhook would tell of an object. */
  const record = (type: string, object: Session | Refund | Dispute): StripeEvent => {
    const event: StripeEvent = {
      id: idOf('evt'),
      object: 'event',
      api_version: '2026-01-01',
      created: Math.floor(Date.now() / 1000),
      type,
      data: { object },
    };
    events.push(event);
    return event;
  };
  /** Changes a session and records the event that tells of it. */
  const change = (id: string, type: string, members: Partial<Session>): StripeEvent => {
    const session = { ...get(id), ...members };
    sessions.set(id, session);
    return record(type, session);
  };
  const set = { refunds: 'succeeded' as RefundManner };
  return { sessions, refunds, intents, disputes, manual, events, idOf, get, change, record, set };
}
export type Books = ReturnType<typeof createBooks>;

export const refundedOf = (books: Books, intent: string): number =>
  [...books.refunds.values()]
    .filter((refund) => refund.payment_intent === intent && refund.status !== 'failed')
    .reduce((sum, refund) => sum + refund.amount, 0);
