import { randomBytes } from 'node:crypto';
import { generateSecret, generateURI, verifySync } from 'otplib';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { actorOf, type Holder, type IdentityDeps, keyedHash } from './deps.ts';
import { findAccount } from './queries/accounts.ts';
import {
  beginTotp,
  deletePasskey,
  deleteTotp,
  listFactors,
  lockTotp,
  replaceRecoveryCodes,
  saveTotp,
  takeRecoveryCode,
} from './queries/factors.ts';
import type { Sessions } from './sessions.ts';
import type { Throttling } from './throttling.ts';
import { type AccountId, identityProblems, type Opened, type PasskeyId, type Visit } from './types.ts';

const refuse = refusals(identityProblems);
export type Factors = ReturnType<typeof createFactors>;
type Parts = { readonly sessions: Sessions; readonly throttling: Throttling };

const issuer = 'Chợ Nổi';
const recoveryCodeCount = 10;
/** Seconds by which a phone's clock may be off, one step each way (RFC 6238 §5.2). */
const toleranceSeconds = 30;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ten characters of 5 bits, in two halves that are read aloud easily. */
const newRecoveryCode = (): string => {
  const letters = Array.from(randomBytes(10), (byte) => alphabet[byte & 31]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
};
const plainCode = (typed: string): string => typed.toLowerCase().replace(/[^0-9a-z]/g, '');

/** What is stored of factors, and how it is looked at, in a transaction of the caller's. */
function createFactorStore({ vault, audit, notices, now, secret }: IdentityDeps) {
  const aadOf = (accountId: AccountId): string => `totp_factors.seed_sealed:${accountId}`;
  const codeHash = (accountId: AccountId, code: string): string => keyedHash(secret, `recovery:${accountId}:${code}`);

  /** The step of the code, if it is right and later than the last one that was taken. */
  const stepOf = (seed: string, code: string, lastStep: number): number | undefined => {
    if (!/^\d{6}$/.test(code)) return undefined;
    const epoch = Math.floor(now().getTime() / 1000);
    const result = verifySync({ secret: seed, token: code, epoch, epochTolerance: toleranceSeconds });
    const step = result.valid && 'timeStep' in result ? result.timeStep : undefined;
    return step !== undefined && step > lastStep ? step : undefined;
  };
  const giveRecoveryCodes = async (tx: Tx, accountId: AccountId): Promise<readonly string[]> => {
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    const hashes = codes.map((code) => codeHash(accountId, plainCode(code)));
    await replaceRecoveryCodes(tx, accountId, hashes);
    return codes;
  };
  const takeTotp = async (tx: Tx, accountId: AccountId, code: string): Promise<boolean> => {
    const totp = await lockTotp(tx, accountId);
    if (!totp?.confirmedAt) return false;
    const step = stepOf(vault.open(totp.seedSealed, aadOf(accountId)), code, totp.lastStep);
    if (step === undefined) return false;
    await saveTotp(tx, accountId, { lastStep: step });
    return true;
  };
  const write = async (tx: Tx, accountId: AccountId, what: 'added' | 'removed' | 'recovery-used'): Promise<void> => {
    await audit.record(tx, { action: `account.factor-${what}`, subject: { kind: 'account', id: accountId } });
    await notices.tell(tx, { kind: `account.factor-${what}`, to: { accountId }, path: '/tai-khoan/xac-thuc' });
  };
  /** Whoever must have a factor keeps one. */
  const checkRest = async (tx: Tx, accountId: AccountId, mustHaveFactor: boolean): Promise<void> => {
    const { totpSince, passkeys } = await listFactors(tx, accountId);
    if (totpSince || passkeys.length > 0) return;
    if (mustHaveFactor) throw refuse('last-factor');
    await replaceRecoveryCodes(tx, accountId, []);
  };
  return { aadOf, codeHash, stepOf, giveRecoveryCodes, takeTotp, write, checkRest };
}

export function createFactors(deps: IdentityDeps, { sessions, throttling }: Parts) {
  const { db, vault, now } = deps;
  const store = createFactorStore(deps);
  const { aadOf, codeHash, stepOf, giveRecoveryCodes, takeTotp, write } = store;
  return {
    ...createFactorChanges(deps, sessions, store),
    giveRecoveryCodes,
    noteAdded: (tx: Tx, accountId: AccountId) => write(tx, accountId, 'added'),
    /** A seed for an app, as text and as the address that a QR code carries. Shown once; it counts once a code came back. */
    beginTotp: async (accountId: AccountId): Promise<{ readonly secret: string; readonly uri: string }> => {
      const account = await findAccount(db, accountId);
      const seed = generateSecret();
      const seedSealed = vault.seal(seed, aadOf(accountId));
      const begun = await transact(db, actorOf(accountId), (tx) =>
        beginTotp(tx, { accountId, seedSealed, createdAt: now() }),
      );
      if (!begun) throw refuse('factor-exists');
      const label = account?.email ?? account?.phone ?? account?.name ?? '';
      return { secret: seed, uri: generateURI({ issuer, label, secret: seed }) };
    },
    /** The first code shows that the app has the seed. The recovery codes are shown once, here. */
    confirmTotp: async (holder: Holder, code: string, visit: Visit) => {
      const { accountId } = holder;
      const owner = await sessions.isOwner(accountId);
      return throttling.slowly(`factor:${accountId}`, () =>
        transact(db, actorOf(accountId), async (tx) => {
          const totp = await lockTotp(tx, accountId);
          if (!totp || totp.confirmedAt) throw refuse('factor-not-begun');
          const step = stepOf(vault.open(totp.seedSealed, aadOf(accountId)), plainCode(code), totp.lastStep);
          if (step === undefined) throw refuse('wrong-code');
          await saveTotp(tx, accountId, { lastStep: step, confirmedAt: now() });
          const recoveryCodes = await giveRecoveryCodes(tx, accountId);
          await write(tx, accountId, 'added');
          return { recoveryCodes, opened: await sessions.renew(tx, holder, visit, { factor: true, owner }) };
        }),
      );
    },
    /**
     * The second step of signing in, and a fresh proof later. Wrong codes from browsers that are not known are counted for
     * the account, whatever first factors and addresses come between.
     */
    prove: async (holder: Holder, typed: string, visit: Visit): Promise<Opened> => {
      const { accountId } = holder;
      const code = plainCode(typed);
      const owner = await sessions.isOwner(accountId);
      return throttling.code(accountId, visit, () =>
        transact(db, actorOf(accountId), async (tx) => {
          const isTotp = await takeTotp(tx, accountId, code);
          if (!isTotp) {
            if (!(await takeRecoveryCode(tx, accountId, codeHash(accountId, code)))) throw refuse('wrong-code');
            await write(tx, accountId, 'recovery-used');
          }
          return sessions.renew(tx, holder, visit, { factor: true, owner });
        }),
      );
    },
  };
}

type FactorStore = ReturnType<typeof createFactorStore>;

/** What an account does to its factors once it has some. */
function createFactorChanges({ db, secondFactor }: IdentityDeps, sessions: Sessions, store: FactorStore) {
  const { giveRecoveryCodes, write, checkRest } = store;
  const mustHave = async (accountId: AccountId): Promise<boolean> =>
    secondFactor && ((await findAccount(db, accountId))?.staffRole !== null || (await sessions.isOwner(accountId)));
  return {
    list: (accountId: AccountId) => listFactors(db, accountId),
    newRecoveryCodes: (accountId: AccountId): Promise<readonly string[]> =>
      transact(db, actorOf(accountId), async (tx) => {
        const { totpSince, passkeys } = await listFactors(tx, accountId);
        if (!totpSince && passkeys.length === 0) throw refuse('factor-not-found');
        return giveRecoveryCodes(tx, accountId);
      }),
    removeTotp: async (accountId: AccountId): Promise<void> => {
      const must = await mustHave(accountId);
      await transact(db, actorOf(accountId), async (tx) => {
        if (!(await deleteTotp(tx, accountId))) throw refuse('factor-not-found');
        await checkRest(tx, accountId, must);
        await write(tx, accountId, 'removed');
      });
    },
    removePasskey: async (accountId: AccountId, id: PasskeyId): Promise<void> => {
      const must = await mustHave(accountId);
      await transact(db, actorOf(accountId), async (tx) => {
        if (!(await deletePasskey(tx, accountId, id))) throw refuse('factor-not-found');
        await checkRest(tx, accountId, must);
        await write(tx, accountId, 'removed');
      });
    },
  };
}
