import type { Configuration } from 'openid-client';
import type { IdentityProvider } from '#features/identity/types.ts';

type Options = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly label: string;
  readonly fetch: typeof fetch;
};

/** Loaded when somebody signs in by it: most exchanges name no provider. */
const loadClient = () => import('openid-client');

/** Seconds that a provider may take for one answer. */
const timeoutSeconds = 8;

/**
 * Any provider that speaks OpenID Connect, by the code flow with PKCE, state and nonce. The library checks issuer,
 * audience, expiry and signature of what comes back. Plain http is taken of this machine alone, which is for tests.
 */
export function createOidc({ issuer, clientId, clientSecret, label, fetch }: Options): IdentityProvider {
  let found: Promise<Configuration> | undefined;
  const discover = async (): Promise<Configuration> => {
    const client = await loadClient();
    return await client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: timeoutSeconds,
      [client.customFetch]: (url, options) => fetch(url, options as RequestInit),
      execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
    });
  };
  const configuration = (): Promise<Configuration> => {
    found ??= discover().catch((error: unknown) => {
      // The next one who presses the button asks again.
      found = undefined;
      throw error;
    });
    return found;
  };
  return {
    label,
    begin: async (redirectUri, { state, nonce, verifier }) => {
      const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await loadClient();
      const address = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return address.href;
    },
    finish: async (calledBack, { state, nonce, verifier }) => {
      const { authorizationCodeGrant } = await loadClient();
      const tokens = await authorizationCodeGrant(await configuration(), new URL(calledBack), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('The provider sent no ID token');
      return {
        issuer: claims.iss,
        subject: claims.sub,
        name: typeof claims.name === 'string' ? claims.name : undefined,
      };
    },
  };
}
