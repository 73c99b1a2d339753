import type { Clock } from '#core/clock.ts';
import { Problem, refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { PullReport } from '#federation/engine/pull.ts';
import { createGuiding, type GuidingFederation } from './guiding.ts';
import { arePricesStale, type HealthFacts, healthOf, worstFirst } from './health.ts';
import { type MirrorDeps, mirrorListings } from './mirror.ts';
import {
  countQuarantined,
  dismissQuarantined,
  findQuarantined,
  listOverlays,
  listQuarantined,
  type Overlay,
  saveOverlay,
} from './queries/desk.ts';
import { findConformance } from './queries/onboarding.ts';
import { listDays } from './queries/score.ts';
import { findPartner, listLanes, listPartners, type PartnerRow, saveBreaker } from './queries.ts';
import { type By, maxReason, reasonOf } from './reasons.ts';
import { READ_STATES, SHOWN_STATES } from './rules/states.ts';
import { firstScored, scoreOf } from './score.ts';
import type { Federation } from './service.ts';
import { createTwins } from './twins.ts';
import { federationProblems, type QuarantineId } from './types.ts';
import { countShelves, findListing, findListingFacts, listShelf } from './views/desk.ts';
import { readOrderScore } from './views/order-score.ts';
import { listCategoryIds } from './views.ts';
import { type Why, whyOf } from './why.ts';

const refuse = refusals(federationProblems);

export type DeskDeps = MirrorDeps & {
  readonly db: Db;
  readonly now: Clock;
  readonly audit: Pick<Audit, 'record'>;
  readonly federation: Pick<Federation, 'activate' | 'suspend' | 'pullNow' | 'replay' | 'preview'> & GuidingFederation;
};
export type PartnerDesk = ReturnType<typeof createPartnerDesk>;
export type Scorecard = Awaited<ReturnType<PartnerDesk['score']>>;
export type PartnerView = Awaited<ReturnType<PartnerDesk['listPartners']>>[number];

const shelfSize = 50;

/** Everything that is known of how partners fare. */
const createWatching = ({ db, now }: DeskDeps) => {
  const describe = async (rows: readonly PartnerRow[]) => {
    const [lanes, shelves, waiting] = [await listLanes(db), await countShelves(db), await countQuarantined(db)];
    const described = rows.map((row) => {
      const { origin, keyid, jwk: _jwk, secretsSealed, ...partner } = row;
      const own = lanes.filter(({ partnerKey }) => partnerKey === row.key);
      const rejects = waiting.find(({ partnerKey }) => partnerKey === row.key);
      const facts: HealthFacts = {
        ...partner,
        isIntroduced: origin !== null,
        lanes: own,
        quarantined: rejects?.count ?? 0,
      };
      const { listings = 0, shown = 0 } = shelves.get(row.key) ?? {};
      const counts = { listings, shown, quarantined: facts.quarantined };
      const hasSecrets = secretsSealed !== null;
      return { ...partner, origin, keyid, hasSecrets, lanes: own, counts, health: healthOf(facts, now()) };
    });
    return described.toSorted((a, b) => worstFirst(a.health, b.health) || a.nameVi.localeCompare(b.nameVi, 'vi'));
  };
  const getRow = async (key: string): Promise<PartnerRow> => {
    const row = await findPartner(db, key);
    if (!row) throw refuse('partner-not-found', { key });
    return row;
  };
  return {
    getRow,
    /** All partners with their health, the worst first. */
    listPartners: async () => describe(await listPartners(db)),
    getPartner: async (key: string) => {
      const [partner] = await describe([await getRow(key)]);
      if (!partner) throw refuse('partner-not-found', { key });
      return partner;
    },
    /** The last week in figures. */
    score: async (key: string) => {
      const { keySince } = await getRow(key);
      const { listings = 0 } = (await countShelves(db)).get(key) ?? {};
      const from = firstScored(now());
      const tested = await findConformance(db, key);
      return {
        ...scoreOf(await listDays(db, key, from), listings, keySince, now()),
        orders: await readOrderScore(db, key, from),
        conformance: tested ? { level: tested.level, profile: tested.profile, ranAt: tested.ranAt } : null,
      };
    },
    listShelf: async (key: string, query: string, after: string) => {
      const rows = await listShelf(db, key, { query, after, limit: shelfSize + 1 });
      const items = rows.slice(0, shelfSize);
      return { items, next: rows.length > shelfSize ? (items.at(-1)?.uri ?? null) : null };
    },
    listQuarantined: async (key: string) => {
      await getRow(key);
      return await listQuarantined(db, key);
    },
  };
};

type Known = {
  readonly partner: PartnerRow;
  readonly facts: Awaited<ReturnType<typeof findListingFacts>>;
  readonly overlay: Overlay | undefined;
  readonly categories: ReadonlyMap<string, number>;
};
const listingOf = ({ facts }: Known) => {
  const record = facts.listing?.record;
  return record?.kind === 'listing' ? record : undefined;
};

function explained(known: Known, now: Date): Why {
  const { partner, facts, overlay, categories } = known;
  const listing = listingOf(known);
  return whyOf({
    partnerState: partner.state,
    listing: listing ? 'live' : facts.listing ? 'withdrawn' : 'none',
    hasOffer: facts.offers.length > 0,
    isQuarantined: facts.quarantined.length > 0,
    isCategoryKnown: Boolean(overlay?.categoryId) || categories.has(listing?.categoryCode ?? ''),
    isHidden: Boolean(overlay?.hiddenReason),
    productStatus: facts.product?.status,
    businessStatus: facts.product?.businessStatus,
    arePricesStale: arePricesStale(partner, now),
  });
}

/** Which listing is meant and what decided about it. */
const createExplaining = ({ db, now }: DeskDeps) => ({
  /** Of a listing by its address there, or its address, name in addresses or id here; undefined when nobody knows it. */
  explain: async (name: string) => {
    const found = await findListing(db, name);
    const partner = found && (await findPartner(db, found.partnerKey));
    if (!partner) return undefined;
    const { partnerKey, uri } = found;
    const known = {
      partner,
      facts: await findListingFacts(db, partnerKey, uri),
      overlay: (await listOverlays(db, partnerKey, [uri])).get(uri),
      categories: await listCategoryIds(db),
    };
    return { ...known, listing: listingOf(known), why: explained(known, now()) };
  },
});

export type Lay = {
  readonly categoryId: number | null;
  readonly nameVi: string;
  readonly nameEn: string;
  /** Empty: it may be shown. */
  readonly hiddenReason: string;
};

type Rows = { readonly getRow: (key: string) => Promise<PartnerRow> };

/** An act upon a partner, written down in the transaction that does it. */
const recordIn = (
  { audit }: DeskDeps,
  tx: Tx,
  { address }: By,
  key: string,
  act: { action: string; reason?: string; before?: unknown; after?: unknown },
): Promise<void> => audit.record(tx, { ...act, subject: { kind: 'partner', id: key }, address });

/** Letting a partner in and out, and asking it anew. */
const createSteering = (deps: DeskDeps, { getRow }: Rows) => {
  const { db, federation } = deps;
  const change = async (by: By, key: string, to: 'activate' | 'suspend', typed: string): Promise<void> => {
    const reason = reasonOf(typed);
    await federation[to](by.actor, key, { reason, address: by.address });
  };
  return {
    suspend: (by: By, key: string, reason: string) => change(by, key, 'suspend', reason),
    resume: (by: By, key: string, reason: string) => change(by, key, 'activate', reason),
    /** Now, whatever the back-off says. `accepts` releases a lane that is held: it may shrink or change its prices so. */
    tryNow: async (by: By, key: string, accepts: boolean): Promise<PullReport> => {
      const { state } = await getRow(key);
      if (!READ_STATES.includes(state)) throw refuse('partner-not-active', { key });
      await transact(db, by.actor, async (tx) => {
        await saveBreaker(tx, key, null);
        await recordIn(deps, tx, by, key, { action: accepts ? 'partner.change-accepted' : 'partner.pulled' });
      });
      const report = await federation.pullNow(key, { acceptDeletes: accepts });
      if (!report) throw refuse('partner-not-active', { key });
      return report;
    },
  };
};

/** What becomes of records that could not be taken. */
const createHolding = (deps: DeskDeps) => {
  const { db, now, federation } = deps;
  /** Of this partner and no other. */
  const getQuarantined = async (key: string, id: QuarantineId) => {
    const row = await findQuarantined(db, id);
    if (row?.partnerKey !== key) throw refuse('quarantine-not-found', { id });
    return row;
  };
  const replay = async (by: By, key: string, id: QuarantineId) => {
    const { sourceId } = await getQuarantined(key, id);
    const result = await federation.replay(id);
    const after = { sourceId, verdict: result.verdict };
    await transact(db, by.actor, (tx) => recordIn(deps, tx, by, key, { action: 'quarantine.replayed', after }));
    return result;
  };
  /** Whether it was taken; one that was too long to be kept whole never is. */
  const isTaken = async (by: By, key: string, id: QuarantineId): Promise<boolean> => {
    try {
      return !('reason' in (await replay(by, key, id)));
    } catch (error) {
      if (error instanceof Problem && error.code === 'quarantine-cut') return false;
      throw error;
    }
  };
  return {
    replay,
    /** Each of those that wait; one that cannot be taken stays and says why. */
    replayAll: async (by: By, key: string) => {
      const rows = (await listQuarantined(db, key)).filter(({ dismissedAt }) => !dismissedAt);
      let taken = 0;
      for (const { id } of rows) taken += (await isTaken(by, key, id)) ? 1 : 0;
      return { taken, left: rows.length - taken };
    },
    /** Lets a record be, until it comes otherwise. */
    dismiss: async (by: By, key: string, id: QuarantineId, typed: string): Promise<void> => {
      const reason = reasonOf(typed);
      const { sourceId } = await getQuarantined(key, id);
      await transact(db, by.actor, async (tx) => {
        await dismissQuarantined(tx, id, reason, now());
        await recordIn(deps, tx, by, key, { action: 'quarantine.dismissed', reason, after: { sourceId } });
      });
    },
  };
};

/** What is laid over a listing, as it is kept and as the log keeps it. */
const saidIn = ({ categoryId, nameVi, nameEn, hiddenReason }: Pick<Overlay, Laid>): Pick<Overlay, Laid> => ({
  categoryId,
  nameVi,
  nameEn,
  hiddenReason,
});
type Laid = 'categoryId' | 'nameVi' | 'nameEn' | 'hiddenReason';
const textOf = (typed: string, most: number): string | null => clean(typed).slice(0, most) || null;

const createLaying = (deps: DeskDeps, { getRow }: Rows) => {
  const { db, now, audit } = deps;
  const layIn = async (tx: Tx, by: By, key: string, uri: string, said: Pick<Overlay, Laid>): Promise<void> => {
    const before = (await listOverlays(tx, key, [uri])).get(uri);
    await saveOverlay(tx, { ...said, partnerKey: key, uri, updatedBy: by.actor, updatedAt: now() });
    // A partner that is shut out stays hidden; what was laid holds when it comes back.
    const partner = await findPartner(tx, key);
    if (partner && SHOWN_STATES.includes(partner.state)) await mirrorListings(tx, deps, key, [uri]);
    await audit.record(tx, {
      action: said.hiddenReason ? 'partner-listing.hidden' : 'partner-listing.overlaid',
      subject: { kind: 'partner-listing', id: uri },
      before: before && saidIn(before),
      after: said,
      reason: said.hiddenReason ?? undefined,
      address: by.address,
    });
  };
  return {
    /** Lays our words over a listing of a partner, and shows it so at once. */
    lay: async (by: By, key: string, uri: string, { categoryId, ...typed }: Lay): Promise<void> => {
      await getRow(key);
      const known = categoryId === null || [...(await listCategoryIds(db)).values()].includes(categoryId);
      if (!known) throw refuse('overlay-category-unknown', { errors: [{ pointer: '/categoryId' }] });
      const said = {
        categoryId,
        nameVi: textOf(typed.nameVi, 300),
        nameEn: textOf(typed.nameEn, 300),
        hiddenReason: textOf(typed.hiddenReason, maxReason),
      };
      await transact(db, by.actor, (tx) => layIn(tx, by, key, uri, said));
    },
  };
};

/** What officers see of the partner exchanges, and decide. */
export const createPartnerDesk = (deps: DeskDeps) => {
  const watching = createWatching(deps);
  return {
    ...watching,
    ...createExplaining(deps),
    ...createSteering(deps, watching),
    ...createHolding(deps),
    ...createLaying(deps, watching),
    ...createTwins(deps),
    ...createGuiding(deps.federation),
    preview: deps.federation.preview,
  };
};
