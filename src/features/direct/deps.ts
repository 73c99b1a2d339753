import type { Clock } from '#core/clock.ts';
import type { Db } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Orders } from '#features/orders/index.ts';
import type { QrMaker } from '#features/payments/types.ts';

export type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly events: Events;
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'tell'>;
  readonly ledger: Pick<Ledger, 'bookDirectRefund'>;
  readonly orders: Pick<Orders, 'forPayments' | 'forOthers'>;
  readonly businesses: Pick<Businesses, 'readAccountNumbers'>;
  readonly makeQr: QrMaker;
};

/** A member, for the businesses of the account. */
export type Seller = {
  readonly actor: string;
  readonly address: string;
  readonly businessIds: readonly BusinessId[];
};
