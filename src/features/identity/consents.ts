import { newId } from '#core/ids.ts';
import { type Tx, transact } from '#db/client.ts';
import { actorOf, type IdentityDeps } from './deps.ts';
import { type ConsentRow, insertConsents, listConsents } from './queries/privacy.ts';
import { type AccountId, PURPOSES, type Purpose } from './types.ts';

/** Which words of /quyen-rieng-tu are asked for. Whoever changes what the page promises puts a new date here. */
export const POLICY_VERSION = '2026-11-27';

export type ConsentState = {
  readonly purpose: Purpose;
  readonly granted: boolean;
  readonly policyVersion: string | null;
  readonly since: Date | null;
};
export type Consents = ReturnType<typeof createConsents>;

/** What holds of each purpose: the newest word on it, and no without one. */
const stateOf = (rows: readonly ConsentRow[]): readonly ConsentState[] =>
  PURPOSES.map((purpose) => {
    const newest = rows.find((row) => row.purpose === purpose);
    return {
      purpose,
      granted: newest?.granted ?? false,
      policyVersion: newest?.policyVersion ?? null,
      since: newest?.happenedAt ?? null,
    };
  });

export function createConsents({ db, now }: Pick<IdentityDeps, 'db' | 'now'>) {
  const write = (tx: Tx, accountId: AccountId, said: readonly (readonly [Purpose, boolean])[]): Promise<void> =>
    insertConsents(
      tx,
      said.map(([purpose, granted]) => ({
        id: newId<'Consent'>(),
        accountId,
        purpose,
        granted,
        policyVersion: POLICY_VERSION,
        happenedAt: now(),
      })),
    );
  const list = async (accountId: AccountId) => stateOf(await listConsents(db, accountId));
  return {
    write,
    list,
    /** Whether something may be done that needs consent: mail about offers, data passed on. */
    holds: async (accountId: AccountId, purpose: Purpose): Promise<boolean> =>
      (await list(accountId)).some((state) => state.purpose === purpose && state.granted),
    /** Says yes or no to a purpose; saying the same again changes nothing. */
    set: (accountId: AccountId, purpose: Purpose, granted: boolean): Promise<void> =>
      transact(db, actorOf(accountId), async (tx) => {
        const state = stateOf(await listConsents(tx, accountId)).find((one) => one.purpose === purpose);
        if (state?.granted !== granted) await write(tx, accountId, [[purpose, granted]]);
      }),
  };
}
