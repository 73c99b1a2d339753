import { Compile } from 'typebox/compile';
import { Profile, WELL_KNOWN_PATH } from '../protocol/documents.ts';
import { thumbprint } from '../protocol/keys.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { PullFailure } from './failure.ts';
import type { PeerHttp } from './http.ts';

const maxProfileBytes = 65_536;
const check = Compile(Profile);

/**
 * Reads what the exchange at `baseUrl` says about itself. It is not signed, so it proves nothing: a key in it is
 * believed only when its fingerprint came by another way. Throws PullFailure; an exchange may not speak for another's domain.
 */
export async function fetchProfile(http: PeerHttp, baseUrl: URL): Promise<Profile> {
  const url = new URL(WELL_KNOWN_PATH, baseUrl);
  const headers = { accept: 'application/json', 'accept-encoding': 'identity' };
  const { status, body } = await http.send({ method: 'GET', url, headers, maxBytes: maxProfileBytes });
  if (status !== 200) throw new PullFailure('http-status', `${url.href} answered ${status}`, { status });
  const profile = parseBoundedJson(body);
  if (!check.Check(profile)) {
    const [fault] = check.Errors(profile);
    throw new PullFailure('malformed', `${url.href} is no profile: ${fault?.instancePath} ${fault?.message}`);
  }
  if (profile.exchange.origin !== url.host) {
    throw new PullFailure('malformed', `${url.host} claims to be ${profile.exchange.origin}`);
  }
  const misnamed = profile.keys.find(({ kid, kty, crv, x }) => thumbprint({ kty, crv, x }) !== kid);
  if (misnamed) throw new PullFailure('malformed', `the key ${misnamed.kid} is not named by its thumbprint`);
  return profile;
}
