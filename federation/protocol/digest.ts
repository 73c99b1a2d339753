import { createHash, timingSafeEqual } from 'node:crypto';
import { isInnerList, parseDictionary } from 'structured-headers';

const sha256 = (body: Uint8Array): Buffer => createHash('sha256').update(body).digest();

/** The RFC 9530 `Content-Digest` of these bytes, with SHA-256. */
export const contentDigest = (body: Uint8Array): string => `sha-256=:${sha256(body).toString('base64')}:`;

/**
 * Whether `header` names the SHA-256 of these very bytes. RFC 9421 libraries check that the header was signed and leave
 * the body to us: without this a changed body passes under a valid signature.
 */
export function digestMatches(header: string, body: Uint8Array): boolean {
  try {
    const member = parseDictionary(header).get('sha-256');
    if (!member || isInnerList(member) || !(member[0] instanceof ArrayBuffer)) return false;
    const claimed = Buffer.from(member[0]);
    const actual = sha256(body);
    return claimed.length === actual.length && timingSafeEqual(claimed, actual);
  } catch {
    return false;
  }
}
