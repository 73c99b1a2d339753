import { createAccounts } from './accounts.ts';
import { createApiKeys } from './api-keys.ts';
import { createConsents } from './consents.ts';
import { createFactors } from './factors.ts';
import { createPasskeys } from './passkeys.ts';
import { createPrivacy, type PrivacyDeps } from './privacy.ts';
import { createProviderSignIn } from './provider-sign-in.ts';
import { createSessions } from './sessions.ts';
import { createSigningIn } from './signing-in.ts';
import { createStaffing } from './staffing.ts';
import { createThrottling } from './throttling.ts';

export type Identity = ReturnType<typeof createIdentity>;

/** Who somebody is and what they may open: each part a file of its own, joined here. */
export const createIdentity = (deps: PrivacyDeps) => {
  const throttling = createThrottling(deps);
  const sessions = createSessions(deps);
  const consents = createConsents(deps);
  const accounts = createAccounts(deps, { sessions, throttling, consents });
  const factors = createFactors(deps, { sessions, throttling });
  const privacy = createPrivacy(deps, { sessions, consents });
  return {
    guarded: throttling.guarded,
    /** So many an hour under a key, whether or not they succeed. 429 `too-many-attempts`. */
    atMost: throttling.atMost,
    addAccount: accounts.add,
    getAccount: accounts.get,
    callerOf: sessions.callerOf,
    signOut: sessions.signOut,
    logReading: privacy.logReading,
    accounts,
    sessions,
    signingIn: createSigningIn(deps, { sessions, throttling }),
    factors,
    passkeys: createPasskeys(deps, { sessions, factors }),
    provider: createProviderSignIn(deps, { sessions }),
    staffing: createStaffing(deps, { accounts }),
    keys: createApiKeys(deps),
    consents,
    privacy,
  };
};
