import { refusals } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import { checkNewPassword } from './accounts.ts';
import { actorOf, type Holder, hashOf, type IdentityDeps, newToken, readLogin } from './deps.ts';
import { decoyHash, hashPassword, isOutdated, verifyPassword } from './password.ts';
import { type AccountRow, findAccount, findAccountByLogin, replaceHash, updateAccount } from './queries/accounts.ts';
import { deleteTokensOf, findToken, insertToken, takeToken } from './queries/factors.ts';
import { deleteSessionsOf, saveDevice } from './queries/sessions.ts';
import type { Sessions } from './sessions.ts';
import type { Throttling } from './throttling.ts';
import { identityProblems, type Opened, type TokenKind, type Visit } from './types.ts';

const refuse = refusals(identityProblems);
export type Credentials = { readonly login: string; readonly password: string };
type Parts = { readonly sessions: Sessions; readonly throttling: Throttling };

const resetLifeMs = 30 * 60_000;
const resetsAnHour = 5;

/** Who is in is written down as well as who was refused; neither with what they typed (ASVS 16.3.1). */
export function createSigningIn(deps: IdentityDeps, { sessions, throttling }: Parts) {
  const { db } = deps;
  const check = async (account: AccountRow | undefined, password: string): Promise<AccountRow> => {
    const right = await verifyPassword(password, account?.passwordHash ?? decoyHash);
    if (!account?.passwordHash || !right || account.disabledAt) throw refuse('wrong-credentials');
    return account;
  };
  /** Hashed at last year's cost: now that the password is at hand, it is hashed at today's. */
  const rehash = async ({ id, passwordHash }: AccountRow, password: string): Promise<void> => {
    if (!passwordHash || !isOutdated(passwordHash)) return;
    const after = await hashPassword(password);
    await transact(db, actorOf(id), (tx) => replaceHash(tx, id, passwordHash, after));
  };
  return {
    /** The password alone. What else is owed stands in `needs`; an unknown login and a wrong password look and last the same. */
    signIn: async ({ login, password }: Credentials, visit: Visit): Promise<Opened> => {
      const read = readLogin(login);
      const found = await findAccountByLogin(db, read);
      const guess = { accountId: found?.id, login: read.phone ?? read.email, password, visit };
      const account = await throttling.guess(guess, () => check(found, password));
      await rehash(account, password);
      const owner = await sessions.isOwner(account.id);
      return transact(db, actorOf(account.id), (tx) => sessions.open(tx, account.id, visit, { owner }));
    },
    /** The password once more, in a session that is to do what needs a fresh proof. */
    prove: async (holder: Holder, password: string, visit: Visit): Promise<Opened> => {
      const found = await findAccount(db, holder.accountId);
      const guess = { accountId: found?.id, login: holder.accountId, password, visit };
      await throttling.guess(guess, () => check(found, password));
      const owner = await sessions.isOwner(holder.accountId);
      return transact(db, actorOf(holder.accountId), (tx) => sessions.renew(tx, holder, visit, { owner }));
    },
    ...createLinks(deps, { sessions, throttling }),
  };
}

/** A link came to the phone or the mailbox, so whoever has it has that. */
const provedBy = (target: string | null, at: Date) =>
  target?.includes('@') ? { emailProvedAt: at } : { phoneProvedAt: at };

/** Links that stand in for a password once: to choose a new one, and to take up an invitation. */
function createLinks({ db, notices, audit, now }: IdentityDeps, { sessions, throttling }: Parts) {
  const accountOf = async (kind: TokenKind, token: string): Promise<AccountRow> => {
    const held = await findToken(db, kind, hashOf(token), now());
    const account = held && (await findAccount(db, held.accountId));
    if (!account || account.disabledAt) throw refuse('link-over');
    return account;
  };
  /** The password is looked at first: one that is too weak must not use the link up. */
  const choosePassword = async (kind: 'reset' | 'invitation', token: string, password: string, visit: Visit) => {
    const account = await accountOf(kind, token);
    checkNewPassword(password, account);
    const passwordHash = await hashPassword(password);
    const owner = await sessions.isOwner(account.id);
    const device = visit.device ?? newToken();
    return transact(db, actorOf(account.id), async (tx): Promise<Opened | { readonly device: string }> => {
      const at = now();
      const taken = await takeToken(tx, kind, hashOf(token), at);
      if (!taken) throw refuse('link-over');
      await updateAccount(tx, account.id, { passwordHash, ...provedBy(taken.target, at) });
      await deleteTokensOf(tx, account.id, kind);
      await deleteSessionsOf(tx, account.id);
      await audit.record(tx, {
        action: kind === 'reset' ? 'account.password-reset' : 'account.invitation-accepted',
        subject: { kind: 'account', id: account.id },
        address: visit.address,
      });
      if (kind === 'invitation') return sessions.open(tx, account.id, visit, { owner });
      await notices.tell(tx, { kind: 'account.password-changed', to: { accountId: account.id } });
      await saveDevice(tx, account.id, hashOf(device), at);
      return { device };
    });
  };
  return {
    /** Says the same whether or not there is such an account. */
    beginReset: async (login: string, visit: Visit): Promise<void> => {
      const read = readLogin(login);
      await throttling.atMost(`reset:${visit.address}`, resetsAnHour * 20);
      await throttling.atMost(`reset:${hashOf(read.phone ?? read.email)}`, resetsAnHour);
      const account = await findAccountByLogin(db, read);
      if (!account || account.disabledAt) return;
      const target = read.phone ?? read.email;
      const token = newToken();
      const at = now();
      await transact(db, 'guest', async (tx) => {
        await insertToken(tx, {
          tokenHash: hashOf(token),
          kind: 'reset',
          accountId: account.id,
          target,
          createdAt: at,
          expiresAt: new Date(at.getTime() + resetLifeMs),
        });
        await notices.tell(tx, {
          kind: 'account.password-reset',
          to: target.includes('@') ? { email: target } : { phone: target },
          values: { minutes: resetLifeMs / 60_000 },
          path: `/dat-lai-mat-khau?ma=${token}`,
        });
      });
    },
    /** Whether a link still works, before somebody thinks of a password for it. */
    checkLink: async (kind: 'reset' | 'invitation', token: string): Promise<{ readonly name: string }> => {
      const { name } = await accountOf(kind, token);
      return { name };
    },
    /** A new password. It opens no session: a second factor is asked for at the sign-in that follows. */
    completeReset: async (token: string, password: string, visit: Visit): Promise<{ readonly device: string }> => {
      const { device } = await choosePassword('reset', token, password, visit);
      return { device };
    },
    acceptInvitation: async (token: string, password: string, visit: Visit): Promise<Opened> => {
      const opened = await choosePassword('invitation', token, password, visit);
      if (!('secret' in opened)) throw refuse('link-over');
      return opened;
    },
  };
}
