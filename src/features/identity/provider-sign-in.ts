import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { transact } from '#db/client.ts';
import { actorOf, type Holder, hashOf, type IdentityDeps, newToken } from './deps.ts';
import { findExternal, insertAccount, insertExternal } from './queries/accounts.ts';
import { insertChallenge, takeChallenge } from './queries/factors.ts';
import type { Sessions } from './sessions.ts';
import {
  type AccountId,
  type Claim,
  type IdentityProvider,
  identityProblems,
  type Opened,
  type ProviderRound,
  type Visit,
} from './types.ts';

const refuse = refusals(identityProblems);
const roundLifeMs = 10 * 60_000;

/**
 * Signing in by a provider of identities. The pair of issuer and subject is who somebody is: an e-mail or a phone number
 * in what it tells finds no account, or whoever registered a stranger's address first would own the stranger's sign-in.
 */
export function createProviderSignIn(
  { db, now, audit, publicUrl, provider }: IdentityDeps,
  { sessions }: { readonly sessions: Sessions },
) {
  const redirectUri = `${publicUrl}/dang-nhap/nha-cung-cap/ve`;
  const providerOf = (): IdentityProvider => {
    if (!provider) throw refuse('provider-failed');
    return provider;
  };
  const claimOf = async (calledBack: string, round: ProviderRound): Promise<Claim> => {
    try {
      return await providerOf().finish(calledBack, round);
    } catch (cause) {
      throw Object.assign(refuse('provider-failed'), { cause });
    }
  };
  /** The account of the identity; a new one, without login and password, the first time. */
  const accountOf = async ({ issuer, subject, name }: Claim): Promise<AccountId> => {
    const known = await findExternal(db, issuer, subject);
    if (known?.disabledAt) throw refuse('wrong-credentials');
    if (known) return known.accountId;
    return transact(db, 'guest', async (tx) => {
      const id: AccountId = newId();
      const createdAt = now();
      await insertAccount(tx, { id, name: clean(name ?? '').slice(0, 200) || providerOf().label, createdAt });
      // Two windows came back at once: the other one made the account.
      if (!(await insertExternal(tx, { issuer, subject, accountId: id, createdAt }))) throw refuse('provider-failed');
      await audit.record(tx, { action: 'account.created', subject: { kind: 'account', id }, after: { issuer } });
      return id;
    });
  };
  const link = (holder: Holder, { issuer, subject }: Claim): Promise<void> =>
    transact(db, actorOf(holder.accountId), async (tx) => {
      const row = { issuer, subject, accountId: holder.accountId, createdAt: now() };
      if (await insertExternal(tx, row))
        await audit.record(tx, {
          action: 'account.identity-linked',
          subject: { kind: 'account', id: holder.accountId },
          after: { issuer },
        });
      else if ((await findExternal(tx, issuer, subject))?.accountId !== holder.accountId)
        throw refuse('identity-taken');
    });
  return {
    /** What the button says; undefined where no provider is configured, and then nothing is offered. */
    label: provider?.label,
    /** Where to send the browser, and the secret of its cookie. `holder`: to add the identity to an account that is signed in. */
    begin: async (next: string, holder: Holder | undefined) => {
      const round = { state: newToken(), nonce: newToken(), verifier: newToken() };
      const address = await providerOf()
        .begin(redirectUri, round)
        .catch((cause: unknown) => {
          throw Object.assign(refuse('provider-failed'), { cause });
        });
      const browser = newToken();
      await transact(db, 'guest', (tx) =>
        insertChallenge(tx, {
          browserHash: hashOf(browser),
          ceremony: 'provider',
          accountId: holder?.accountId ?? null,
          sessionId: holder?.sessionId ?? null,
          asked: { ...round, next },
          expiresAt: new Date(now().getTime() + roundLifeMs),
        }),
      );
      return { address, browser };
    },
    /** `calledBack`: the whole address by which the browser returned. A second factor is still owed where one is. */
    finish: async (browser: string, calledBack: string, holder: Holder | undefined, visit: Visit) => {
      const held = await takeChallenge(db, 'provider', hashOf(browser), now());
      const { state = '', nonce = '', verifier = '', next = '' } = held?.asked ?? {};
      if (!held || (held.sessionId && held.sessionId !== holder?.sessionId)) throw refuse('provider-failed');
      const claim = await claimOf(calledBack, { state, nonce, verifier });
      if (held.sessionId && holder) {
        await link(holder, claim);
        return { next, opened: undefined };
      }
      const accountId = await accountOf(claim);
      const owner = await sessions.isOwner(accountId);
      const opened: Opened = await transact(db, actorOf(accountId), (tx) =>
        sessions.open(tx, accountId, visit, { owner }),
      );
      return { next, opened };
    },
  };
}
