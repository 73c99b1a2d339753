import type { Clock } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import type { Db, Tx } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Carts } from '#features/carts/index.ts';
import type { Fees } from '#features/fees/index.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { PieceSums } from '#features/ledger/types.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Products } from '#features/products/index.ts';
import type { Stock } from '#features/stock/index.ts';
import type { Vouchers } from '#features/vouchers/index.ts';
import type { OrderGroupId, OrderId } from './types.ts';

/** What goes back of an order's price, once per cause. */
export type RefundOfOrder = {
  readonly orderId: OrderId;
  readonly amountVnd: Vnd;
  readonly reason: 'cancelled';
  readonly cause: string;
  /** What of promotion and fee belongs to the pieces that it pays back. */
  readonly pieces: PieceSums;
};
export type Deps = {
  readonly db: Db;
  readonly events: Events;
  readonly carts: Carts;
  readonly stock: Stock;
  readonly vouchers: Vouchers;
  readonly fees: Fees;
  readonly products: Products;
  readonly ledger: Ledger;
  readonly notices: Pick<Notices, 'tell'>;
  readonly now: Clock;
  /** Whose confirmations these are. */
  readonly exchange: { readonly name: string; readonly url: string };
  /** Which of these businesses are paid into their own account, and for how long their buyers have time. */
  readonly directOf: (
    tx: Tx,
    businessIds: readonly BusinessId[],
  ) => Promise<ReadonlyMap<BusinessId, { readonly holdMs: number }>>;
  /** Whether every part of a group that is paid to a business itself has been received. */
  readonly directReady: (tx: Tx, groupId: OrderGroupId) => Promise<boolean>;
  /** The payments slice queues what goes back. It stands on this slice, so it is handed in. */
  readonly refundOrder: (tx: Tx, refund: RefundOfOrder) => Promise<unknown>;
};
