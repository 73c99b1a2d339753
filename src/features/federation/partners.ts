import { refusals } from '#core/problem.ts';
import { slugify } from '#core/vietnamese.ts';
import { type Db, type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import type { PartnerEndpoint } from '#federation/adapters/adapter.ts';
import type { PeerHttp } from '#federation/engine/http.ts';
import { fetchProfile } from '#federation/engine/profile.ts';
import { PARTNERS } from '#federation/partners/partners.ts';
import { type PublicJwk, thumbprint } from '#federation/protocol/keys.ts';
import { refuseRevoked } from './keys.ts';
import type { MirrorDeps } from './mirror.ts';
import {
  findPartner,
  insertManifests,
  listLanes,
  listPartners,
  type NewPartner,
  nextTurn,
  type PartnerRow,
  savePartner,
} from './queries.ts';
import { ROAD } from './rules/states.ts';
import { showOrHide } from './showing.ts';
import { type Because, getLocked, grantVerbs, type MoveDeps, movePartner } from './states.ts';
import { federationProblems, type Verb } from './types.ts';
import { listMirroredListings } from './views.ts';

const refuse = refusals(federationProblems);
const defaultCadenceSeconds = 60;
/** How many listings of a partner are shown or hidden in one transaction. */
const followed = 500;
/** However often a partner nudges, a second lies between two questions, whether the first took long or not. */
const nudgedPauseSeconds = 1;
/** What is left of that second, in milliseconds. */
export const nudgedPause = (turnedAt: Date | null, now: Date): number => {
  const pauseMs = nudgedPauseSeconds * 1_000;
  return turnedAt ? Math.min(pauseMs, Math.max(0, pauseMs - (now.getTime() - turnedAt.getTime()))) : 0;
};

/**
 * One turn of a partner. Whoever takes it up waits `afterMs` first: a nudge comes to a process that serves, and none that
 * works would hear of a job that is queued for later.
 */
export type Turn = { readonly partnerKey: string; readonly turn: number; readonly afterMs?: number };

export const PULL_QUEUE = 'federation.pull';

export type Introduction = {
  readonly url: string;
  /** The thumbprint of their key, from the signed agreement and never from their server: nobody is trusted on first use. */
  readonly fingerprint: string;
  /** Of a manifest, or a new one. */
  readonly key?: string;
  readonly name?: string;
  readonly cadenceSeconds?: number;
};

type Deps = MirrorDeps &
  MoveDeps & {
    readonly db: Db;
    readonly jobs: Pick<Jobs, 'add'>;
    readonly http: PeerHttp;
    /** Our own origin. */
    readonly origin: string;
    readonly allowLoopback: boolean;
  };

/** What a node of our protocol begins with: no successor of its key, and no settings or secrets, which only foreign shops need. */
export const nativeBeginning = {
  adapter: 'native',
  keyUntil: null,
  nextKeyid: null,
  nextJwk: null,
  nextKeyFrom: null,
  settings: {},
  secretsSealed: null,
} as const;

/** The partner as the engine needs it; undefined until it was introduced or connected. */
export function endpointOf(row: PartnerRow): PartnerEndpoint | undefined {
  const { key, origin, adapter, keyid, jwk, settings, state } = row;
  if (!origin) return undefined;
  const isOnProbation = state === 'probation';
  const endpoint = { key, origin, baseUrl: new URL(row.baseUrl), adapter, settings, isOnProbation };
  if (adapter !== 'native') return endpoint;
  return keyid && jwk ? { ...endpoint, ...pinnedOf({ ...row, keyid, jwk }) } : undefined;
}

type Pinned = PartnerRow & { readonly keyid: string; readonly jwk: PublicJwk };
const pinnedOf = ({ keyid, jwk, keyUntil, nextKeyid, nextJwk, nextKeyFrom }: Pinned) => ({
  pinned: { keyid, jwk, ...(keyUntil ? { until: keyUntil } : {}) },
  ...(nextKeyid && nextJwk && nextKeyFrom ? { next: { keyid: nextKeyid, jwk: nextJwk, from: nextKeyFrom } } : {}),
});

/** The 11 exchanges of the manifests, inactive; rows that exist are left as they are. */
export const loadManifests = (tx: Tx): Promise<void> =>
  insertManifests(
    tx,
    PARTNERS.map(({ key, name, provinceSlug, adapter, baseUrl, cadenceMinutes, note }) => ({
      key,
      nameVi: name.vi,
      nameEn: name.en,
      provinceSlug,
      adapter,
      baseUrl,
      cadenceSeconds: cadenceMinutes * 60,
      note,
    })),
  );

/**
 * From the end of a turn to the next. One that could not be reached is tried again when its back-off or its breaker says so,
 * though its own turn may be an hour away: a nudge that ended in a failed pull would else be lost for as long.
 */
function pauseOf({ nudgedAt, cadenceSeconds, breaker }: PartnerRow, now: Date): number {
  if (breaker && breaker.outages > 0) {
    const left = (breaker.nextAttemptAt - now.getTime()) / 1_000;
    return Math.min(cadenceSeconds, Math.max(nudgedPauseSeconds, left));
  }
  return nudgedAt ? nudgedPauseSeconds : cadenceSeconds;
}

/**
 * Queues the next turn of an active partner: at once when a chain begins, where need be to wait `afterMs` then, after its
 * cadence when a turn `ended`, sooner when it has told us meanwhile that there is news or could not be reached.
 * Nothing is queued for a partner that is not let in, or when another job ended the turn.
 */
export async function queueTurn(
  tx: Tx,
  { jobs, now }: Pick<Deps, 'jobs' | 'now'>,
  key: string,
  { ended, afterMs = 0 }: { readonly ended?: number; readonly afterMs?: number } = {},
) {
  const partner = await nextTurn(tx, key, now(), ended);
  if (!partner) return;
  const afterSeconds = ended === undefined ? 0 : pauseOf(partner, now());
  const turn: Turn = { partnerKey: key, turn: partner.turn, ...(afterMs > 0 ? { afterMs } : {}) };
  await jobs.add(tx, PULL_QUEUE, [turn], { afterSeconds });
}

/** Whoever speaks our protocol may all that two exchanges do; a shop is read, and nothing more. */
const verbsOf = ({ adapter }: Pick<PartnerRow, 'adapter'>): readonly Verb[] =>
  adapter === 'native' ? ['pull', 'push', 'quote', 'order'] : ['pull'];

/** An agreement stands: what it names is known, and who it names can be asked to prove it. */
export async function invited(tx: Tx, deps: MoveDeps, partner: PartnerRow, because: Because = {}): Promise<PartnerRow> {
  if (partner.state !== 'inactive') return partner;
  await movePartner(tx, deps, partner, { to: 'invited', action: 'partner.invited', ...because });
  return { ...partner, state: 'invited' };
}

export const createPartners = (deps: Deps) => {
  const { db, now, origin: self } = deps;

  const getReady = async (tx: Tx, key: string): Promise<PartnerRow> => {
    const partner = await getLocked(tx, key);
    if (!endpointOf(partner)) throw refuse('partner-not-ready', { key });
    return partner;
  };

  /** All steps at once, each of them logged: for exchanges of one house, which have nothing to prove to each other. */
  const walkIn = async (tx: Tx, actor: string, partner: PartnerRow, told: Because): Promise<void> => {
    const because = { reason: 'loopback', ...told };
    if (!deps.allowLoopback) throw refuse('partner-not-promoted', { from: partner.state });
    let { state } = partner;
    for (const to of ROAD.slice(ROAD.indexOf(state) + 1)) {
      await movePartner(tx, deps, { ...partner, state }, { to, action: 'partner.walked-in', ...because });
      state = to;
    }
    await grantVerbs(tx, deps, partner.key, verbsOf(partner), actor);
  };

  /**
   * Has listings and index follow what the partner's state has decided for all of them already, some hundreds at a time: it
   * may stop half-way without harm, and done again it ends the rest.
   */
  const follow = async (actor: string, key: string): Promise<void> => {
    const uris = await listMirroredListings(db, key);
    for (let from = 0; from < uris.length; from += followed)
      await transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        await showOrHide(tx, deps, partner, uris.slice(from, from + followed));
      });
  };

  const resume = async (tx: Tx, actor: string, partner: PartnerRow, because: Because): Promise<void> => {
    const { state, resumesTo } = partner;
    if (state === 'active') return;
    if (state !== 'suspended' || resumesTo === null) return await walkIn(tx, actor, partner, because);
    if (partner.keyid) await refuseRevoked(tx, partner.keyid);
    await movePartner(tx, deps, partner, { to: resumesTo, action: 'partner.resumed', ...because });
  };

  return {
    /** Throws `partner-not-found`. */
    getPartner: async (key: string): Promise<PartnerRow> => {
      const partner = await findPartner(db, key);
      if (!partner) throw refuse('partner-not-found', { key });
      return partner;
    },
    /** With how the pull of each lane stands. */
    listPartners: async () => {
      const [rows, lanes] = [await listPartners(db), await listLanes(db)];
      return rows.map(({ secretsSealed, ...row }) => ({
        ...row,
        hasSecrets: secretsSealed !== null,
        lanes: lanes.filter(({ partnerKey }) => partnerKey === row.key),
      }));
    },
    /**
     * Reads the partner's profile and pins the key that the fingerprint names. Its agreement
     * stands then, and nothing more. Introducing it again, with a new address or key, replaces what was pinned.
     */
    introduce: async (actor: string, introduction: Introduction): Promise<PartnerRow> => {
      const found = await readProfile(deps.http, introduction);
      if (found.origin === self) throw refuse('partner-is-ourselves', { origin: self });
      await refuseRevoked(db, introduction.fingerprint);
      const row = await introducedRow(db, introduction, found, now());
      return await transact(db, actor, async (tx) => invited(tx, deps, await savePartner(tx, row))).catch(
        (error: unknown) => {
          const taken = ['partners_origin', 'partners_keyid'].includes(violatedConstraint(error) ?? '');
          throw taken ? refuse('partner-key-taken', { origin: found.origin }) : error;
        },
      );
    },
    /**
     * Lets a suspended partner go on where it stood. On a machine whose exchanges speak over loopback it lets in whoever was
     * introduced; elsewhere the road has no short cut.
     */
    activate: async (actor: string, key: string, because: Because = {}): Promise<void> => {
      await transact(db, actor, async (tx) => {
        const partner = await getReady(tx, key);
        await resume(tx, actor, partner, because);
        await queueTurn(tx, deps, key);
      });
      await follow(actor, key);
    },
    /** Shuts the partner out at once: its key opens nothing, its listings leave the shop. Nothing of it is deleted. */
    suspend: async (actor: string, key: string, because: Because = {}): Promise<void> => {
      await transact(db, actor, async (tx) => {
        const partner = await getReady(tx, key);
        await movePartner(tx, deps, partner, { to: 'suspended', action: 'partner.suspended', ...because });
      });
      await follow(actor, key);
    },
    /** Ends it for good: shut out like a suspended one, and only a new agreement begins anew. */
    retire: async (actor: string, key: string, because: Because = {}): Promise<void> => {
      await transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        await movePartner(tx, deps, partner, { to: 'retired', action: 'partner.retired', ...because });
        await grantVerbs(tx, deps, key, [], actor);
      });
      await follow(actor, key);
    },
  };
};

async function readProfile(http: PeerHttp, { url, fingerprint }: Introduction) {
  const baseUrl = URL.parse(url);
  if (!baseUrl) throw refuse('partner-unreachable', { reason: `${url} is no address` });
  const profile = await fetchProfile(http, baseUrl).catch((error: Error) => {
    throw refuse('partner-unreachable', { reason: error.message });
  });
  const key = profile.keys.find(({ kty, crv, x }) => thumbprint({ kty, crv, x }) === fingerprint);
  if (!key) {
    throw refuse('partner-fingerprint-mismatch', { fingerprint, offered: profile.keys.map(({ kid }) => kid) });
  }
  const { origin, name } = profile.exchange;
  return { baseUrl: baseUrl.origin, origin, name, jwk: { kty: key.kty, crv: key.crv, x: key.x } };
}

async function introducedRow(
  db: Db,
  { fingerprint, key, name, cadenceSeconds }: Introduction,
  found: Awaited<ReturnType<typeof readProfile>>,
  now: Date,
): Promise<NewPartner> {
  const known = key ? await findPartner(db, key) : undefined;
  return {
    key: key ?? slugify(found.origin),
    nameVi: name ?? known?.nameVi ?? found.name.vi,
    nameEn: name ?? known?.nameEn ?? found.name.en ?? found.name.vi,
    provinceSlug: known?.provinceSlug ?? null,
    ...nativeBeginning,
    baseUrl: found.baseUrl,
    cadenceSeconds: cadenceSeconds ?? known?.cadenceSeconds ?? defaultCadenceSeconds,
    origin: found.origin,
    keyid: fingerprint,
    jwk: found.jwk,
    updatedAt: now,
  };
}
