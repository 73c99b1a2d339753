import type { Clock } from '#core/clock.ts';
import type { Tx } from '#db/client.ts';
import { insertJournals, sumTakenBack } from './queries.ts';
import { directRefund, directSale, orderRefund, type RefundPart, type SoldOrder, sale } from './rules.ts';

type Sold = SoldOrder & { readonly orderId: string; readonly settlement?: 'collected' | 'direct' | undefined };

/** What the books say of orders that were paid, and of what goes back of them. */
export const createSaleBooks = (now: Clock) => ({
  bookSales: (tx: Tx, orders: readonly Sold[]) =>
    insertJournals(
      tx,
      orders
        .map((order) => ({
          key: `sale:${order.orderId}`,
          kind: order.settlement === 'direct' ? ('direct-sale' as const) : ('sale' as const),
          reference: order.orderId,
          at: now(),
          entries: order.settlement === 'direct' ? directSale(order) : sale(order),
        }))
        .filter(({ entries }) => entries.length > 0),
    ),
  /** Part of an order that a business was paid for itself, and gives back itself. Where no fee was taken there is nothing to write. */
  bookDirectRefund: async (tx: Tx, order: Sold, { cause, ...part }: RefundPart & { readonly cause: string }) => {
    const entries = directRefund(order, await sumTakenBack(tx, order.orderId), part);
    const journal = {
      key: `direct-refund:${cause}`,
      kind: 'direct-refund',
      reference: order.orderId,
      at: now(),
    } as const;
    return insertJournals(tx, entries.length === 0 ? [] : [{ ...journal, entries }]);
  },
  /** Part of a sold order that goes back. */
  bookOrderRefund: async (tx: Tx, order: Sold, { cause, ...part }: RefundPart & { readonly cause: string }) =>
    insertJournals(tx, [
      {
        key: `refund-due:${cause}`,
        kind: 'refund-due',
        reference: order.orderId,
        at: now(),
        entries: orderRefund(order, await sumTakenBack(tx, order.orderId), part),
      },
    ]),
});
