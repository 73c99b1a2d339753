import { sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import { APP_ROLE, type Db, SELLER_ROLE, type Settings, type Tx, transactWith } from './client.ts';

/** On whose behalf a seller's request acts, and for which businesses: `actorOf` and `ownBusinesses` of the request. */
export type SellerScope = { readonly actor: string; readonly businessIds: readonly Id<'Business'>[] };

const settingsOf = ({ actor, businessIds }: SellerScope): Settings => ({
  role: SELLER_ROLE,
  'app.actor': actor,
  'app.business_ids': businessIds.join(','),
});

/**
 * `transact` for a seller's request. Row security is the second wall: whatever a statement forgets to ask for, it sees and
 * changes only rows of `businessIds`. Of the guarded tables (`migrations/*_rows_of_sellers.sql`, `guard_rows`) the rows of
 * others are as if they were not there; inserting one raises an error. Services still begin each query with the caller's
 * businesses: this is for the day one of them does not.
 */
export const transactAsSeller = <T>(db: Db, scope: SellerScope, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transactWith(db, settingsOf(scope), work);

/** The same for what is only read: a list, a page, an export. */
export const readAsSeller = <T>(
  db: Db,
  businessIds: readonly Id<'Business'>[],
  work: (reader: Tx) => Promise<T>,
): Promise<T> =>
  transactWith(db, { ...settingsOf({ actor: 'seller:read', businessIds }), transaction_read_only: 'on' }, work);

/**
 * Runs one step of a seller's transaction for the exchange itself: what follows from a decision about an own row and
 * concerns others too, such as the other orders of a group or the books. Find and lock the own row before. Nothing else
 * of the transaction may run meanwhile.
 */
export async function asExchange<T>(tx: Tx, step: () => Promise<T>): Promise<T> {
  const { rows } = await tx.execute<{ role: string }>(
    sql`with before as materialized (select current_setting('role') as role)
      select role, set_config('role', ${APP_ROLE}, true) from before`,
  );
  const result = await step();
  await tx.execute(sql`select set_config('role', ${rows[0]?.role ?? SELLER_ROLE}, true)`);
  return result;
}
