import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { transact } from '#db/client.ts';
import { actorOf, type Holder, hashOf, type IdentityDeps, newToken } from './deps.ts';
import type { Factors } from './factors.ts';
import { findAccount } from './queries/accounts.ts';
import {
  findPasskey,
  insertChallenge,
  insertPasskey,
  listFactors,
  listPasskeysOf,
  lockPasskey,
  type PasskeyRow,
  savePasskey,
  takeChallenge,
} from './queries/factors.ts';
import { deviceName } from './rules.ts';
import type { Sessions } from './sessions.ts';
import { type Ceremony, identityProblems, type Opened, type Visit } from './types.ts';

const refuse = refusals(identityProblems);
type Parts = { readonly sessions: Sessions; readonly factors: Factors };

/** With its readers of certificates it is large: loaded when the first passkey is seen, not at every start. */
const loadWebauthn = () => import('@simplewebauthn/server');

const challengeLifeMs = 5 * 60_000;
const siteName = 'Chợ Nổi';
const idsOf = (keys: readonly PasskeyRow[]) => keys.map(({ credentialId }) => ({ id: credentialId }));

/** Challenges: each asked of one browser, for one thing, in one session, once. */
function createChallenges({ db, now }: IdentityDeps) {
  const ask = async (ceremony: Ceremony, challenge: string, holder: Holder | undefined): Promise<string> => {
    const browser = newToken();
    await transact(db, holder ? actorOf(holder.accountId) : 'guest', (tx) =>
      insertChallenge(tx, {
        browserHash: hashOf(browser),
        ceremony,
        accountId: holder?.accountId ?? null,
        sessionId: holder?.sessionId ?? null,
        asked: { challenge },
        expiresAt: new Date(now().getTime() + challengeLifeMs),
      }),
    );
    return browser;
  };
  /** The challenge that this browser was given for this, in this session; it is gone then, whatever follows. */
  const challengeOf = async (ceremony: Ceremony, browser: string, holder: Holder | undefined): Promise<string> => {
    const asked = await takeChallenge(db, ceremony, hashOf(browser), now());
    const same =
      asked && asked.accountId === (holder?.accountId ?? null) && asked.sessionId === (holder?.sessionId ?? null);
    if (!same || !asked.asked.challenge) throw refuse('passkey-refused');
    return asked.asked.challenge;
  };
  return { ask, challengeOf };
}

/** Answers of keys: verified, and then worth a session. */
function createAnswers({ db, now, publicUrl }: IdentityDeps, sessions: Sessions) {
  const { origin: expectedOrigin, hostname: rpID } = new URL(publicUrl);
  /**
   * The key that answered, verified: challenge, origin, host, signature, that a person was verified, and that its
   * counter went on. Whatever a library throws about what strangers sent is a refusal.
   */
  const verify = async (answer: AuthenticationResponseJSON, challenge: string) => {
    const key = await findPasskey(db, answer.id);
    if (!key) throw refuse('passkey-refused');
    const credential = {
      id: key.credentialId,
      publicKey: new Uint8Array(Buffer.from(key.publicKey, 'base64url')),
      counter: key.counter,
      transports: key.transports,
    };
    const { verifyAuthenticationResponse } = await loadWebauthn();
    const result = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin,
      expectedRPID: rpID,
      credential,
      requireUserVerification: true,
    }).catch((cause: unknown) => {
      throw Object.assign(refuse('passkey-refused'), { cause });
    });
    if (!result.verified) throw refuse('passkey-refused');
    return { key, counter: result.authenticationInfo.newCounter };
  };
  const signedInBy = async (
    { key, counter }: Awaited<ReturnType<typeof verify>>,
    visit: Visit,
    holder: Holder | undefined,
  ): Promise<Opened> => {
    const account = await findAccount(db, key.accountId);
    if (!account || account.disabledAt) throw refuse('passkey-refused');
    const owner = await sessions.isOwner(account.id);
    return transact(db, actorOf(account.id), async (tx) => {
      const held = await lockPasskey(tx, key.credentialId);
      // Read again under the lock: two answers with one counter are one key and its copy.
      if (!held || (counter > 0 && counter <= held.counter)) throw refuse('passkey-refused');
      await savePasskey(tx, key.credentialId, counter, now());
      const proof = { factor: true, owner };
      return holder ? sessions.renew(tx, holder, visit, proof) : sessions.open(tx, account.id, visit, proof);
    });
  };
  return { verify, signedInBy };
}

type Challenges = ReturnType<typeof createChallenges>;

function createRegistration(deps: IdentityDeps, { sessions, factors }: Parts, { ask, challengeOf }: Challenges) {
  const { db, now, publicUrl } = deps;
  const { origin: expectedOrigin, hostname: rpID } = new URL(publicUrl);
  return {
    beginRegistration: async (holder: Holder) => {
      const account = await findAccount(db, holder.accountId);
      if (!account) throw refuse('account-not-found');
      const { generateRegistrationOptions } = await loadWebauthn();
      const options = await generateRegistrationOptions({
        rpName: siteName,
        rpID,
        userID: new Uint8Array(Buffer.from(account.id)),
        userName: account.email ?? account.phone ?? account.name,
        userDisplayName: account.name,
        excludeCredentials: idsOf(await listPasskeysOf(db, account.id)),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      });
      return { options, browser: await ask('register', options.challenge, holder) };
    },
    /** The first factor of an account brings recovery codes; they are shown once, here. */
    register: async (holder: Holder, browser: string, answer: RegistrationResponseJSON, name: string, visit: Visit) => {
      const { accountId } = holder;
      const challenge = await challengeOf('register', browser, holder);
      const { verifyRegistrationResponse } = await loadWebauthn();
      const { registrationInfo } = await verifyRegistrationResponse({
        response: answer,
        expectedChallenge: challenge,
        expectedOrigin,
        expectedRPID: rpID,
        requireUserVerification: true,
      }).catch((cause: unknown) => {
        throw Object.assign(refuse('passkey-refused'), { cause });
      });
      if (!registrationInfo) throw refuse('passkey-refused');
      const { credential } = registrationInfo;
      const owner = await sessions.isOwner(accountId);
      return transact(db, actorOf(accountId), async (tx) => {
        const { totpSince, passkeys } = await listFactors(tx, accountId);
        const added = await insertPasskey(tx, {
          credentialId: credential.id,
          id: newId<'Passkey'>(),
          accountId,
          name: clean(name).slice(0, 100) || deviceName(visit.userAgent),
          publicKey: Buffer.from(credential.publicKey).toString('base64url'),
          counter: credential.counter,
          transports: [...(credential.transports ?? [])],
          createdAt: now(),
          lastUsedAt: null,
        });
        if (!added) throw refuse('passkey-refused');
        await factors.noteAdded(tx, accountId);
        const isFirst = !totpSince && passkeys.length === 0;
        const recoveryCodes = isFirst ? await factors.giveRecoveryCodes(tx, accountId) : [];
        return { recoveryCodes, opened: await sessions.renew(tx, holder, visit, { factor: true, owner }) };
      });
    },
  };
}

export function createPasskeys(deps: IdentityDeps, { sessions, factors }: Parts) {
  const { db, publicUrl } = deps;
  const rpID = new URL(publicUrl).hostname;
  const { ask, challengeOf } = createChallenges(deps);
  const { verify, signedInBy } = createAnswers(deps, sessions);
  return {
    ...createRegistration(deps, { sessions, factors }, { ask, challengeOf }),
    /** Without a name: the browser offers the keys it has for this site. */
    beginSignIn: async () => {
      const { generateAuthenticationOptions } = await loadWebauthn();
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' });
      return { options, browser: await ask('sign-in', options.challenge, undefined) };
    },
    signIn: async (browser: string, answer: AuthenticationResponseJSON, visit: Visit): Promise<Opened> =>
      signedInBy(await verify(answer, await challengeOf('sign-in', browser, undefined)), visit, undefined),
    beginProof: async (holder: Holder) => {
      const { generateAuthenticationOptions } = await loadWebauthn();
      const allowCredentials = idsOf(await listPasskeysOf(db, holder.accountId));
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required', allowCredentials });
      return { options, browser: await ask('prove', options.challenge, holder) };
    },
    prove: async (holder: Holder, browser: string, answer: AuthenticationResponseJSON, visit: Visit) => {
      const proved = await verify(answer, await challengeOf('prove', browser, holder));
      if (proved.key.accountId !== holder.accountId) throw refuse('passkey-refused');
      return signedInBy(proved, visit, holder);
    },
  };
}
