import type { ErasureList } from '#config/erasure-list.ts';
import { isId, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import { oneByOne } from '#db/jobs.ts';
import type { Subject } from '#features/audit/types.ts';
import type { Consents } from './consents.ts';
import { actorOf, type IdentityDeps } from './deps.ts';
import { type AccountRow, findAccount, lockAccount, updateAccount } from './queries/accounts.ts';
import { deleteFactorsOf, deleteTokensOf, forgetTokens, listFactors } from './queries/factors.ts';
import { listKeysMadeBy, revokeKeysMadeBy } from './queries/keys.ts';
import { deleteExternalOf, insertErasure, insertReading, listConsents, listExternalOf } from './queries/privacy.ts';
import { deleteDevicesOf, deleteSessionsOf, forgetSessions } from './queries/sessions.ts';
import { forgetAttempts } from './queries/throttles.ts';
import type { Sessions } from './sessions.ts';
import { type AccountId, identityProblems, type Person, type PersonalData } from './types.ts';

const refuse = refusals(identityProblems);
type Parts = { readonly sessions: Sessions; readonly consents: Consents };
export type PrivacyDeps = IdentityDeps & {
  readonly events: Events;
  /** Apart from the database, so that a restored backup can be made to forget again. */
  readonly erasureList: ErasureList;
  /** What the other slices hold of people. */
  readonly personalData: readonly PersonalData[];
};

const erasedName = 'Tài khoản đã xóa';
const day = 86_400_000;
/** Browsers that nobody signed in from for a year are strangers again; counters of guesses are of no use after a day. */
const kept = { devicesMs: 365 * day, attemptsMs: 2 * day } as const;

/** By a phone number or an e-mail that was proved, and by no other: what somebody only typed in gives no right to others' orders. */
const personOf = ({ id, phone, phoneProvedAt, email, emailProvedAt }: AccountRow): Person => ({
  accountId: id,
  phone: phoneProvedAt ? phone : null,
  email: emailProvedAt ? email : null,
});

/** Forgetting: who asked for it, and those who did again after a restore. */
function createErasing(deps: PrivacyDeps, sessions: Sessions) {
  const { db, audit, notices, events, now, personalData, erasureList } = deps;
  const forget = async (tx: Tx, account: AccountRow, erasedAt: Date): Promise<void> => {
    const { id } = account;
    for (const slice of personalData) await slice.erase?.(tx, personOf(account), erasedAt);
    await deleteSessionsOf(tx, id);
    await deleteDevicesOf(tx, id);
    await deleteTokensOf(tx, id);
    await deleteFactorsOf(tx, id);
    await deleteExternalOf(tx, id);
    await revokeKeysMadeBy(tx, id, erasedAt);
    const nothing = { phone: null, email: null, phoneProvedAt: null, emailProvedAt: null, passwordHash: null };
    await updateAccount(tx, id, { ...nothing, name: erasedName, staffRole: null, disabledAt: erasedAt, erasedAt });
    await insertErasure(tx, id, erasedAt);
  };

  const lockErasable = async (tx: Tx, accountId: AccountId): Promise<AccountRow> => {
    const account = await lockAccount(tx, accountId);
    if (!account || account.erasedAt) throw refuse('account-not-found');
    if (account.staffRole) throw refuse('staff-not-erased');
    for (const { checkErasure } of personalData) await checkErasure?.(tx, personOf(account));
    return account;
  };
  return {
    /**
     * Takes a person out of everything but what the law wants kept: books, and what was sold for how much. Owners hand
     * their business over first, since buyers must know whom they bought from.
     */
    erase: async (accountId: AccountId): Promise<void> => {
      if (await sessions.isOwner(accountId)) throw refuse('business-needs-you');
      await transact(db, actorOf(accountId), async (tx) => {
        const account = await lockErasable(tx, accountId);
        const erasedAt = now();
        await notices.tell(tx, {
          kind: 'account.erased',
          to: account.email ? { email: account.email } : { phone: account.phone ?? '' },
        });
        await forget(tx, account, erasedAt);
        await audit.record(tx, { action: 'account.erased', subject: { kind: 'account', id: accountId } });
        await events.add(tx, { type: 'account.erased', accountId, erasedAt: erasedAt.toISOString() });
      });
    },
    /** Heard after an erasure: it goes on the list that stands apart from the database. */
    noteErasure: (accountId: AccountId, erasedAt: string): void =>
      erasureList.add({ accountId, erasedAt: new Date(erasedAt) }),
    /** After a restore: whoever is on the list is forgotten again; how many that were. */
    replayErasures: (): Promise<number> =>
      oneByOne(erasureList.list(), ({ accountId, erasedAt }) =>
        transact(db, 'system:erasures', async (tx) => {
          const account = isId<'Account'>(accountId) ? await lockAccount(tx, accountId) : undefined;
          if (!account || account.erasedAt) return false;
          await forget(tx, account, erasedAt);
          await audit.record(tx, { action: 'account.erased-again', subject: { kind: 'account', id: account.id } });
          return true;
        }),
      ),
  };
}

export function createPrivacy(deps: PrivacyDeps, { sessions, consents }: Parts) {
  const { db, audit, now, personalData } = deps;
  return {
    ...createErasing(deps, sessions),
    /** Everything that is held about an account, in one document. */
    exportOf: async (accountId: AccountId) => {
      const account = await findAccount(db, accountId);
      if (!account) throw refuse('account-not-found');
      const { passwordHash: _secret, disabledAt: _disabled, erasedAt: _erased, ...held } = account;
      const [said, current, factors, external, keys] = await Promise.all([
        listConsents(db, accountId),
        sessions.list(accountId),
        listFactors(db, accountId),
        listExternalOf(db, accountId),
        listKeysMadeBy(db, accountId),
      ]);
      const others = await Promise.all(
        personalData.map(async ({ name, read }) => [name, await read(db, personOf(account))] as const),
      );
      return {
        madeAt: now().toISOString(),
        account: held,
        consents: said,
        sessions: current,
        factors: {
          ...factors,
          passkeys: factors.passkeys.map(({ publicKey: _key, credentialId: _id, ...passkey }) => passkey),
        },
        identities: external,
        apiKeys: keys,
        ...Object.fromEntries(others),
      };
    },
    /** Whoever is shown a personal identifier in full leaves a line with the reason, in the transaction that shows it. */
    logReading: async (
      tx: Tx,
      reading: {
        readonly subject: Subject;
        readonly field: string;
        readonly reason: string;
        readonly address?: string;
      },
    ): Promise<void> => {
      const { subject, field, reason, address } = reading;
      const row = { subjectKind: subject.kind, subjectId: subject.id, field, reason };
      await insertReading(tx, { id: newId<'Reading'>(), happenedAt: now(), ...row });
      await audit.record(tx, { action: 'personal-data.read', subject, after: { field }, reason, address });
    },
    /** What has served its time: sessions, guesses, links, and people in carts and orders that are old enough. */
    retain: async (): Promise<void> => {
      const at = now();
      await forgetSessions(db, at, new Date(at.getTime() - kept.devicesMs));
      await forgetAttempts(db, new Date(at.getTime() - kept.attemptsMs));
      await forgetTokens(db, at);
      for (const { forgetOld } of personalData)
        if (forgetOld) await transact(db, 'system:retention', (tx) => forgetOld(tx, at));
    },
    consents,
  };
}
