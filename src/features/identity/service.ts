import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
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
} from './queries.ts';
import { type AccountId, identityProblems, type StaffRole } from './types.ts';

const refuse = refusals(identityProblems);
type Deps = { readonly db: Db; readonly businesses: Businesses; readonly now: Clock };
export type Identity = ReturnType<typeof createIdentity>;
export type NewAccount = {
  readonly name: string;
  readonly login: string;
  readonly password: string;
  readonly staffRole?: StaffRole;
};

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
  /** Throws 429 past `max` in the current window. Counted in the database, so that replicas share it. */
  const limit = async (key: string, max: number): Promise<void> => {
    const windowStart = new Date(Math.floor(now().getTime() / windowMs) * windowMs);
    if ((await countAttempt(db, key, windowStart)) <= max) return;
    throw refuse('too-many-attempts', {
      retryAfterSeconds: Math.ceil((windowStart.getTime() + windowMs - now().getTime()) / 1000),
    });
  };

  return {
    limit,
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
    signIn: async ({
      login,
      password,
      address,
      userAgent,
    }: {
      readonly login: string;
      readonly password: string;
      readonly address: string;
      readonly userAgent: string;
    }): Promise<string> => {
      const known = readLogin(login);
      // Keyed by address too: a stranger's guesses slow the stranger down, not the owner at home.
      await limit(`sign-in:${known.phone ?? known.email}:${address}`, limits.account);
      await limit(`sign-in:${address}`, limits.address);
      const account = await findAccountByLogin(db, known);
      const right = await verifyPassword(password, account?.passwordHash ?? decoyHash);
      if (!account || !right || account.disabledAt) throw refuse('wrong-credentials');
      const sessionId = randomBytes(32).toString('base64url');
      const at = now();
      await transact(db, `account:${account.id}`, (tx) =>
        insertSession(tx, {
          idHash: hashOf(sessionId),
          accountId: account.id,
          createdAt: at,
          lastSeenAt: at,
          expiresAt: new Date(at.getTime() + sessionLifeMs),
          userAgent: userAgent.slice(0, 300),
        }),
      );
      return sessionId;
    },
    signOut: (sessionId: string) => deleteSession(db, hashOf(sessionId)),
    /** Whoever holds the session. Read anew for each request: ended means ended, on every replica. */
    callerOf: async (sessionId: string | undefined): Promise<Caller> => {
      if (!sessionId) return nobody;
      const at = now();
      const session = await findSession(db, hashOf(sessionId), at, new Date(at.getTime() - idleMs));
      if (!session) return nobody;
      if (at.getTime() - session.lastSeenAt.getTime() > seenEveryMs) await touchSession(db, hashOf(sessionId), at);
      const businessIds = await businesses.listBusinessIdsOf(session.accountId);
      return {
        kind: 'account',
        accountId: session.accountId,
        name: session.name,
        staff: session.staffRole !== null,
        businessIds,
      };
    },
    getAccount: (id: AccountId) => getAccount(db, id),
    forgetOld: () => forgetOld(db, now(), new Date(now().getTime() - 24 * 3_600_000)),
  };
};
