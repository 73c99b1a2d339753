import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Caller } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { actorOf, hashOf, type IdentityDeps, newToken } from './deps.ts';
import {
  countLiveKeys,
  findLiveKey,
  insertKey,
  type KeyRow,
  listKeys,
  lockBusinessKeys,
  revokeKey,
  touchKey,
} from './queries/keys.ts';
import { checkKey, type KeyWish } from './rules.ts';
import { type AccountId, type ApiKeyId, identityProblems } from './types.ts';
import { listNames, type NamedBusiness } from './views.ts';

const refuse = refusals(identityProblems);

const maxKeys = 20;
const seenEveryMs = 60_000;
/** By it a scanner of leaked secrets knows one of ours. */
const mark = 'cnk_';

export type KeyState = Omit<KeyRow, 'keyHash'> & { readonly state: 'live' | 'expired' | 'revoked' };
const stateOf = ({ revokedAt, expiresAt }: KeyRow, now: Date): KeyState['state'] => {
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'live';
};

export function createApiKeys({ db, audit, notices, now }: IdentityDeps) {
  const view = ({ keyHash: _secret, ...key }: KeyRow): KeyState => ({
    ...key,
    state: stateOf({ ...key, keyHash: '' }, now()),
  });
  return {
    listBusinesses: (businessIds: readonly BusinessId[]): Promise<NamedBusiness[]> => listNames(db, businessIds),
    list: async (businessIds: readonly BusinessId[]): Promise<readonly KeyState[]> =>
      (await readAsSeller(db, businessIds, (reader) => listKeys(reader, businessIds))).map(view),
    /** The key itself is in the answer and nowhere else: only its hash is kept. */
    make: async (accountId: AccountId, businessId: BusinessId, wish: KeyWish) => {
      const { name, scopes, expiresAt } = checkKey(wish, now());
      const key = `${mark}${newToken()}`;
      const id: ApiKeyId = newId();
      const row = {
        id,
        businessId,
        name,
        keyHash: hashOf(key),
        prefix: key.slice(0, mark.length + 6),
        scopes: [...scopes],
        createdBy: accountId,
        createdAt: now(),
        expiresAt,
      };
      await transactAsSeller(db, { actor: actorOf(accountId), businessIds: [businessId] }, async (tx) => {
        await lockBusinessKeys(tx, businessId);
        if ((await countLiveKeys(tx, businessId, now())) >= maxKeys) throw refuse('keys-too-many');
        await insertKey(tx, row);
        const after = { name, scopes, expiresAt, businessId };
        await audit.record(tx, { action: 'api-key.made', subject: { kind: 'api-key', id }, after });
        await notices.tell(tx, {
          kind: 'business.api-key-made',
          to: { businessId, roles: ['owner'] },
          values: { name },
          path: '/ban-hang/khoa-api',
        });
      });
      return { key, ...view({ ...row, lastUsedAt: null, revokedAt: null }) };
    },
    revoke: (accountId: AccountId, businessIds: readonly BusinessId[], id: ApiKeyId): Promise<void> =>
      transactAsSeller(db, { actor: actorOf(accountId), businessIds }, async (tx) => {
        const key = await revokeKey(tx, businessIds, id, now());
        if (!key) throw refuse('key-not-found');
        const after = { name: key.name, businessId: key.businessId };
        await audit.record(tx, { action: 'api-key.revoked', subject: { kind: 'api-key', id }, after });
      }),
    /** Whoever calls with `Authorization: Bearer`. A key that is not ours, over or revoked is nobody, and no cookie helps. */
    callerOf: async (bearer: string): Promise<Caller> => {
      const at = now();
      const key = bearer.startsWith(mark) ? await findLiveKey(db, hashOf(bearer), at) : undefined;
      if (!key) throw httpProblem('key-not-accepted');
      if (!key.lastUsedAt || at.getTime() - key.lastUsedAt.getTime() > seenEveryMs) await touchKey(db, key.id, at);
      return { kind: 'key', keyId: key.id, businessId: key.businessId, scopes: key.scopes };
    },
  };
}
