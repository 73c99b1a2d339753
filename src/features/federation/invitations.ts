/** How an exchange proves that it holds the key of its agreement: invited by a code, and asked on the spot, both ways. */
import { createHash, randomBytes } from 'node:crypto';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { slugify } from '#core/vietnamese.ts';
import { type Db, type Tx, transact, violatedConstraint } from '#db/client.ts';
import { checkTaxCode } from '#features/businesses/index.ts';
import type { Ctx, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { PullFailure } from '#federation/engine/failure.ts';
import { fetchProfile } from '#federation/engine/profile.ts';
import { challengePeer, joinPeer } from '#federation/engine/push.ts';
import type { EngineDeps } from '#federation/engine/visit.ts';
import type { Profile } from '#federation/protocol/documents.ts';
import type { Joined } from '#federation/protocol/joining.ts';
import { ORIGIN_PATTERN } from '#federation/protocol/uri.ts';
import { refuseRevoked } from './keys.ts';
import { endpointOf, nativeBeginning } from './partners.ts';
import { forgetCheckpoints } from './queries/connections.ts';
import { saveKeys } from './queries/keys.ts';
import { findInvitation, type InvitationRow, insertInvitation, redeemInvitation } from './queries/onboarding.ts';
import { findPartner, type NewPartner, type PartnerRow, savePartner } from './queries.ts';
import { checkInvitation, codeAsTyped, INVITATION_MS } from './rules/onboarding.ts';
import { checkMove } from './rules/states.ts';
import { type Because, getLocked, type MoveDeps, movePartner } from './states.ts';
import { federationProblems, type InvitationId } from './types.ts';

const refuse = refusals(federationProblems);
const defaultCadenceSeconds = 60;
const isDomain = new RegExp(ORIGIN_PATTERN);
const isFingerprint = /^[A-Za-z0-9_-]{43}$/;

/** What the signed agreement says of an exchange. */
export type Agreement = {
  readonly domain: string;
  readonly legalEntity: string;
  readonly taxCode: string;
  readonly fingerprint: string;
  /** Of a manifest, or a new one. */
  readonly key?: string | undefined;
  readonly name?: string | undefined;
};

type Deps = MoveDeps & {
  readonly db: Db;
  readonly engine: EngineDeps;
  /** As the engine uses one partner: with the secrets of that one. */
  readonly engineOf: (partner: PartnerRow) => EngineDeps;
  readonly allowLoopback: boolean;
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** 24 letters and digits, 120 bits, in groups that can be read out. */
function makeCode(): string {
  const letters = Array.from(randomBytes(24), (byte) => alphabet[byte % alphabet.length]).join('');
  return letters.replace(/(.{4})(?!$)/g, '$1-');
}
const hashOf = (code: string): string => createHash('sha256').update(codeAsTyped(code)).digest('hex');

const isHere = (domain: string): boolean => /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(domain);

/** Exchanges of one machine speak plain HTTP to each other, all others HTTPS. */
function addressOf(domain: string, allowLoopback: boolean): string {
  if (!isDomain.test(domain)) throw refuse('partner-domain-invalid', { errors: [{ pointer: '/domain' }] });
  return `${allowLoopback && isHere(domain) ? 'http' : 'https'}://${domain}`;
}

function checkAgreement({
  fingerprint,
  taxCode,
  legalEntity,
}: Agreement): Pick<InvitationRow, 'taxCode' | 'legalEntity'> {
  if (!isFingerprint.test(fingerprint))
    throw refuse('partner-fingerprint-invalid', { errors: [{ pointer: '/fingerprint' }] });
  const entity = legalEntity.trim().slice(0, 300);
  if (entity === '') throw refuse('agreement-incomplete', { errors: [{ pointer: '/legalEntity' }] });
  return { taxCode: checkTaxCode(taxCode), legalEntity: entity };
}

/** The row of a partner that is known by its agreement alone. Its key is pinned when its profile shows it. */
const rowOf = (agreement: Agreement, known: PartnerRow | undefined, baseUrl: string, now: Date): NewPartner => ({
  key: agreement.key ?? slugify(agreement.domain),
  nameVi: agreement.name ?? known?.nameVi ?? agreement.legalEntity,
  nameEn: agreement.name ?? known?.nameEn ?? agreement.legalEntity,
  ...nativeBeginning,
  baseUrl,
  cadenceSeconds: known?.cadenceSeconds ?? defaultCadenceSeconds,
  origin: agreement.domain,
  keyid: agreement.fingerprint,
  jwk: null,
  updatedAt: now,
});

const failed = (error: unknown): never => {
  if (error instanceof PullFailure) throw refuse('challenge-failed', { reason: error.message.slice(0, 300) });
  throw error;
};

/** The key of the agreement, as the partner's own profile shows it. */
function keyIn(profile: Profile, keyid: string | null) {
  const found = profile.keys.find(({ kid }) => kid === keyid);
  if (!found) throw refuse('partner-fingerprint-mismatch', { fingerprint: keyid });
  return { kty: found.kty, crv: found.crv, x: found.x };
}

/** Inviting an exchange whose agreement is signed. */
const createInviting = (deps: Deps) => {
  const { db, now, engine } = deps;
  return {
    /** Invites an exchange by what its agreement says. The code is in the answer and nowhere else. */
    invite: async (actor: string, agreement: Agreement, because: Because = {}) => {
      const said = checkAgreement(agreement);
      const baseUrl = addressOf(agreement.domain, deps.allowLoopback);
      if (agreement.domain === engine.self) throw refuse('partner-is-ourselves', { origin: engine.self });
      await refuseRevoked(db, agreement.fingerprint);
      const code = makeCode();
      const [createdAt, expiresAt] = [now(), new Date(now().getTime() + INVITATION_MS)];
      const { domain, fingerprint } = agreement;
      const save = async (tx: Tx): Promise<PartnerRow> => {
        const known = await findPartner(tx, agreement.key ?? slugify(domain));
        if (known && known.state !== 'invited') checkMove(known, 'invited');
        const partner = await savePartner(tx, rowOf(agreement, known, baseUrl, createdAt));
        await forgetCheckpoints(tx, partner.key);
        await insertInvitation(tx, {
          ...said,
          id: newId<'Invitation'>(),
          partnerKey: partner.key,
          codeHash: hashOf(code),
          domain,
          fingerprint,
          createdBy: actor,
          createdAt,
          expiresAt,
        });
        const detail = { domain, fingerprint, ...said };
        if (partner.state !== 'invited')
          await movePartner(tx, deps, partner, { to: 'invited', action: 'partner.invited', detail, ...because });
        else await recordAgain(tx, deps, partner.key, detail, because);
        return partner;
      };
      const partner = await transact(db, actor, save).catch((error: unknown) => {
        const taken = ['partners_origin', 'partners_keyid'].includes(violatedConstraint(error) ?? '');
        throw taken ? refuse('partner-key-taken', { origin: domain }) : error;
      });
      return { key: partner.key, code, expiresAt };
    },
  };
};

export const createInvitations = (deps: Deps) => {
  const { db, now, engine, engineOf } = deps;

  const ready = (partner: PartnerRow): PartnerEndpoint => {
    const endpoint = endpointOf(partner);
    if (!endpoint) throw refuse('partner-not-ready', { key: partner.key });
    return endpoint;
  };
  const ctxOf = (partner: PartnerRow): Ctx => ({ ...engineOf(partner), partner: ready(partner) });

  /** Reads the profile and has the partner prove on the spot who it is. A foreign system proves that it can be read. */
  const prove = async (partner: PartnerRow): Promise<PartnerRow> => {
    if (partner.adapter !== 'native') {
      const ctx = ctxOf(partner);
      for await (const _page of engine.adapterFor(ctx.partner).pull(ctx, 'catalogue', undefined)) break;
      return partner;
    }
    const profile = await fetchProfile(engine.http, new URL(partner.baseUrl));
    const proving = { ...partner, jwk: keyIn(profile, partner.keyid) };
    await challengePeer(ctxOf(proving));
    return proving;
  };

  const saveProved = async (tx: Tx, { jwk }: PartnerRow, key: string, how: string, because: Because) => {
    const partner = await getLocked(tx, key);
    if (jwk && !partner.jwk) await saveKeys(tx, key, { jwk }, now());
    await movePartner(tx, deps, partner, { to: 'proved', action: 'partner.proved', detail: { how }, ...because });
  };

  return {
    ...createInviting(deps),
    /** A partner redeems its invitation: it signed the request, and is asked in turn before the code is used up. */
    join: async (key: string, { code, challenge }: { readonly code: string; readonly challenge: string }) => {
      const partner = await findPartner(db, key);
      if (!partner) throw refuse('partner-not-found', { key });
      const invitation = checkInvitation(await findInvitation(db, key, hashOf(code)), now());
      const proved = await prove(partner).catch(failed);
      await transact(db, `partner:${key}`, async (tx) => {
        const isRedeemed = await redeemInvitation(tx, invitation.id as InvitationId, now());
        if (!isRedeemed) throw refuse('invitation-used');
        await saveProved(tx, proved, key, 'invitation', {});
      });
      return { origin: engine.self, partner: key, state: 'proved', challenge };
    },
    /** An officer has the partner prove its key now, without a code. */
    prove: async (actor: string, key: string, because: Because = {}): Promise<void> => {
      const partner = await findPartner(db, key);
      if (!partner) throw refuse('partner-not-found', { key });
      checkMove(partner, 'proved');
      const proved = await prove(partner).catch(failed);
      await transact(db, actor, (tx) => saveProved(tx, proved, key, 'challenge', because));
    },
    /** Redeems a code that another exchange gave us, whose agreement we have written down under `key`. */
    joinAt: async (actor: string, key: string, code: string): Promise<Joined> => {
      const partner = await findPartner(db, key);
      if (!partner) throw refuse('partner-not-found', { key });
      const profile = await fetchProfile(engine.http, new URL(partner.baseUrl)).catch(failed);
      const proving = { ...partner, jwk: partner.jwk ?? keyIn(profile, partner.keyid) };
      // It asks us in turn before it answers, so its key must be known by then.
      await transact(db, actor, (tx) => saveKeys(tx, key, { jwk: proving.jwk }, now()));
      const joined = await joinPeer(ctxOf(proving), code).catch(failed);
      if (partner.state === 'invited') await transact(db, actor, (tx) => saveProved(tx, proving, key, 'joined', {}));
      return joined;
    },
  };
};

const recordAgain = (tx: Tx, { audit }: MoveDeps, key: string, detail: object, because: Because): Promise<void> =>
  audit.record(tx, { action: 'partner.invited', subject: { kind: 'partner', id: key }, after: detail, ...because });
