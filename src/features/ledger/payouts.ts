import type { Clock } from '#core/clock.ts';
import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import { insertJournals } from './queries.ts';
import { move, payout, payoutBack, providerPayout } from './rules.ts';
import type { Account, Entry, JournalKind } from './types.ts';

export type PaidOut = {
  readonly payoutId: Id<'Payout'>;
  readonly businessId: Id<'Business'>;
  readonly amountVnd: Vnd;
};

/** What the books say of money that leaves: to businesses, and from providers to our own account. */
export const createPayoutBooks = (now: Clock) => {
  const write = (tx: Tx, kind: JournalKind, reference: string, entries: readonly Entry[]) =>
    insertJournals(tx, [{ key: `${kind}:${reference}`, kind, reference, at: now(), entries }]);
  return {
    /** Payouts were approved: no longer owed, and on their way. */
    bookPayouts: (tx: Tx, paid: readonly PaidOut[]) =>
      insertJournals(
        tx,
        paid.map(({ payoutId, businessId, amountVnd }) => ({
          key: `payout:${payoutId}`,
          kind: 'payout',
          reference: payoutId,
          at: now(),
          entries: payout(businessId, amountVnd),
        })),
      ),
    /** How a payout ended. One that came back lies at the bank again. */
    bookPayoutEnd: (tx: Tx, ending: 'paid' | 'failed' | 'returned', { payoutId, businessId, amountVnd }: PaidOut) => {
      const entries = {
        paid: () => move('clearing:bank', 'payouts-due', amountVnd),
        failed: () => payoutBack(businessId, 'payouts-due', amountVnd),
        returned: () => payoutBack(businessId, 'clearing:bank', amountVnd),
      }[ending]();
      return write(tx, `payout-${ending}`, payoutId, entries);
    },
    /** A provider passed on what it had collected, by the name it gives to it. */
    bookProviderPayout: (tx: Tx, clearing: Account, name: string, grossVnd: Vnd, feeVnd: Vnd) =>
      write(tx, 'provider-payout', name, providerPayout(clearing, grossVnd, feeVnd)),
  };
};
