import { localDate } from '#core/clock.ts';
import type { Cursor } from '#core/cursor.ts';
import { type Id, newId } from '#core/ids.ts';
import type { MemberRole } from '#core/roles.ts';
import type { Reader, Tx } from '#db/client.ts';
import { lastFour } from '#db/sealed.ts';
import { readAsSeller } from '#db/seller.ts';
import { createApplications } from './application.ts';
import { type Deps, refuse, sealOf } from './deps.ts';
import { createMeasures } from './measures.ts';
import { createMembers } from './members.ts';
import { createPapers } from './papers.ts';
import { mirrorProducers, type PartnerProducer } from './producers.ts';
import { addMember, listInvitations } from './queries/members.ts';
import { insertBusinesses, listPaperRules, type NewBusiness } from './queries/register.ts';
import { createReviewing } from './reviewing.ts';
import { checklistOn, checkTaxCode, isPersonalNumber } from './rules.ts';
import type { BusinessId, BusinessState, BusinessType } from './types.ts';
import {
  findOwn,
  listActsFor,
  listBankAccounts,
  listByState,
  listMeasures,
  listMembers,
  listOwn,
  listPaperViews,
  listReviews,
  listWithholding,
  type OwnBusiness,
} from './views/desk.ts';
import { listMembershipsOf } from './views/memberships.ts';
import {
  countGoodsByWard,
  findBusiness,
  listBusinesses,
  listBusinessesInWard,
  listWardPlaces,
} from './views/public.ts';

export type Businesses = ReturnType<typeof createBusinesses>;

/** The register as everybody may read it, and how rows come into it. */
const createRegister = ({ db, now, vault }: Deps) => ({
  listBusinesses: (limit: number, cursor?: Cursor) => listBusinesses(db, limit, cursor),
  /** As it is shown: a suspended one says so, a closed one is gone (410). */
  getBusiness: async (idOrSlug: string, reader: Reader = db) => {
    const business = await findBusiness(reader, idOrSlug);
    if (!business) throw refuse('business-not-found');
    if (business.status === 'closed') throw refuse('business-closed', { name: business.name });
    return business;
  },
  listWardPlaces: () => listWardPlaces(db),
  countGoodsByWard: () => countGoodsByWard(db),
  /** A ward in which somebody sells, with who does, and the other wards to compare it with. 404 `ward-without-businesses`. */
  getWard: async (code: string) => {
    const wards = await listWardPlaces(db);
    const ward = wards.find((one) => one.code === code);
    if (!ward) throw refuse('ward-without-businesses');
    return { ward, wards, items: await listBusinessesInWard(db, code) };
  },
  /** Registers businesses of our own as they are; their ids come back in the order given. */
  addBusinesses: async (tx: Tx, businesses: readonly NewBusiness[]): Promise<BusinessId[]> => {
    const at = now();
    const rows = businesses.map((business) => {
      const id: BusinessId = newId();
      const taxCode = business.taxCode ? checkTaxCode(business.taxCode) : null;
      const sealing =
        taxCode && isPersonalNumber(taxCode)
          ? {
              taxCode: null,
              personalNumberSealed: vault.seal(taxCode, sealOf('businesses.personal_number_sealed', id)),
              personalNumberLast4: lastFour(taxCode),
            }
          : { taxCode };
      return { ...business, ...sealing, id, createdAt: at, updatedAt: at };
    });
    await insertBusinesses(tx, rows);
    return rows.map((row) => row.id);
  },
  /** The producers behind a partner's listings, by where they come from; the same `originUri` is the same row. */
  mirrorProducers: (tx: Tx, partnerKey: string, producers: readonly PartnerProducer[]) =>
    mirrorProducers(tx, partnerKey, producers, now()),
  addMember: (tx: Tx, businessId: BusinessId, accountId: Id<'Account'>, role: MemberRole) =>
    addMember(tx, businessId, accountId, role, now()),
  listMembershipsOf: (accountId: Id<'Account'>) => listMembershipsOf(db, accountId, now()),
});

/** What members, assistants and officers see of a business. */
const createDesk = ({ db, now, banks }: Deps) => ({
  banks,
  listOwn: (ids: readonly BusinessId[]) => readAsSeller(db, ids, (reader) => listOwn(reader, ids)),
  /** One of those that the caller may act for; any other is the same 404 as none. Officers pass no list. */
  getOwn: async (id: BusinessId, among?: readonly BusinessId[]) => {
    const find = (reader: Reader) => findOwn(reader, id);
    const business = among ? among.includes(id) && (await readAsSeller(db, among, find)) : await find(db);
    if (!business) throw refuse('business-not-found');
    return business;
  },
  listByState: (states: readonly BusinessState[], limit: number, cursor?: Cursor) =>
    listByState(db, states, limit, cursor),
  listChecklist: async (type: BusinessType) => checklistOn(await listPaperRules(db, type), localDate(now())),
  listPapers: (id: BusinessId) => listPaperViews(db, id),
  listReviews: (id: BusinessId) => listReviews(db, id),
  listMeasures: (id: BusinessId) => listMeasures(db, id),
  listMembers: (id: BusinessId) => listMembers(db, id),
  listInvitations: (id: BusinessId) => listInvitations(db, id, now()),
  listBankAccounts: (id: BusinessId) => listBankAccounts(db, id),
  listWithholding: (id: BusinessId) => listWithholding(db, id),
  /** What assistants did in its name, with both names. */
  listActsFor: (id: BusinessId) => listActsFor(db, id),
});

export function createBusinesses(deps: Deps) {
  const desk = createDesk(deps);
  const applications = createApplications(deps);
  /** An application with all that its sender and its reviewer look at. */
  const readApplication = async (business: OwnBusiness) => {
    const { businessId: id, type, ward } = business;
    const [missing, checklist, papers, reviews] = await Promise.all([
      applications.listGaps({ ...business, id, wardCode: ward?.code ?? null }),
      desk.listChecklist(type),
      desk.listPapers(id),
      desk.listReviews(id),
    ]);
    return { missing, checklist, papers, reviews };
  };
  return {
    ...createRegister(deps),
    ...desk,
    ...applications,
    readApplication,
    ...createPapers(deps),
    ...createReviewing(deps),
    ...createMeasures(deps),
    ...createMembers(deps),
  };
}
