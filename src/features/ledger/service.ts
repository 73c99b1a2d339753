import type { Clock } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import type { Db, Tx } from '#db/client.ts';
import { createBooks } from './books.ts';
import { createLegBooks } from './legs.ts';
import { createMoving } from './moving.ts';
import { createPayoutBooks } from './payouts.ts';
import { insertJournals } from './queries.ts';
import { move, receipt, tax } from './rules.ts';
import { createSaleBooks } from './selling.ts';
import type { Account, Anchors } from './types.ts';

export type Ledger = ReturnType<typeof createLedger>;

/** Every journal has a key made of the fact that it tells, so that telling it twice writes it once. */
export const createLedger = ({
  db,
  now,
  anchors,
}: {
  readonly db: Db;
  readonly now: Clock;
  readonly anchors?: Anchors;
}) => ({
  ...createBooks({ db, now, ...(anchors && { anchors }) }),
  /** Tax withheld from a household, or offset. Where none is due there is nothing to write. */
  bookTax: (
    tx: Tx,
    {
      key,
      orderId,
      kind,
      ...of
    }: Parameters<typeof tax>[1] & {
      readonly key: string;
      readonly orderId: string;
      readonly kind: 'withheld' | 'offset';
    },
  ) => {
    const entries = tax(kind, of);
    return insertJournals(
      tx,
      entries.length === 0 ? [] : [{ key, kind: 'tax', reference: orderId, at: now(), entries }],
    );
  },
  /** Money that came for a payment. `event` is what the provider calls it. */
  bookReceipt: (tx: Tx, clearing: Account, paymentId: string, event: string, amountVnd: Vnd) =>
    insertJournals(tx, [
      {
        key: `receipt:${event}`,
        kind: 'receipt',
        reference: paymentId,
        at: now(),
        entries: receipt(clearing, 'deposits', amountVnd),
      },
    ]),
  /** Money that nobody has claimed yet. */
  bookSuspense: (tx: Tx, clearing: Account, event: string, amountVnd: Vnd) =>
    insertJournals(tx, [
      {
        key: `suspense:${event}`,
        kind: 'suspense',
        reference: event,
        at: now(),
        entries: receipt(clearing, 'suspense', amountVnd),
      },
    ]),
  ...createSaleBooks(now),
  /** Part of a deposit that belongs to no sale and goes back. */
  bookRefundDue: (
    tx: Tx,
    reference: string,
    cause: string,
    amountVnd: Vnd,
    holder: 'deposits' | 'suspense' = 'deposits',
  ) =>
    insertJournals(tx, [
      {
        key: `refund-due:${cause}`,
        kind: 'refund-due',
        reference,
        at: now(),
        entries: move('refunds-due', holder, amountVnd),
      },
    ]),
  ...createLegBooks(now),
  ...createMoving(now),
  ...createPayoutBooks(now),
});
