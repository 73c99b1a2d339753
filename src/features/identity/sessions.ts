import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Reader, type Tx, transact } from '#db/client.ts';
import type { Caller, Membership } from '#http/access.ts';
import { actorOf, type Holder, hashOf, type IdentityDeps, newToken } from './deps.ts';
import {
  deleteOwnSession,
  deleteSession,
  deleteSessionsOf,
  findSession,
  insertSession,
  listSessionsOf,
  renewSession,
  saveDevice,
  touchSession,
} from './queries/sessions.ts';
import { deviceName, isAlive, isFresh, LONGEST_SESSION_MS, needsOf, type SessionFacts, touchEveryMs } from './rules.ts';
import { type AccountId, identityProblems, type Opened, type SessionId, type Visit } from './types.ts';

const refuse = refusals(identityProblems);
const nobody: Caller = { kind: 'nobody' };
export type Sessions = ReturnType<typeof createSessions>;

const roleOwner = ({ role }: Membership): boolean => role === 'owner';

type Proof = {
  /** By something that counts as two factors: a passkey, or the code after the password. */
  readonly factor?: boolean;
  /** Asked of `isOwner` before the transaction: inside, a second connection could be waited for in vain. */
  readonly owner?: boolean;
};

/** A session with its account, its limits and what it owes, for whoever holds its secret. */
async function read(reader: Reader, { now, secondFactor }: IdentityDeps, secret: string, owns: Owns) {
  const row = await findSession(reader, hashOf(secret), now());
  if (!row) return undefined;
  const owner = await owns(row.accountId);
  const isStaff = row.staffRole !== null;
  const facts: SessionFacts = { ...row, isStaff, mustHaveFactor: secondFactor && (isStaff || owner) };
  return { ...row, facts };
}
type Owns = (accountId: AccountId) => Promise<boolean> | boolean;

/** The browser becomes known only once nothing is owed any more: half a proof makes no friend. */
async function settle(tx: Tx, deps: IdentityDeps, secret: string, visit: Visit, owner: boolean): Promise<Opened> {
  const { notices, audit, now } = deps;
  const held = await read(tx, deps, secret, () => owner);
  if (!held) throw refuse('session-not-found');
  const { accountId } = held;
  const needs = needsOf(held.facts);
  const device = visit.device ?? newToken();
  if (needs !== null) return { secret, device, needs };
  if (await saveDevice(tx, accountId, hashOf(device), now()))
    await notices.tell(tx, {
      kind: 'account.new-device',
      to: { accountId },
      values: { device: deviceName(visit.userAgent), address: visit.address },
      path: '/tai-khoan/phien',
    });
  if (held.staffRole) {
    const subject = { kind: 'account', id: accountId };
    await audit.record(tx, { action: 'session.opened', subject, address: visit.address });
  }
  return { secret, device, needs };
}

export function createSessions(deps: IdentityDeps) {
  const { db, businesses, now } = deps;
  return {
    isOwner: async (accountId: AccountId): Promise<boolean> =>
      (await businesses.listMembershipsOf(accountId)).some(roleOwner),
    /** A session for whoever proved to be that account. */
    open: async (tx: Tx, accountId: AccountId, visit: Visit, { factor = false, owner = false }: Proof = {}) => {
      const secret = newToken();
      const at = now();
      await insertSession(tx, {
        idHash: hashOf(secret),
        id: newId<'Session'>(),
        accountId,
        createdAt: at,
        lastSeenAt: at,
        expiresAt: new Date(at.getTime() + LONGEST_SESSION_MS),
        userAgent: visit.userAgent.slice(0, 300).toWellFormed(),
        address: visit.address,
        provedAt: at,
        factorAt: factor ? at : null,
      });
      return settle(tx, deps, secret, visit, owner);
    },
    /** After another proof in a session: it gets another secret, and the one before is dead. */
    renew: async (tx: Tx, { sessionId }: Holder, visit: Visit, { factor = false, owner = false }: Proof = {}) => {
      const secret = newToken();
      const at = now();
      const proof = { idHash: hashOf(secret), lastSeenAt: at, provedAt: at, ...(factor && { factorAt: at }) };
      if (!(await renewSession(tx, sessionId, proof))) throw refuse('session-not-found');
      return settle(tx, deps, secret, visit, owner);
    },
    /** Whoever holds the session. Read anew for each request: ended means ended, on every replica. */
    callerOf: async (secret: string | undefined): Promise<Caller> => {
      if (!secret) return nobody;
      const at = now();
      let memberships: readonly Membership[] = [];
      const held = await read(db, deps, secret, async (accountId) => {
        memberships = await businesses.listMembershipsOf(accountId);
        return memberships.some(roleOwner);
      });
      if (!held || !isAlive(held.facts, at)) return nobody;
      const { facts, id: sessionId, accountId, name, staffRole } = held;
      const fresh = isFresh(facts, at);
      const needs = needsOf(facts);
      if (needs !== null) return { kind: 'halfway', accountId, sessionId, needs, fresh };
      if (at.getTime() - facts.lastSeenAt.getTime() > touchEveryMs(facts.isStaff))
        await touchSession(db, hashOf(secret), at);
      return { kind: 'account', accountId, sessionId, name, staffRole, memberships, fresh };
    },
    signOut: (secret: string): Promise<void> => deleteSession(db, hashOf(secret)),
    list: async (accountId: AccountId) =>
      (await listSessionsOf(db, accountId)).map(({ userAgent, provedAt: _proved, factorAt, ...session }) => ({
        ...session,
        device: deviceName(userAgent),
        twoFactors: factorAt !== null,
      })),
    end: (accountId: AccountId, id: SessionId): Promise<void> =>
      transact(db, actorOf(accountId), async (tx) => {
        if (!(await deleteOwnSession(tx, accountId, id))) throw refuse('session-not-found');
      }),
    /** All but the one that asks; how many there were. */
    endOthers: ({ accountId, sessionId }: Holder): Promise<number> =>
      transact(db, actorOf(accountId), (tx) => deleteSessionsOf(tx, accountId, sessionId)),
  };
}
