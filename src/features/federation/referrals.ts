import { newId, newSecret } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Reader, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import { mayAttempt } from '#federation/engine/breaker.ts';
import { askWhetherThere, type Liveness } from '#federation/engine/live.ts';
import { reportConversion } from '#federation/engine/push.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import { type NodeIdentity, publicKeyOf } from '#federation/protocol/keys.ts';
import { type Conversion, REFERRAL_PARAMETER, readReferral, signReferral } from '#federation/protocol/referral.ts';
import { parseUri } from '#federation/protocol/uri.ts';
import { jwkNamed } from './keys.ts';
import { offerUriOf } from './mirror.ts';
import { endpointOf } from './partners.ts';
import { findByKeyid } from './queries/keys.ts';
import {
  findReferral,
  insertReferral,
  listUnreported,
  lockReferral,
  saveConversion,
  saveOrdered,
  saveReported,
} from './queries/referrals.ts';
import { findPartner, type PartnerRow } from './queries.ts';
import { countsNow } from './rules/keys.ts';
import { SHOWN_STATES } from './rules/states.ts';
import { federationProblems, type ReferralId } from './types.ts';
import { findGoodsPaid, findReferredListing, listReferralDays, type ReferredListing } from './views/referrals.ts';
import { listLiveRecords } from './views.ts';

export const REPORT_QUEUE = 'federation.report-conversion';
const refuse = refusals(federationProblems);
/** A shopper waits no longer for a partner to say that the goods are still there. */
const liveBudgetMs = 300;
/** However many shoppers leave for one partner at once, it is asked for so many of them. */
const liveAtOnce = 4;
const dayMs = 24 * 3_600_000;
const shownDays = 31;
const shownRows = 1_000;

/** Where a shopper is led, or why not. */
export type WayOut =
  | { readonly state: 'open'; readonly address: string }
  | { readonly state: 'sold-out' | 'gone'; readonly listing: ReferredListing };

type Deps = {
  readonly db: Db;
  readonly jobs: Pick<Jobs, 'add'>;
  readonly engineOf: (partner: PartnerRow) => EngineDeps;
  readonly identity: NodeIdentity;
  /** Our own origin. */
  readonly origin: string;
  readonly allowLoopback: boolean;
};

/**
 * The page of the listing, if it lies on a host that the partner's agreement names. It was checked when the record came;
 * this is the last door, whatever the row says by now.
 */
function registeredAddress(row: PartnerRow, landingUrl: string, allowLoopback: boolean): URL | undefined {
  const url = URL.parse(landingUrl);
  const hosts = [row.origin, URL.parse(row.baseUrl)?.host];
  const isSafe = url?.protocol === 'https:' || (allowLoopback && url?.protocol === 'http:');
  return url && isSafe && !url.username && !url.password && hosts.includes(url.host) ? url : undefined;
}

/** A partner that is let be after a failure, or is away, is not asked in passing. */
const isResting = ({ breaker }: PartnerRow, now: Date): boolean =>
  breaker !== null && (breaker.isOpen || !mayAttempt(breaker, now.getTime()));

/** What partners are asked in passing while shoppers leave for them; memory alone, nothing depends on it. */
function createLiveCheck({ db, engineOf }: Pick<Deps, 'db' | 'engineOf'>) {
  const asking = new Map<string, number>();
  const count = (key: string, more: number): void => void asking.set(key, (asking.get(key) ?? 0) + more);
  return async (row: PartnerRow, listingUri: string): Promise<Liveness> => {
    const partner = endpointOf(row);
    const engine = engineOf(row);
    if (!partner || isResting(row, engine.now()) || (asking.get(row.key) ?? 0) >= liveAtOnce) return 'unknown';
    const offerUri = offerUriOf(await listLiveRecords(db, row.key, [listingUri]));
    if (offerUri === undefined) return 'unknown';
    count(row.key, 1);
    try {
      return await askWhetherThere({ ...engine, partner }, engine.adapterFor(partner), offerUri, liveBudgetMs);
    } finally {
      count(row.key, -1);
    }
  };
}

/** Shoppers who go to a partner to buy there. */
const createDepartures = (deps: Deps) => {
  const { db, engineOf, identity, origin, allowLoopback } = deps;
  const askLive = createLiveCheck(deps);
  const actor = 'system:federation';

  const depart = async (row: PartnerRow, uri: string, address: URL): Promise<string> => {
    const now = engineOf(row).now();
    const jti = newSecret();
    const token = await signReferral({ iss: origin, aud: row.origin ?? '', sub: uri, jti }, identity, now);
    const sent = { id: newId<'Referral'>(), direction: 'sent' as const, partnerKey: row.key, jti, uri, at: now };
    await transact(db, actor, (tx) => insertReferral(tx, sent));
    address.searchParams.set(REFERRAL_PARAMETER, token);
    return address.href;
  };

  return {
    /**
     * The way to a partner's listing. `unasked` skips the question whether the goods are still there, for who wants to see
     * for themselves. Undefined for a uri that no partner of ours has named.
     */
    refer: async (uri: string, { unasked = false } = {}): Promise<WayOut | undefined> => {
      const listing = await findReferredListing(db, uri, parseUri(uri)?.origin ?? '');
      const row = listing && (await findPartner(db, listing.partnerKey));
      if (!row) return undefined;
      const address = registeredAddress(row, listing.landingUrl, allowLoopback);
      if (!listing.isShown || !address) return { state: 'gone', listing };
      const live = unasked ? 'unknown' : await askLive(row, uri);
      if (live === 'gone' || live === 'sold-out') return { state: live, listing };
      return { state: 'open', address: await depart(row, uri, address) };
    },
  };
};

/** The visit that a token of a partner of ours tells of; undefined where it is not one to believe. */
async function visitOf(reader: Reader, { origin }: Pick<Deps, 'origin'>, token: string, now: Date) {
  let row: PartnerRow | undefined;
  const keyFor = async (keyid: string) => {
    row = await findByKeyid(reader, keyid);
    const jwk = row && jwkNamed(row, keyid);
    return row && jwk && countsNow(row, keyid, now) ? publicKeyOf(jwk) : undefined;
  };
  const said = await readReferral(token, { aud: origin, now, keyFor });
  if (!said || !row || said.iss !== row.origin || !SHOWN_STATES.includes(row.state)) return undefined;
  const { jti, sub: uri } = said;
  return { id: newId<'Referral'>(), direction: 'received' as const, partnerKey: row.key, jti, uri, at: now };
}

/** Shoppers whom partners send to us, and what they buy here. */
const createArrivals = (deps: Deps, clock: () => Date) => {
  const { db, jobs, engineOf } = deps;
  const actor = 'system:federation';
  return {
    /** Remembers a visit that a partner of ours has sent, once per token; undefined where the token is not one to believe. */
    arrive: async (token: string): Promise<ReferralId | undefined> => {
      const visit = await visitOf(db, deps, token, clock());
      return visit && ((await transact(db, actor, (tx) => insertReferral(tx, visit))) ? visit.id : undefined);
    },
    /** The visit has placed an order: in the transaction that placed it. */
    noteOrdered: (tx: Tx, id: ReferralId, groupCode: string): Promise<void> => saveOrdered(tx, id, groupCode),
    /** The same for a program that brings the token itself, whether it showed a page of ours before or not. */
    noteToken: async (tx: Tx, token: string, groupCode: string): Promise<void> => {
      const visit = await visitOf(tx, deps, token, clock());
      if (!visit) return;
      await insertReferral(tx, visit);
      const known = await lockReferral(tx, visit);
      if (known) await saveOrdered(tx, known.id, groupCode);
    },
    /** An order is paid: where its visit was sent by a partner, that one is told. */
    convert: (groupId: OrderGroupId): Promise<void> =>
      transact(db, actor, async (tx) => {
        const paid = await findGoodsPaid(tx, groupId);
        if (!paid) return;
        await saveConversion(tx, paid.referralId, clock(), paid.goodsVnd);
        await jobs.add(tx, REPORT_QUEUE, [{ referralId: paid.referralId }]);
      }),
    /** Throws when the partner does not take it, so that it is tried again. */
    reportConversion: async (id: ReferralId): Promise<void> => {
      const referral = await findReferral(db, id);
      if (!referral?.convertedAt || referral.reportedAt) return;
      const row = await findPartner(db, referral.partnerKey);
      const partner = row && SHOWN_STATES.includes(row.state) ? endpointOf(row) : undefined;
      if (!row || !partner) return;
      await reportConversion({ ...engineOf(row), partner }, referral.jti, {
        uri: referral.uri,
        at: referral.convertedAt.toISOString(),
        goods: { amount: referral.goodsVnd ?? 0, currency: 'VND', taxIncluded: true },
      });
      await transact(db, actor, (tx) => saveReported(tx, id, clock()));
    },
    /** Partners that were away for longer than the job tried are told again, for a week. */
    reportAgain: () => transact(db, actor, async (tx) => jobs.add(tx, REPORT_QUEUE, await listUnreported(tx, clock()))),
  };
};

/** The way from one exchange to another, and the ledger of what came of it. */
export const createReferrals = (deps: Deps, now: () => Date) => ({
  ...createDepartures(deps),
  ...createArrivals(deps, now),
  /** A partner says that a shopper whom we had sent has bought. The first report stands, however often it comes. */
  recordConversion: (
    partnerKey: string,
    jti: string,
    { uri, at, goods }: Conversion,
  ): Promise<'recorded' | 'duplicate'> =>
    transact(deps.db, `partner:${partnerKey}`, async (tx) => {
      const referral = await lockReferral(tx, { direction: 'sent', partnerKey, jti });
      if (!referral || referral.uri !== uri) throw refuse('unknown-referral', { jti, retryable: false });
      if (referral.convertedAt) return 'duplicate';
      await saveConversion(tx, referral.id, boundedInstant(at, referral.at, now()), vnd(goods.amount));
      return 'recorded';
    }),
  /** The last month: visits and orders per day, partner and way, the latest first. */
  listReferralDays: () => listReferralDays(deps.db, new Date(now().getTime() - shownDays * dayMs), shownRows),
});

/** What the partner says of when, as far as it can be: after the shopper was sent, and not in the future. */
function boundedInstant(text: string, from: Date, to: Date): Date {
  const said = Date.parse(text);
  const ms = Number.isNaN(said) ? to.getTime() : Math.min(Math.max(said, from.getTime()), to.getTime());
  return new Date(ms);
}
