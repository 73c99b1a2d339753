import { refusals } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import { hashOf, type IdentityDeps, keyedHash } from './deps.ts';
import { isKnownDevice } from './queries/sessions.ts';
import { clearThrottle, countAttempt, lockThrottle, saveThrottle, uncountAttempt } from './queries/throttles.ts';
import { addressGroup, delayAfterMs, FAILURES_KEPT_MS, SIGN_IN_LIMITS } from './rules.ts';
import { type AccountId, identityProblems, type Visit } from './types.ts';

const refuse = refusals(identityProblems);
/**
 * Runs `work` unless one of the keys failed too often in this quarter of an hour: 429 then. What succeeds does not count.
 * Counted in the database, so that replicas share it.
 */
export type Guarded = <T>(keys: readonly (readonly [key: string, max: number])[], work: () => Promise<T>) => Promise<T>;
type Window = { readonly key: string; readonly max: number; readonly windowMs: number };
export type Guess = {
  readonly accountId: AccountId | undefined;
  /** What was typed as login, in one spelling. */
  readonly login: string;
  readonly password: string;
  readonly visit: Visit;
};
export type Throttling = ReturnType<typeof createThrottling>;

const quarterMs = 15 * 60_000;

export function createThrottling({ db, now, secret }: Pick<IdentityDeps, 'db' | 'now' | 'secret'>) {
  const tooMany = (until: Date) =>
    refuse('too-many-attempts', {
      retryAfterSeconds: Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000)),
    });
  const startOf = ({ windowMs }: Window): Date => new Date(Math.floor(now().getTime() / windowMs) * windowMs);
  /** Counted before the work, so that a burst cannot pass while the first guess is still being looked at. */
  const count = async (window: Window): Promise<Date> => {
    const start = startOf(window);
    if ((await countAttempt(db, window.key, start)) <= window.max) return start;
    // What was refused was not tried: many who are right at once must not add up to a closed door.
    await uncountAttempt(db, window.key, start);
    throw tooMany(new Date(start.getTime() + window.windowMs));
  };
  const within = async <T>(windows: readonly Window[], work: () => Promise<T>): Promise<T> => {
    const starts: Date[] = [];
    for (const window of windows) starts.push(await count(window));
    const result = await work();
    for (const [index, { key }] of windows.entries()) await uncountAttempt(db, key, starts[index] ?? now());
    return result;
  };
  /** One guess more under the key, or 429 while the last wrong one has to be waited for. */
  const hold = (key: string): Promise<void> =>
    transact(db, 'system:throttle', async (tx) => {
      const held = await lockThrottle(tx, key, now());
      // Looked at once the lock is had: whoever came a moment before, and waited, is not too early.
      const at = now();
      if (held.blockedUntil > at) throw tooMany(held.blockedUntil);
      const stale = at.getTime() - held.updatedAt.getTime() > FAILURES_KEPT_MS;
      const failures = stale ? 1 : held.failures + 1;
      const blockedUntil = new Date(at.getTime() + delayAfterMs(failures));
      await saveThrottle(tx, { key, failures, blockedUntil, updatedAt: at });
    });
  const slowly = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    await hold(key);
    const result = await work();
    await clearThrottle(db, key);
    return result;
  };
  const knownDevice = async (accountId: AccountId, visit: Visit): Promise<string | undefined> => {
    const device = visit.device && hashOf(visit.device);
    return device && (await isKnownDevice(db, accountId, device)) ? device : undefined;
  };
  return {
    guarded: ((keys, work) =>
      within(
        keys.map(([key, max]) => ({ key, max, windowMs: quarterMs })),
        work,
      )) satisfies Guarded as Guarded,
    /** Runs `work`, each wrong try of which makes the next wait longer. */
    slowly,
    /**
     * One try at a code of the second factor. From a browser that came in before it is counted for itself here too:
     * whoever got hold of the password and guesses codes elsewhere does not keep the owner out.
     */
    code: async <T>(accountId: AccountId, visit: Visit, work: () => Promise<T>): Promise<T> => {
      const device = await knownDevice(accountId, visit);
      return slowly(device ? `factor:${device}:${accountId}` : `factor:${accountId}`, work);
    },
    /** So many an hour, whether or not they succeed. */
    atMost: (key: string, max: number) => count({ key, max, windowMs: 60 * 60_000 }),
    /**
     * One try at a password. A browser that signed in to this account before is counted for itself, so that whoever
     * guesses from elsewhere, however much, does not lock its owner out. All others share one count an account; and one
     * an address, one a password, and one over the exchange.
     */
    guess: async <T>({ accountId, login, password, visit }: Guess, work: () => Promise<T>): Promise<T> => {
      const device = accountId && (await knownDevice(accountId, visit));
      if (device) return slowly(`device:${device}:${accountId}`, work);
      const { address, password: same, everywhere } = SIGN_IN_LIMITS;
      const windows = [
        { key: `sign-in:${addressGroup(visit.address)}`, ...address },
        // Six characters of a keyed hash: enough to count by, too few to find a password again.
        { key: `password:${keyedHash(secret, password).slice(0, 6)}`, ...same },
        { key: 'sign-in', ...everywhere },
      ];
      const key = accountId ? `account:${accountId}` : `login:${hashOf(login)}`;
      return within(windows, () => slowly(key, work));
    },
  };
}
