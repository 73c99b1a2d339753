/**
 * Keys of partners. The first is named by an agreement; each further one is announced in the partner's profile a week ahead and
 * endorsed by the one before. A profile is unsigned, so it proves nothing by itself: what it says is believed as far as the
 * endorsement goes, and what we revoked stays revoked whatever it says.
 */
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import { PullFailure } from '#federation/engine/failure.ts';
import type { PeerHttp } from '#federation/engine/http.ts';
import { fetchProfile } from '#federation/engine/profile.ts';
import type { Profile } from '#federation/protocol/documents.ts';
import { isEndorsed } from '#federation/protocol/joining.ts';
import { publicKeyOf, thumbprint } from '#federation/protocol/keys.ts';
import { claimProfiles, findByKeyid, insertRevoked, isRevoked, listRevoked, saveKeys } from './queries/keys.ts';
import { findPartner, type PartnerRow } from './queries.ts';
import { countsFrom, countsNow, isTurn } from './rules/keys.ts';
import { type Because, getLocked, type MoveDeps, movePartner } from './states.ts';
import { federationProblems } from './types.ts';

const refuse = refusals(federationProblems);
export const PROFILE_QUEUE = 'federation.profile';

type Deps = MoveDeps & { readonly db: Db; readonly jobs: Pick<Jobs, 'add'>; readonly http: PeerHttp };
type Published = Profile['keys'][number];
type Change = Partial<Pick<PartnerRow, 'keyid' | 'jwk' | 'keyUntil' | 'nextKeyid' | 'nextJwk' | 'nextKeyFrom'>>;

const jwkOf = ({ kty, crv, x }: Published) => ({ kty, crv, x });
const noNext = { nextKeyid: null, nextJwk: null, nextKeyFrom: null } as const;

/** The key that the profile announces as the next one, if the present one says so. */
function announced({ keyid, jwk, origin }: PartnerRow, { keys }: Profile): (Published & { nbf: number }) | undefined {
  if (!keyid || !jwk || !origin) return undefined;
  return keys.find((one): one is Published & { nbf: number } => {
    const { kid, x, nbf, endorsement } = one;
    if (kid === keyid || nbf === undefined) return false;
    return isEndorsed(origin, { keyid, jwk }, { kid, x, nbf }, endorsement);
  });
}

/** What the profile changes about the keys of the partner. */
function changeOf(partner: PartnerRow, profile: Profile, revoked: ReadonlySet<string>, now: Date): Change {
  const present = profile.keys.find(({ kid }) => kid === partner.keyid);
  const keyUntil = present?.exp === undefined ? partner.keyUntil : new Date(present.exp * 1000);
  const published = profile.keys.map(({ kid }) => kid);
  if (isTurn({ ...partner, keyUntil }, published, now)) {
    const { nextKeyid: keyid, nextJwk: jwk } = partner;
    return { keyid, jwk, keyUntil: null, ...noNext };
  }
  const next = announced(partner, profile);
  if (!next || revoked.has(next.kid)) return { keyUntil, ...(isInForce(partner, now) ? {} : noNext) };
  if (next.kid === partner.nextKeyid) return { keyUntil };
  return { keyUntil, nextKeyid: next.kid, nextJwk: jwkOf(next), nextKeyFrom: countsFrom(next.nbf, now) };
}
const isInForce = ({ nextKeyFrom }: PartnerRow, now: Date): boolean => nextKeyFrom !== null && nextKeyFrom <= now;

/** Refuses a key that was revoked: no agreement brings it back. */
export async function refuseRevoked(tx: Db | Tx, keyid: string): Promise<void> {
  if (await isRevoked(tx, keyid)) throw refuse('partner-key-revoked', { keyid });
}

export const createKeys = (deps: Deps) => {
  const { db, jobs, http, now, audit } = deps;

  const recordKeys = (tx: Tx, partner: PartnerRow, action: string, after: object, because: Because = {}) =>
    audit.record(tx, {
      action,
      subject: { kind: 'partner', id: partner.key },
      before: { keyid: partner.keyid, nextKeyid: partner.nextKeyid },
      after,
      ...because,
    });

  const take = async (tx: Tx, key: string, profile: Profile): Promise<void> => {
    const partner = await getLocked(tx, key);
    const revoked = new Set((await listRevoked(tx, key)).map(({ keyid }) => keyid));
    const change = changeOf(partner, profile, revoked, now());
    await saveKeys(tx, key, change, now());
    if (change.keyid) await recordKeys(tx, partner, 'partner.key-rotated', { keyid: change.keyid });
    if (change.nextKeyid && change.nextKeyid !== partner.nextKeyid)
      await recordKeys(tx, partner, 'partner.key-announced', { nextKeyid: change.nextKeyid, from: change.nextKeyFrom });
  };

  /** Who is invited and is not pinned yet shows the key of its agreement in its profile. */
  const pin = async (tx: Tx, { key, keyid }: PartnerRow, profile: Profile): Promise<void> => {
    const found = profile.keys.find((one) => thumbprint(jwkOf(one)) === keyid);
    if (found) await saveKeys(tx, key, { jwk: jwkOf(found) }, now());
  };

  /** Reads the profile of a partner that was claimed for it, and takes from it what is to be believed. */
  const refresh = async (key: string): Promise<boolean> => {
    const partner = await findPartner(db, key);
    if (!partner) return false;
    try {
      const profile = await fetchProfile(http, new URL(partner.baseUrl));
      await transact(db, 'system:federation', (tx) =>
        partner.jwk ? take(tx, key, profile) : pin(tx, partner, profile),
      );
      return true;
    } catch (error) {
      if (error instanceof PullFailure) return false;
      throw error;
    }
  };

  /** A key that we do not know may be a new one of somebody we know: all are asked soon, nobody oftener than once a minute. */
  const askAround = async (): Promise<undefined> => {
    const claimed = await claimProfiles(db, now());
    if (claimed.length === 0) return undefined;
    const queued = claimed.map((partnerKey) => ({ partnerKey }));
    await transact(db, 'system:federation', (tx) => jobs.add(tx, PROFILE_QUEUE, queued));
    return undefined;
  };
  const refreshOne = async (key: string): Promise<boolean> =>
    (await claimProfiles(db, now(), key)).length > 0 && (await refresh(key));

  return {
    /** Of a partner whose turn was taken. */
    refreshClaimed: refresh,
    /** Once a minute at most; false when it was too soon, or there was nothing to read. */
    refreshProfile: refreshOne,
    /** Every partner's keys, once an hour. */
    refreshProfiles: async (): Promise<void> => {
      for (const key of await claimProfiles(db, now())) await refresh(key);
    },
    /** The key that a signature names, of a partner whose signatures are looked at, while it counts. */
    findKey: async (keyid: string) => {
      const known = await findByKeyid(db, keyid);
      if (!known) return await askAround();
      const isPinned = known.jwk !== null || (await refreshOne(known.key));
      const partner = known.jwk ? known : isPinned ? await findPartner(db, known.key) : undefined;
      const jwk = partner && jwkNamed(partner, keyid);
      if (!partner || !jwk || !countsNow(partner, keyid, now())) return undefined;
      return { partnerKey: partner.key, key: publicKeyOf(jwk) };
    },
    /**
     * Revokes a key of the partner at once. When the next key counts already it takes over; else nothing is left to prove who
     * speaks, and the partner is shut out until an agreement names another key.
     */
    revokeKey: (actor: string, key: string, keyid: string, because: Because & { readonly reason: string }) =>
      transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        const isNext = keyid === partner.nextKeyid;
        if (!isNext && keyid !== partner.keyid) throw refuse('partner-key-unknown', { keyid });
        await insertRevoked(tx, {
          keyid,
          partnerKey: key,
          revokedBy: actor,
          revokedAt: now(),
          reason: because.reason,
        });
        const takesOver = !isNext && isInForce(partner, now());
        const { nextKeyid, nextJwk } = partner;
        const change = takesOver ? { keyid: nextKeyid, jwk: nextJwk, keyUntil: null, ...noNext } : noNext;
        await saveKeys(tx, key, change, now());
        await recordKeys(tx, partner, 'partner.key-revoked', { revoked: keyid, takesOver }, because);
        if (!isNext && !takesOver && maySuspend(partner))
          await movePartner(tx, deps, partner, { to: 'suspended', action: 'partner.suspended', ...because });
      }),
  };
};

/** The key of a partner that a signature names: the present one, or the next. */
export const jwkNamed = ({ nextKeyid, nextJwk, jwk }: PartnerRow, keyid: string): PartnerRow['jwk'] =>
  keyid === nextKeyid ? nextJwk : jwk;

const maySuspend = ({ state }: PartnerRow): boolean =>
  state === 'proved' || state === 'sandbox' || state === 'probation' || state === 'active';
