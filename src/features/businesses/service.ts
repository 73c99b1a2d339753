import type { Clock } from '#core/clock.ts';
import type { Cursor } from '#core/cursor.ts';
import { type Id, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { MemberRole } from '#core/roles.ts';
import { slugify } from '#core/vietnamese.ts';
import type { Db, Reader, Tx } from '#db/client.ts';
import { addMember, insertBusinesses, listMembershipsOf, type NewBusiness, upsertPartnerBusiness } from './queries.ts';
import { checkTaxCode } from './rules.ts';
import { type BusinessId, type BusinessType, businessProblems } from './types.ts';
import { findBusiness, listBusinesses } from './views.ts';

const refuse = refusals(businessProblems);
type Deps = { readonly db: Db; readonly now: Clock };
export type Businesses = ReturnType<typeof createBusinesses>;

export type PartnerProducer = {
  readonly partnerKey: string;
  readonly originUri: string;
  readonly name: string;
  readonly type: BusinessType;
  readonly taxCode?: string;
};

export const createBusinesses = ({ db, now }: Deps) => ({
  listBusinesses: (limit: number, cursor?: Cursor) => listBusinesses(db, limit, cursor),
  getBusiness: async (idOrSlug: string, reader: Reader = db) => {
    const business = await findBusiness(reader, idOrSlug);
    if (!business) throw refuse('business-not-found');
    return business;
  },
  /** Registers businesses of our own; their ids come back in the order given. */
  addBusinesses: async (tx: Tx, businesses: readonly NewBusiness[]): Promise<BusinessId[]> => {
    const at = now();
    const rows = businesses.map((business) => ({
      ...business,
      id: newId<'Business'>(),
      taxCode: business.taxCode ? checkTaxCode(business.taxCode) : null,
      createdAt: at,
      updatedAt: at,
    }));
    await insertBusinesses(tx, rows);
    return rows.map((row) => row.id);
  },
  /** The producer behind a partner's listing; the same `originUri` is the same row. */
  mirrorProducer: (tx: Tx, producer: PartnerProducer): Promise<BusinessId> => {
    const id = newId<'Business'>();
    const at = now();
    return upsertPartnerBusiness(tx, {
      id,
      slug: `${slugify(producer.name) || 'co-so'}-${producer.partnerKey}-${id.slice(-6)}`,
      name: producer.name,
      type: producer.type,
      taxCode: producer.taxCode ?? null,
      status: 'approved',
      partnerKey: producer.partnerKey,
      originUri: producer.originUri,
      createdAt: at,
      updatedAt: at,
    });
  },
  addMember: (tx: Tx, businessId: BusinessId, accountId: Id<'Account'>, role: MemberRole) =>
    addMember(tx, businessId, accountId, role),
  listMembershipsOf: (accountId: Id<'Account'>) => listMembershipsOf(db, accountId),
});
