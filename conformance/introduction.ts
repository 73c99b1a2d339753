import { createServer, type Server } from 'node:http';
import type { Identity } from './kit/keys.ts';
import { schemaDigests } from './kit/schemas.ts';
import { PROFILE_PATH, VERSION } from './kit/session.ts';

/**
 * The profile of a partner that offers nothing, so that a target can pin the key of the kit in its ordinary way. Answers
 * everything else by 404.
 */
export function createIntroduction({ jwk, keyid }: Identity, origin: () => string): Server {
  return createServer((request, response) => {
    const isProfile = request.url === PROFILE_PATH && request.method === 'GET';
    const profile = {
      protocol: 'ocop-fed/1',
      versions: [VERSION],
      exchange: { origin: origin(), name: { vi: 'Bộ kiểm định liên thông', en: 'Conformance kit' } },
      endpoints: {},
      capabilities: [],
      limits: { maxChanges: 500 },
      keys: [{ ...jwk, kid: keyid }],
      schemas: Object.fromEntries(schemaDigests()),
    };
    response.writeHead(isProfile ? 200 : 404, {
      'content-type': isProfile ? 'application/json' : 'application/problem+json',
    });
    response.end(JSON.stringify(isProfile ? profile : { status: 404, code: 'not-found' }));
  });
}
