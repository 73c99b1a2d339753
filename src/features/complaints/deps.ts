import type { Clock } from '#core/clock.ts';
import type { Id } from '#core/ids.ts';
import type { Db } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Files } from '#features/files/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Codes, Orders } from '#features/orders/index.ts';
import type { Payments } from '#features/payments/index.ts';
import type { Queues } from '#features/queues/index.ts';
import type { Takedowns } from '#features/takedowns/index.ts';

export type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly codes: Codes;
  readonly files: Pick<Files, 'keep'>;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly queues: Queues;
  readonly orders: Pick<Orders, 'forOthers'>;
  readonly payments: Pick<Payments, 'refundOrder'>;
  readonly takedowns: Pick<Takedowns, 'requestIn'>;
};

/** Whoever complains: by what they show that something is theirs, and how they are called in logs. */
export type Shopper = {
  readonly actor: string;
  readonly phone?: string | undefined;
  readonly accountId?: Id<'Account'> | undefined;
};

/** A member for the businesses of the account, or an officer for all. */
export type Decider = {
  readonly actor: string;
  readonly address: string;
  readonly businessIds?: readonly BusinessId[];
};
