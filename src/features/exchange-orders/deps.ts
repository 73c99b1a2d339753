import type { Clock } from '#core/clock.ts';
import type { Db, Tx } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import type { Carts } from '#features/carts/index.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Codes } from '#features/orders/index.ts';
import type { Gateway, QrMaker, ReceivingAccount, RefundByHand } from '#features/payments/types.ts';
import type { LegMethod, Origins } from './types.ts';

export type Deps = {
  readonly db: Db;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly now: Clock;
  readonly carts: Pick<Carts, 'getCart' | 'checkDelivery'>;
  readonly ledger: Ledger;
  readonly notices: Pick<Notices, 'tell'>;
  readonly codes: Codes;
  readonly origins: Origins;
  /** Asks after cards; of a transfer it knows that nothing is set aside. */
  readonly gateway: Gateway | undefined;
  /** The ways to pay that are open; without any nothing is bought at other exchanges. */
  readonly methods: readonly LegMethod[];
  /** The account to which shoppers transfer, and how its code is drawn. */
  readonly transfer: { readonly account: ReceivingAccount; readonly makeQr: QrMaker } | undefined;
  /** Hands a refund that no provider sends to finance. It is owed in the books already. */
  readonly byHand: (tx: Tx, refund: RefundByHand) => Promise<void>;
  readonly publicUrl: string;
};
export const ACTOR = 'system:exchange-orders';
export const ADVANCE_QUEUE = 'exchange-orders.advance';
