import type { Clock } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import { insertJournals } from './queries.ts';
import { move } from './rules.ts';
import type { Account, JournalKind } from './types.ts';

type SentRefund = { readonly cause: string; readonly attempt: number; readonly amountVnd: Vnd };
/** From the first account to the second. */
type Way = readonly [from: Account, to: Account];

/** Money that goes from one account to another, each time by a fact with a key of its own. */
export const createMoving = (now: Clock) => {
  const book = (tx: Tx, kind: JournalKind, [key, reference]: readonly [string, string], way: Way, amountVnd: Vnd) =>
    insertJournals(tx, [{ key, kind, reference, at: now(), entries: move(...way, amountVnd) }]);
  return {
    /** A refund has left `from`. Each attempt is told once. */
    bookRefundSent: (tx: Tx, from: Account, { cause, attempt, amountVnd }: SentRefund) => {
      const key = attempt === 1 ? `refund-sent:${cause}` : `refund-sent:${cause}:${attempt}`;
      return book(tx, 'refund-sent', [key, cause], [from, 'refunds-due'], amountVnd);
    },
    /** A refund that had been sent came back: it is owed again. */
    bookRefundFailed: (tx: Tx, to: Account, { cause, attempt, amountVnd }: SentRefund) =>
      book(tx, 'refund-failed', [`refund-failed:${cause}:${attempt}`, cause], ['refunds-due', to], amountVnd),
    /** Money in suspense turned out to be for a payment. */
    bookMatch: (tx: Tx, paymentId: string, name: string, amountVnd: Vnd) =>
      book(tx, 'match', [`match:${name}`, paymentId], ['deposits', 'suspense'], amountVnd),
    /** The bank took a transfer back, out of what held it. */
    bookReversal: (tx: Tx, name: string, holder: Account, amountVnd: Vnd) =>
      book(tx, 'reversed', [`reversed:${name}`, name], ['clearing:bank', holder], amountVnd),
    /** Money of a disputed payment moves: taken back, returned, or borne by the exchange. */
    bookDispute: (
      tx: Tx,
      kind: 'dispute-opened' | 'dispute-won' | 'dispute-lost',
      disputeId: string,
      way: Way,
      amountVnd: Vnd,
    ) => book(tx, kind, [`${kind}:${disputeId}`, disputeId], way, amountVnd),
  };
};
