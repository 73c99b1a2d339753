import { refusals } from '#core/problem.ts';
import type { StaffRole } from '#core/roles.ts';
import { type Tx, transact } from '#db/client.ts';
import type { Accounts } from './accounts.ts';
import { actorOf, hashOf, type IdentityDeps, newToken } from './deps.ts';
import { type AccountRow, listStaff, lockAccount, lockAdmins, updateAccount } from './queries/accounts.ts';
import { deleteFactorsOf, deleteTokensOf, insertToken } from './queries/factors.ts';
import { deleteDevicesOf, deleteSessionsOf } from './queries/sessions.ts';
import { type AccountId, identityProblems } from './types.ts';

const refuse = refusals(identityProblems);
export type Invitation = { readonly name: string; readonly login: string; readonly role: StaffRole };

const invitationLifeMs = 72 * 3_600_000;
export const invitationPath = (token: string): string => `/loi-moi?ma=${token}`;

/** Roles among the staff. Each act is written down, and counts from the next request on, on every replica. */
export function createStaffing(deps: IdentityDeps, { accounts }: { readonly accounts: Accounts }) {
  const { db, audit, notices, now } = deps;
  /** A single-use link by which somebody chooses a password; those before it are over. */
  const invite = async (tx: Tx, account: AccountRow): Promise<string> => {
    const token = newToken();
    const at = now();
    const target = account.phone ?? account.email ?? '';
    await deleteTokensOf(tx, account.id, 'invitation');
    await insertToken(tx, {
      tokenHash: hashOf(token),
      kind: 'invitation',
      accountId: account.id,
      target,
      createdAt: at,
      expiresAt: new Date(at.getTime() + invitationLifeMs),
    });
    return token;
  };
  const getLocked = async (tx: Tx, id: AccountId): Promise<AccountRow> => {
    const account = await lockAccount(tx, id);
    if (!account || account.erasedAt) throw refuse('account-not-found');
    return account;
  };
  /** Nobody changes their own rights, and the last administrator keeps theirs. */
  const checkRest = async (tx: Tx, by: AccountId, id: AccountId): Promise<void> => {
    if (by === id) throw refuse('own-account');
    const admins = await lockAdmins(tx);
    if (admins.every((admin) => admin.id === id) && admins.length > 0) throw refuse('last-admin');
  };
  type Change = { readonly action: string; readonly before?: unknown; readonly after?: unknown };
  const change = (by: AccountId, id: AccountId, work: (tx: Tx, account: AccountRow) => Promise<Change>) =>
    transact(db, actorOf(by), async (tx) => {
      await checkRest(tx, by, id);
      const account = await getLocked(tx, id);
      const done = await work(tx, account);
      await audit.record(tx, { ...done, subject: { kind: 'account', id } });
    });
  return {
    list: () => listStaff(db),
    /** Makes an account without a password and sends a link to choose one. */
    invite: (by: AccountId | 'operator', { name, login, role }: Invitation) =>
      transact(db, by === 'operator' ? by : actorOf(by), async (tx) => {
        const id = await accounts.add(tx, { name, login, staffRole: role });
        const account = await getLocked(tx, id);
        const token = await invite(tx, account);
        await audit.record(tx, { action: 'account.invited', subject: { kind: 'account', id }, after: { role } });
        await notices.tell(tx, {
          kind: 'account.invited',
          to: account.phone ? { phone: account.phone } : { email: account.email ?? '' },
          values: { name: account.name, role, hours: invitationLifeMs / 3_600_000 },
          path: invitationPath(token),
        });
        return { accountId: id, token };
      }),
    setRole: (by: AccountId, id: AccountId, role: StaffRole | null): Promise<void> =>
      change(by, id, async (tx, { staffRole }) => {
        await updateAccount(tx, id, { staffRole: role });
        // Rights that are gone must not linger in a page that is open; new ones begin with a new sign-in.
        await deleteSessionsOf(tx, id);
        return { action: 'account.role-changed', before: { role: staffRole }, after: { role } };
      }),
    disable: (by: AccountId, id: AccountId): Promise<void> =>
      change(by, id, async (tx) => {
        await updateAccount(tx, id, { disabledAt: now() });
        await deleteSessionsOf(tx, id);
        await deleteTokensOf(tx, id);
        return { action: 'account.disabled' };
      }),
    enable: (by: AccountId, id: AccountId): Promise<void> =>
      change(by, id, async (tx) => {
        await updateAccount(tx, id, { disabledAt: null });
        return { action: 'account.enabled' };
      }),
    endSessions: (by: AccountId, id: AccountId): Promise<void> =>
      change(by, id, async (tx) => {
        const ended = await deleteSessionsOf(tx, id);
        return { action: 'account.sessions-ended', after: { ended } };
      }),
    /** For who lost the phone: their factors are gone, and the next sign-in asks them to set one up. */
    clearFactors: (by: AccountId, id: AccountId): Promise<void> =>
      change(by, id, async (tx, account) => {
        await deleteFactorsOf(tx, id);
        await deleteSessionsOf(tx, id);
        await deleteDevicesOf(tx, id);
        await notices.tell(tx, { kind: 'account.factor-removed', to: { accountId: account.id } });
        return { action: 'account.factors-cleared' };
      }),
  };
}
