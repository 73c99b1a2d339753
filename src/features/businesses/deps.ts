import type { Clock } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Event, Events } from '#db/events.ts';
import type { Vault } from '#db/sealed.ts';
import { transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Files } from '#features/files/index.ts';
import type { Identity } from '#features/identity/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Places } from '#features/places/index.ts';
import type { Queues } from '#features/queues/index.ts';
import { type BusinessRow, lockBusiness } from './queries/register.ts';
import { type Bank, type BusinessId, type By, businessProblems } from './types.ts';
import { listProductIds } from './views/desk.ts';

export type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly events: Events;
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'tell'>;
  readonly queues: Queues;
  readonly files: Pick<Files, 'keep'>;
  readonly places: Places;
  readonly vault: Vault;
  /** Writes down that a person's identifier was read in full, before it leaves. */
  readonly logReading: Identity['logReading'];
  /** The banks to which money can be sent, by the number that NAPAS knows them by. */
  readonly banks: readonly Bank[];
};

export const refuse = refusals(businessProblems);

/** For a seller behind the second wall, where the rows of others are not there; for staff and jobs as the exchange. */
export const transactBy = <T>(db: Db, { actor, businessIds }: By, work: (tx: Tx) => Promise<T>): Promise<T> =>
  businessIds ? transactAsSeller(db, { actor, businessIds }, work) : transact(db, actor, work);

/** One of ours, locked; a partner's producer or a made-up id is the same 404. */
export async function lockOwn(tx: Tx, id: BusinessId): Promise<BusinessRow> {
  const row = await lockBusiness(tx, id);
  if (!row) throw refuse('business-not-found');
  return row;
}

/** Everybody who shows the business or its goods looks again: lists, search, carts, partners' feeds. */
export async function tellCatalogue(tx: Tx, events: Events, businessId: BusinessId): Promise<void> {
  const products = await listProductIds(tx, businessId);
  await events.add(
    tx,
    { type: 'business.changed', businessId },
    ...products.map((productId): Event => ({ type: 'product.changed', productId })),
  );
}

/** What a seal is bound to: it does not open in another row. */
export const sealOf = (table: 'businesses.personal_number_sealed' | 'bank_accounts.number_sealed', id: string) =>
  `${table}:${id}`;
