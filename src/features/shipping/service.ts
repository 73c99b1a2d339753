import { type Clock, localDate, startOfLocalDay } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Reader, type Tx, transact } from '#db/client.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import { type BusinessId, businessProblems } from '#features/businesses/types.ts';
import type { Places } from '#features/places/index.ts';
import { HOME_PROVINCE } from '#features/places/types.ts';
import { type ProductId, productProblems, type Storage, type VariantId } from '#features/products/types.ts';
import {
  closeOwnPoints,
  closePoint,
  deleteProductLimit,
  insertLimit,
  insertPoint,
  insertRate,
  insertTimes,
  insertZone,
  listLimits,
  listPoints,
  listProductLimits,
  listRates,
  listTerms,
  listTimes,
  listZones,
  type PointRow,
  type RateRow,
  readTariff,
  saveProductLimit,
  saveTerms,
} from './queries.ts';
import { checkRate, checkTimes } from './rules.ts';
import { type PickupPointId, type Place, shippingProblems, type Tariff, type Zone } from './types.ts';
import { findOwner, listNames, listPerishables } from './views.ts';

const refuse = refusals(shippingProblems);
const refuseBusiness = refusals(businessProblems);
const refuseProduct = refusals(productProblems);

type Deps = { readonly db: Db; readonly places: Places; readonly audit: Audit; readonly now: Clock };
export type Shipping = ReturnType<typeof createShipping>;
/** Of the exchange's province: what is assumed until the buyer has said where to. */
export const homePlace: Place = { provinceCode: HOME_PROVINCE };

export type Clerk = { readonly actor: string; readonly address: string };
export type Keeper = Clerk & { readonly businessIds: readonly BusinessId[] };
export type PointDraft = {
  readonly name: string;
  readonly line: string;
  readonly wardCode: string;
  readonly hours: string;
};
export type TermsDraft = {
  readonly freeOverVnd: Vnd | null;
  /** `own` is the place that is sent along; else a point of the exchange. */
  readonly pickup: { readonly own: PointDraft } | { readonly pickupPointId: PickupPointId } | null;
};
type Dated = { readonly from: string; readonly note: string };
export type RateDraft = Omit<RateRow, 'id' | 'validFrom' | 'note'> & Dated;

/** What a business offers, as its members keep it. */
export type OwnTerms = {
  readonly businessId: BusinessId;
  readonly name: string;
  readonly freeOverVnd: Vnd | null;
  readonly pickup: PointRow | null;
};

/** A point with an address that exists; the ward's name is kept with it, as it is called today. */
async function makePoint({ places, now }: Deps, businessId: BusinessId | null, draft: PointDraft): Promise<PointRow> {
  const [name, line, hours] = [clean(draft.name), clean(draft.line), clean(draft.hours)];
  const ward = await places.findWard(draft.wardCode);
  const missing = (['name', 'line', 'hours'] as const)[[name, line, hours].indexOf('')];
  if (missing) throw refuse('pickup-point-incomplete', { pointer: `/${missing}` });
  if (!ward) throw refuse('pickup-point-incomplete', { pointer: '/wardCode' });
  const { code: wardCode, fullName } = ward;
  return { id: newId(), businessId, name, line, hours, wardCode, ward: fullName, closedAt: null, createdAt: now() };
}

/** One of the exchange's own, which sellers' role does not see. */
async function checkPoint({ db }: Deps, wanted: PickupPointId): Promise<void> {
  if (!(await listPoints(db, [])).some(({ id }) => id === wanted))
    throw refuse('pickup-point-not-found', { pointer: '/pickupPointId' });
}

async function replaceTerms(
  { audit, now }: Deps,
  tx: Tx,
  businessId: BusinessId,
  { freeOverVnd, pickup }: TermsDraft,
  made: PointRow | undefined,
  address: string,
): Promise<void> {
  const chosen = pickup && 'pickupPointId' in pickup ? pickup.pickupPointId : null;
  const [row] = await listTerms(tx, [businessId]);
  const before = { freeOverVnd: row?.freeOverVnd ?? null, pickupPointId: row?.pickupPointId ?? null };
  if (made) {
    await closeOwnPoints(tx, businessId, now());
    await insertPoint(tx, made);
  }
  const after = { freeOverVnd, pickupPointId: made?.id ?? chosen };
  await saveTerms(tx, { businessId, ...after, updatedAt: now() });
  const subject = { kind: 'business', id: businessId } as const;
  await audit.record(tx, { action: 'delivery-terms.changed', subject, before, after, address });
}

/** What the members of a business decide of its deliveries. */
const createTermsSide = (deps: Deps) => {
  const { db, now } = deps;
  return {
    listOwn: async (businessIds: readonly BusinessId[]) => {
      const open = await listPoints(db, []);
      return readAsSeller(db, businessIds, async (reader) => {
        const [names, terms, own] = await Promise.all([
          listNames(reader, businessIds),
          listTerms(reader, businessIds),
          listPoints(reader, businessIds),
        ]);
        const points = [...open, ...own];
        return {
          points: open,
          items: names.map(({ businessId, name }): OwnTerms => {
            const kept = terms.find((one) => one.businessId === businessId);
            const pickup = points.find(({ id }) => id === kept?.pickupPointId) ?? null;
            return { businessId, name, freeOverVnd: kept?.freeOverVnd ?? null, pickup };
          }),
        };
      });
    },
    saveTerms: async (keeper: Keeper, businessId: BusinessId, draft: TermsDraft): Promise<void> => {
      if (!keeper.businessIds.includes(businessId)) throw refuseBusiness('business-not-found');
      if (draft.pickup && 'pickupPointId' in draft.pickup) await checkPoint(deps, draft.pickup.pickupPointId);
      const own = draft.pickup && 'own' in draft.pickup ? draft.pickup.own : undefined;
      const made = own && (await makePoint(deps, businessId, own));
      await transactAsSeller(db, { actor: keeper.actor, businessIds: [businessId] }, (tx) =>
        replaceTerms(deps, tx, businessId, draft, made, keeper.address),
      );
    },
    /** Goods that do not keep by themselves, each with the limit that its seller gave it. */
    listPerishables: (businessIds: readonly BusinessId[]) =>
      readAsSeller(db, businessIds, async (reader) => {
        const [goods, limits] = [
          await listPerishables(reader, businessIds),
          new Map((await listProductLimits(reader, businessIds)).map((one) => [one.productId, one.maxHours])),
        ];
        return goods.map((one) => ({ ...one, maxHours: limits.get(one.productId) ?? null }));
      }),
    /** How long this product bears to be on its way; null leaves it to its kind of storage. */
    setProductLimit: ({ actor, businessIds }: Keeper, productId: ProductId, maxHours: number | null) =>
      transactAsSeller(db, { actor, businessIds }, async (tx) => {
        const businessId = await findOwner(tx, productId, businessIds);
        if (!businessId) throw refuseProduct('product-not-found');
        if (maxHours === null) return deleteProductLimit(tx, productId, businessIds);
        await saveProductLimit(tx, { productId, businessId, maxHours, updatedAt: now() });
      }),
  };
};

/** What the exchange's staff decide: dated rows that are never edited, and points for all businesses. */
const createTariffSide = (deps: Deps) => {
  const { db, audit, now } = deps;
  const act = (clerk: Clerk, action: string, after: object, write: (tx: Tx) => Promise<void>) =>
    transact(db, clerk.actor, async (tx) => {
      await write(tx);
      const subject = { kind: 'shipping-tariff', id: action } as const;
      await audit.record(tx, { action, subject, after: { ...after }, address: clerk.address });
    });
  const begin = ({ from, note }: Dated) => {
    const validFrom = startOfLocalDay(from);
    if (validFrom < startOfLocalDay(localDate(now()))) throw refuse('rate-from-past', { pointer: '/from' });
    return { id: newId<never>(), validFrom, note: clean(note) };
  };
  return {
    readTariffBook: async () => {
      const [rates, zones, times, limits, points] = await Promise.all([
        listRates(db),
        listZones(db),
        listTimes(db),
        listLimits(db),
        listPoints(db, []),
      ]);
      return { rates, zones, times, limits, points };
    },
    addRate: (clerk: Clerk, { from, note, ...draft }: RateDraft) => {
      checkRate(draft);
      const row = { ...draft, ...begin({ from, note }) };
      return act(clerk, 'shipping-rate.added', row, (tx) => insertRate(tx, row));
    },
    addZone: (
      clerk: Clerk,
      draft: Dated & { readonly provinceCode: string; readonly wardCode: string | null; readonly zone: Zone },
    ) => {
      const row = { ...draft, ...begin(draft) };
      return act(clerk, 'shipping-zone.added', row, (tx) => insertZone(tx, row));
    },
    addTimes: (
      clerk: Clerk,
      draft: Dated & {
        readonly zone: Zone;
        readonly minHours: number;
        readonly maxHours: number;
        readonly cutOffHour: number;
      },
    ) => {
      checkTimes(draft.minHours, draft.maxHours);
      const row = { ...draft, ...begin(draft) };
      return act(clerk, 'zone-times.added', row, (tx) => insertTimes(tx, row));
    },
    addLimit: (clerk: Clerk, draft: Dated & { readonly storage: Storage; readonly maxHours: number | null }) => {
      const row = { ...draft, ...begin(draft) };
      return act(clerk, 'transit-limit.added', row, (tx) => insertLimit(tx, row));
    },
    addPoint: async (clerk: Clerk, draft: PointDraft) => {
      const row = await makePoint(deps, null, draft);
      await act(clerk, 'pickup-point.added', row, (tx) => insertPoint(tx, row));
      return row.id;
    },
    closePoint: (clerk: Clerk, id: PickupPointId) =>
      act(clerk, 'pickup-point.closed', { id }, async (tx) => {
        if (!(await closePoint(tx, id, now()))) throw refuse('pickup-point-not-found');
      }),
  };
};

export const createShipping = (deps: Deps) => ({
  /** What freight depends on now, for goods of these variants that go to `place`, or stay in the province until it is known. */
  readTariff: (reader: Reader, variantIds: readonly VariantId[], place: Place = homePlace): Promise<Tariff> =>
    readTariff(reader, variantIds, place, deps.now()),
  ...createTermsSide(deps),
  ...createTariffSide(deps),
});
