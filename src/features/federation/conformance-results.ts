import { createHash, verify } from 'node:crypto';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Jobs } from '#db/jobs.ts';
import { canonicalForm } from '#federation/protocol/canonical.ts';
import { PROTOCOL_VERSION } from '#federation/protocol/documents.ts';
import { publicKeyOf } from '#federation/protocol/keys.ts';
import { queueTurn } from './partners.ts';
import { findConformance, insertConformance } from './queries/onboarding.ts';
import type { PartnerRow } from './queries.ts';
import { countsNow } from './rules/keys.ts';
import { readConformance } from './rules/onboarding.ts';
import { type Because, getLocked, grantVerbs, type MoveDeps, movePartner } from './states.ts';
import { federationProblems, type SignedResult } from './types.ts';

const refuse = refusals(federationProblems);
type Deps = MoveDeps & { readonly db: Db; readonly jobs: Pick<Jobs, 'add'> };

/** Refuses a result that a key of this partner did not sign, as it stands. */
function checkGenuine(partner: PartnerRow, { payload, signature }: SignedResult, now: Date): void {
  const { keyid } = signature;
  const jwk = keyid === partner.nextKeyid ? partner.nextJwk : partner.jwk;
  const isTheirs = jwk !== null && countsNow(partner, keyid, now);
  if (!isTheirs || !isSigned(payload, signature.value, jwk)) throw refuse('conformance-not-genuine');
}

function isSigned(payload: object, value: string, jwk: NonNullable<PartnerRow['jwk']>): boolean {
  try {
    return verify(null, Buffer.from(canonicalForm(payload)), publicKeyOf(jwk), Buffer.from(value, 'base64'));
  } catch {
    return false;
  }
}

/** Refuses a JUnit file that is not the one whose hash was signed. */
function checkJunit({ payload }: SignedResult, junit: string | undefined): void {
  if (junit === undefined) return;
  if (createHash('sha256').update(junit).digest('hex') !== payload.junitSha256) throw refuse('conformance-not-genuine');
}

/** The sandbox: whoever shows what the kit found there is read, to be judged and not yet to be shown. */
export const createConformance = (deps: Deps) => {
  const { db, now } = deps;

  const enter = async (tx: Tx, actor: string, partner: PartnerRow, detail: object, because: Because) => {
    if (partner.state !== 'proved') return;
    await movePartner(tx, deps, partner, {
      to: 'sandbox',
      action: 'partner.conformed',
      detail: { ...detail },
      ...because,
    });
    await grantVerbs(tx, deps, partner.key, ['pull'], actor);
    await queueTurn(tx, deps, partner.key);
  };

  return {
    /**
     * Takes a result of the kit, `result.signed.json`, from the partner itself or from an officer. A partner that has proved
     * its key enters the sandbox by it; later ones are kept as what it reached then.
     */
    takeConformance: (actor: string, key: string, signed: SignedResult, junit?: string, because: Because = {}) =>
      transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        checkGenuine(partner, signed, now());
        checkJunit(signed, junit);
        const facts = readConformance(
          signed.payload,
          { origin: partner.origin ?? '', version: PROTOCOL_VERSION },
          now(),
        );
        const row = { ...facts, partnerKey: key, keyid: signed.signature.keyid, signed, junit: junit ?? null };
        await insertConformance(tx, {
          ...row,
          id: newId<'ConformanceResult'>(),
          receivedAt: now(),
          receivedFrom: actor,
        });
        await enter(tx, actor, partner, { level: facts.level, profile: facts.profile, ranAt: facts.ranAt }, because);
        return facts;
      }),
    /** A shop that speaks no protocol of ours has nothing to run: an officer lets it into the sandbox. */
    openSandbox: (actor: string, key: string, because: Because = {}): Promise<void> =>
      transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        if (partner.adapter === 'native') throw refuse('conformance-not-reached', { reason: 'no result came' });
        await enter(tx, actor, partner, { adapter: partner.adapter }, because);
      }),
    findConformance: (key: string) => findConformance(db, key),
  };
};
