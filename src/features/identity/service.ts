import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { StaffRole } from '#core/roles.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { Caller } from '#http/access.ts';
import { decoyHash, hashPassword, isWeak, verifyPassword } from './password.ts';
import { readPhone } from './phone.ts';
import {
  countAttempt,
  deleteSession,
  findAccountByLogin,
  findSession,
  forgetOld,
  getAccount,
  insertAccount,
  insertSession,
  touchSession,
  uncountAttempt,
} from './queries.ts';
import { type AccountId, identityProblems } from './types.ts';

const refuse = refusals(identityProblems);
type Deps = { readonly db: Db; readonly businesses: Businesses; readonly now: Clock };
export type Identity = ReturnType<typeof createIdentity>;
export type NewAccount = {
  readonly name: string;
  readonly login: string;
  readonly password: string;
  readonly staffRole?: StaffRole;
};

type Credentials = {
  readonly login: string;
  readonly password: string;
  readonly address: string;
  readonly userAgent: string;
};
/**
 * Runs `work` unless one of the keys failed too often in this quarter of an hour: 429 then. What succeeds does not count.
 * Counted in the database, so that replicas share it.
 */
export type Guarded = <T>(keys: readonly (readonly [key: string, max: number])[], work: () => Promise<T>) => Promise<T>;

const sessionLifeMs = 90 * 24 * 3_600_000;
const idleMs = 14 * 24 * 3_600_000;
const seenEveryMs = 5 * 60_000;
const windowMs = 15 * 60_000;
/** Wrong guesses per window: of one account from one address, and from one address over all accounts. */
const limits = { account: 10, address: 60 } as const;

const hashOf = (sessionId: string): string => createHash('sha256').update(sessionId).digest('base64url');
const nobody: Caller = { kind: 'nobody' };

const readLogin = (login: string) => ({ phone: readPhone(login), email: clean(login).toLowerCase() });
const isEmail = (text: string): boolean => /^[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}$/.test(text);

export const createIdentity = ({ db, businesses, now }: Deps) => {
  const windowOf = (at: Date): Date => new Date(Math.floor(at.getTime() / windowMs) * windowMs);
  /** Counted before `work`, so that a burst cannot pass while the first guess is still being looked at. */
  const guarded: Guarded = async (keys, work) => {
    const windowStart = windowOf(now());
    for (const [key, max] of keys) {
      if ((await countAttempt(db, key, windowStart)) <= max) continue;
      const retryAfterSeconds = Math.ceil((windowStart.getTime() + windowMs - now().getTime()) / 1000);
      throw refuse('too-many-attempts', { retryAfterSeconds });
    }
    const result = await work();
    for (const [key] of keys) await uncountAttempt(db, key, windowStart);
    return result;
  };
  const open = async ({ login, password, userAgent }: Credentials): Promise<string> => {
    const account = await findAccountByLogin(db, readLogin(login));
    const right = await verifyPassword(password, account?.passwordHash ?? decoyHash);
    if (!account || !right || account.disabledAt) throw refuse('wrong-credentials');
    const sessionId = randomBytes(32).toString('base64url');
    const at = now();
    const expiresAt = new Date(at.getTime() + sessionLifeMs);
    const session = { idHash: hashOf(sessionId), accountId: account.id, createdAt: at, lastSeenAt: at, expiresAt };
    await transact(db, `account:${account.id}`, (tx) =>
      insertSession(tx, { ...session, userAgent: userAgent.slice(0, 300).toWellFormed() }),
    );
    return sessionId;
  };

  return {
    guarded,
    addAccount: async (tx: Tx, account: NewAccount): Promise<AccountId> => {
      const { phone, email } = readLogin(account.login);
      if (!phone && !isEmail(email)) throw refuse('login-invalid');
      if (isWeak(account.password)) throw refuse('password-weak');
      const id: AccountId = newId();
      const row = {
        id,
        name: clean(account.name),
        phone: phone ?? null,
        email: phone ? null : email,
        passwordHash: await hashPassword(account.password),
        staffRole: account.staffRole ?? null,
        disabledAt: null,
        createdAt: now(),
      };
      await insertAccount(tx, row).catch((error: unknown) => {
        throw /^accounts_(phone|email)$/.test(violatedConstraint(error) ?? '') ? refuse('login-taken') : error;
      });
      return id;
    },
    /** The new session's id, for the cookie alone. An unknown login and a wrong password look and last the same. */
    signIn: (credentials: Credentials): Promise<string> => {
      const { phone, email } = readLogin(credentials.login);
      const { address } = credentials;
      // Keyed by address too: a stranger's guesses slow the stranger down, not the owner at home.
      const keys = [
        [`sign-in:${phone ?? email}:${address}`, limits.account],
        [`sign-in:${address}`, limits.address],
      ] as const;
      return guarded(keys, () => open(credentials));
    },
    signOut: (sessionId: string) => deleteSession(db, hashOf(sessionId)),
    /** Whoever holds the session. Read anew for each request: ended means ended, on every replica. */
    callerOf: async (sessionId: string | undefined): Promise<Caller> => {
      if (!sessionId) return nobody;
      const at = now();
      const session = await findSession(db, hashOf(sessionId), at, new Date(at.getTime() - idleMs));
      if (!session) return nobody;
      if (at.getTime() - session.lastSeenAt.getTime() > seenEveryMs) await touchSession(db, hashOf(sessionId), at);
      const memberships = await businesses.listMembershipsOf(session.accountId);
      return {
        kind: 'account',
        accountId: session.accountId,
        name: session.name,
        staffRole: session.staffRole,
        memberships,
      };
    },
    getAccount: (id: AccountId) => getAccount(db, id),
    forgetOld: () => forgetOld(db, now(), new Date(now().getTime() - 24 * 3_600_000)),
  };
};
