import type { Clock } from '#core/clock.ts';
import type { Db } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { Vault } from '#db/sealed.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Direct } from '#features/direct/index.ts';
import type { Identity } from '#features/identity/index.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Orders } from '#features/orders/index.ts';
import type { Queues } from '#features/queues/index.ts';
import type { Availability } from './availability.ts';
import type { Gateway, LegMoney, Method, QrMaker, ReceivingAccount } from './types.ts';

export type Deps = {
  readonly db: Db;
  readonly events: Events;
  readonly orders: Orders;
  /** What is paid to businesses themselves. */
  readonly direct: Pick<Direct, 'isReady' | 'refundOrder' | 'receiveTransfer'>;
  /** Goods of partner exchanges. */
  readonly legs: LegMoney;
  readonly ledger: Ledger;
  readonly notices: Pick<Notices, 'tell'>;
  readonly queues: Queues;
  readonly audit: Audit;
  readonly vault: Vault;
  readonly logReading: Identity['logReading'];
  readonly now: Clock;
  readonly publicUrl: string;
  /** The account of the exchange; undefined closes VietQR. */
  readonly account: ReceivingAccount | undefined;
  readonly makeQr: QrMaker;
  /** Providers by method; an absent one closes its method. */
  readonly gateways: Partial<Record<Method, Gateway>>;
  /** Which providers answer. */
  readonly availability: Availability;
};
