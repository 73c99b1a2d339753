import type { Clock } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import { insertJournals } from './queries.ts';
import { move, receipt } from './rules.ts';
import { type Account, owedTo } from './types.ts';

/** Goods of partner exchanges: what shoppers pay for them is held, then owed to the exchange that sold them. */
export const createLegBooks = (now: Clock) => ({
  /** A card was charged for a leg, or a transfer came for it. `name` counts once. */
  bookLegReceipt: (tx: Tx, clearing: Account, legId: string, name: string, amountVnd: Vnd) =>
    insertJournals(tx, [
      {
        key: `receipt:${name}`,
        kind: 'receipt',
        reference: legId,
        at: now(),
        entries: receipt(clearing, 'exchange-deposits', amountVnd),
      },
    ]),
  bookLegSold: (tx: Tx, legId: string, partnerKey: string, amountVnd: Vnd) =>
    insertJournals(tx, [
      {
        key: `leg-sold:${legId}`,
        kind: 'leg-sold',
        reference: legId,
        at: now(),
        entries: move(owedTo(partnerKey), 'exchange-deposits', amountVnd),
      },
    ]),
  /** Part of it goes back: out of what the exchange is owed, where its goods were sold, or of what was held. */
  bookLegRefundDue: (
    tx: Tx,
    {
      cause,
      legId,
      amountVnd,
      partnerKey,
    }: {
      readonly cause: string;
      readonly legId: string;
      readonly amountVnd: Vnd;
      readonly partnerKey: string | undefined;
    },
  ) =>
    insertJournals(tx, [
      {
        key: `refund-due:${cause}`,
        kind: 'refund-due',
        reference: legId,
        at: now(),
        entries: move('refunds-due', partnerKey === undefined ? 'exchange-deposits' : owedTo(partnerKey), amountVnd),
      },
    ]),
});
