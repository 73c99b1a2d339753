import type { Clock } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import type { Db, Tx } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { Carts } from '#features/carts/index.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { Products } from '#features/products/index.ts';
import type { Stock } from '#features/stock/index.ts';
import type { OrderGroupId, OrderId } from './types.ts';

export type RefundOfOrder = {
  readonly groupId: OrderGroupId;
  readonly orderId: OrderId;
  readonly amountVnd: Vnd;
  readonly cause: string;
};
export type Deps = {
  readonly db: Db;
  readonly events: Events;
  readonly carts: Carts;
  readonly stock: Stock;
  readonly products: Products;
  readonly ledger: Ledger;
  readonly now: Clock;
  /** The payments slice queues what goes back. It stands on this slice, so it is handed in. */
  readonly queueRefund: (tx: Tx, refund: RefundOfOrder) => Promise<void>;
};
