import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { clean } from '#core/vietnamese.ts';
import type { Db } from '#db/client.ts';
import type { Vault } from '#db/sealed.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { Notices } from '#features/notices/index.ts';
import { readPhone } from './phone.ts';
import type { Login } from './queries/accounts.ts';
import type { AccountId, IdentityProvider, SessionId } from './types.ts';

export type IdentityDeps = {
  readonly db: Db;
  readonly businesses: Businesses;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly vault: Vault;
  readonly now: Clock;
  /** As people type it: passkeys are bound to its host, and providers lead back to it. */
  readonly publicUrl: string;
  /** Staff and owners must give a second factor. Off in the demonstration, where one press signs in. */
  readonly secondFactor: boolean;
  /** Keyed hashes of what is too short to be hashed without a key: codes, and passwords tried on many accounts. */
  readonly secret: string;
  readonly provider: IdentityProvider | undefined;
};

/** Who holds a session that may still owe something. */
export type Holder = { readonly accountId: AccountId; readonly sessionId: SessionId };

/** 256 random bits, for a cookie or a link. */
export const newToken = (): string => randomBytes(32).toString('base64url');
/** What is stored of them: they are too long to be guessed, so the hash needs no salt. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
export const keyedHash = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url');

export const readLogin = (login: string): Login => ({ phone: readPhone(login), email: clean(login).toLowerCase() });
export const actorOf = (accountId: AccountId): string => `account:${accountId}`;
