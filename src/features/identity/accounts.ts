import { randomInt } from 'node:crypto';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { StaffRole } from '#core/roles.ts';
import { type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Consents } from './consents.ts';
import { actorOf, type Holder, type IdentityDeps, keyedHash, readLogin } from './deps.ts';
import { hashPassword, isCommon } from './password.ts';
import {
  type AccountRow,
  findAccount,
  findAccountByLogin,
  insertAccount,
  type Login,
  lockAccount,
  updateAccount,
} from './queries/accounts.ts';
import { deleteTokensOf, insertToken, takeToken } from './queries/factors.ts';
import { deleteSessionsOf } from './queries/sessions.ts';
import { addressGroup, checkName, checkPassword, isEmail } from './rules.ts';
import type { Sessions } from './sessions.ts';
import type { Throttling } from './throttling.ts';
import { type AccountId, identityProblems, type Opened, type Purpose, type Visit } from './types.ts';

const refuse = refusals(identityProblems);
export type NewAccount = {
  readonly name: string;
  readonly login: string;
  /** Absent for somebody who is invited and chooses one. */
  readonly password?: string;
  readonly staffRole?: StaffRole;
};
export type SignUp = {
  readonly name: string;
  readonly login: string;
  readonly password: string;
  /** What was ticked. Without `terms` there is no account. */
  readonly consents: readonly Purpose[];
};
export type Accounts = ReturnType<typeof createAccounts>;

const signUpsAnHour = 60;
const codesAnHour = 10;
const codeLifeMs = 10 * 60_000;

export function checkLogin(login: string): Login {
  const read = readLogin(login);
  if (!read.phone && !isEmail(read.email)) throw refuse('login-invalid');
  return read;
}

/** Both are unique: of two who take the same at once, one is told. */
const asTaken = (error: unknown): unknown =>
  /^accounts_(phone|email)$/.test(violatedConstraint(error) ?? '') ? refuse('login-taken') : error;

/** A new password that its account may have: known words of the person are in it as little as common ones. */
export const checkNewPassword = (password: string, account: Pick<AccountRow, 'name' | 'phone' | 'email'>): void =>
  checkPassword(password, { words: [account.name, account.email ?? '', account.phone ?? ''], isCommon });

type Parts = { readonly sessions: Sessions; readonly throttling: Throttling; readonly consents: Consents };
const columnsOf = ({ phone, email }: Login) => ({ phone: phone ?? null, email: phone ? null : email });

/** A new account, checked. The hash is made outside of transactions where many may ask at once. */
async function insert(tx: Tx, account: NewAccount, passwordHash: string | null, createdAt: Date): Promise<AccountId> {
  const id: AccountId = newId();
  const row = { id, name: checkName(account.name), ...columnsOf(checkLogin(account.login)) };
  const staffRole = account.staffRole ?? null;
  await insertAccount(tx, { ...row, passwordHash, staffRole, createdAt }).catch((error: unknown) => {
    throw asTaken(error);
  });
  return id;
}

/** Refused for what is wrong with its name, its login or its password, in this order. */
const checkAccount = ({ name, login, password }: NewAccount): void => {
  const row = { name: checkName(name), ...columnsOf(checkLogin(login)) };
  if (password !== undefined) checkNewPassword(password, row);
};

/** An account that only claimed a number, without proof, loses it to whoever has proof. */
async function makeRoom(tx: Tx, accountId: AccountId, login: Login): Promise<void> {
  const other = await findAccountByLogin(tx, login);
  if (!other || other.id === accountId) return;
  if (login.phone ? other.phoneProvedAt : other.emailProvedAt) throw refuse('login-taken');
  await updateAccount(tx, other.id, login.phone ? { phone: null } : { email: null });
}

/** What was proved becomes the account's; the contact before hears of it, to say so if somebody else did this. */
async function takeContact(tx: Tx, { notices, audit, now }: IdentityDeps, account: AccountRow, target: string) {
  const at = now();
  const login = readLogin(target);
  await makeRoom(tx, account.id, login);
  const change = login.phone ? { phone: login.phone, phoneProvedAt: at } : { email: login.email, emailProvedAt: at };
  await updateAccount(tx, account.id, change).catch((error: unknown) => {
    throw asTaken(error);
  });
  const before = login.phone ? account.phone : account.email;
  if (before === null || before === target) return;
  await notices.tell(tx, { kind: 'account.contact-changed', to: login.phone ? { phone: before } : { email: before } });
  await audit.record(tx, {
    action: 'account.contact-changed',
    subject: { kind: 'account', id: account.id },
    after: { kind: login.phone ? 'phone' : 'email' },
  });
}

/** Codes that show whose a phone number or an e-mail is, and what follows once it is shown. */
function createContacts(deps: IdentityDeps, throttling: Throttling) {
  const { db, notices, now, secret } = deps;
  const codeHash = (accountId: AccountId, code: string): string => keyedHash(secret, `contact:${accountId}:${code}`);
  /** Sends a code to a phone number or an e-mail, which shows that it is theirs. */
  const sendCode = async (tx: Tx, accountId: AccountId, { phone, email }: Login): Promise<void> => {
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const at = now();
    await deleteTokensOf(tx, accountId, 'contact');
    await insertToken(tx, {
      tokenHash: codeHash(accountId, code),
      kind: 'contact',
      accountId,
      target: phone ?? email,
      createdAt: at,
      expiresAt: new Date(at.getTime() + codeLifeMs),
    });
    await notices.tell(tx, {
      kind: 'account.contact-code',
      to: phone ? { phone } : { email },
      values: { code, minutes: codeLifeMs / 60_000 },
    });
  };

  /** Nobody waits for a code that cannot come. Where nothing can be sent at all, the log of notices says so to staff. */
  const reaches = ({ phone }: Login): boolean => phone === undefined || notices.tells !== 'mail';
  return {
    sendCode,
    reaches,
    /** Sends a code to a new phone number or e-mail; nothing changes before it comes back. */
    begin: async (accountId: AccountId, login: string): Promise<void> => {
      const read = checkLogin(login);
      if (!reaches(read)) throw refuse('phone-not-reached');
      await throttling.atMost(`contact:${accountId}`, codesAnHour);
      await transact(db, actorOf(accountId), (tx) => sendCode(tx, accountId, read));
    },
    confirm: (accountId: AccountId, code: string): Promise<void> =>
      throttling.slowly(`contact:${accountId}`, () =>
        transact(db, actorOf(accountId), async (tx) => {
          const account = await lockAccount(tx, accountId);
          const token = await takeToken(tx, 'contact', codeHash(accountId, code.trim()), now());
          if (!account || !token?.target) throw refuse('wrong-code');
          await takeContact(tx, deps, account, token.target);
        }),
      ),
  };
}

export function createAccounts(deps: IdentityDeps, { sessions, throttling, consents }: Parts) {
  const { db, notices, audit, now } = deps;
  const contacts = createContacts(deps, throttling);
  const get = async (id: AccountId): Promise<AccountRow> => {
    const account = await findAccount(db, id);
    if (!account) throw refuse('account-not-found');
    return account;
  };
  return {
    get,
    contacts,
    add: async (tx: Tx, account: NewAccount): Promise<AccountId> => {
      checkAccount(account);
      const hash = account.password === undefined ? null : await hashPassword(account.password);
      return insert(tx, account, hash, now());
    },
    signUp: async ({ consents: ticked, ...account }: SignUp, visit: Visit) => {
      checkAccount(account);
      if (!ticked.includes('terms')) throw refuse('terms-not-accepted');
      await throttling.atMost(`sign-up:${addressGroup(visit.address)}`, signUpsAnHour);
      const passwordHash = await hashPassword(account.password);
      return transact(db, 'guest', async (tx): Promise<{ accountId: AccountId; opened: Opened }> => {
        const accountId = await insert(tx, account, passwordHash, now());
        await consents.write(
          tx,
          accountId,
          [...new Set(ticked)].map((purpose) => [purpose, true]),
        );
        const login = readLogin(account.login);
        if (contacts.reaches(login)) await contacts.sendCode(tx, accountId, login);
        return { accountId, opened: await sessions.open(tx, accountId, visit) };
      });
    },
    rename: (accountId: AccountId, name: string): Promise<void> =>
      transact(db, actorOf(accountId), (tx) => updateAccount(tx, accountId, { name: checkName(name) })),
    /** Ends every other session: whoever stole one is out. */
    changePassword: async ({ accountId, sessionId }: Holder, password: string): Promise<void> => {
      checkNewPassword(password, await get(accountId));
      const passwordHash = await hashPassword(password);
      await transact(db, actorOf(accountId), async (tx) => {
        await updateAccount(tx, accountId, { passwordHash });
        await deleteTokensOf(tx, accountId, 'reset');
        await deleteSessionsOf(tx, accountId, sessionId);
        await notices.tell(tx, { kind: 'account.password-changed', to: { accountId }, path: '/tai-khoan/phien' });
        await audit.record(tx, { action: 'account.password-changed', subject: { kind: 'account', id: accountId } });
      });
    },
  };
}
