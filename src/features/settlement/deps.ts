import type { Clock } from '#core/clock.ts';
import type { Db, Tx } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Codes } from '#features/orders/index.ts';

export type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'tell'>;
  readonly ledger: Ledger;
  readonly codes: Codes;
  readonly businesses: Pick<Businesses, 'readAccountNumbers' | 'banks'>;
};

/** Who decides: the account, and from where. */
export type Officer = { readonly actor: string; readonly address?: string | undefined };
/** Stores the answer of a request in the transaction that makes it true. */
export type Beside = (tx: Tx) => Promise<unknown>;
