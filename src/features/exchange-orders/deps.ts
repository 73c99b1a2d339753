import type { Clock } from '#core/clock.ts';
import type { Db } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import type { Carts } from '#features/carts/index.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Codes } from '#features/orders/index.ts';
import type { Gateway } from '#features/payments/types.ts';
import type { Origins } from './types.ts';

export type Deps = {
  readonly db: Db;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly now: Clock;
  readonly carts: Pick<Carts, 'getCart' | 'checkDelivery'>;
  readonly ledger: Ledger;
  readonly notices: Pick<Notices, 'tell'>;
  readonly codes: Codes;
  readonly origins: Origins;
  /** Cards alone: their money can be set aside and let go. Undefined closes buying at other exchanges. */
  readonly gateway: Gateway | undefined;
  readonly publicUrl: string;
};
export const ACTOR = 'system:exchange-orders';
export const ADVANCE_QUEUE = 'exchange-orders.advance';
