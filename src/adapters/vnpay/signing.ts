import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * VNPAY 2.1.0 as it is described at sandbox.vnpayment.vn/apis: members sorted by name, encoded as a form is (a space is
 * `+`), and the HMAC-SHA512 of that text in hex. The shared secret of VNPAY is the key as it is written.
 */
export const hashOf = (secret: string, text: string): string =>
  createHmac('sha512', secret).update(text, 'utf8').digest('hex');

export const sameHash = (expected: string, given: string): boolean => {
  const [a, b] = [Buffer.from(expected), Buffer.from(given.toLowerCase())];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** The query of a payment's address. Empty members are left out, by VNPAY's rule. */
export function signedQuery(secret: string, members: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(members)
    .filter(([, value]) => value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const query = new URLSearchParams(sorted).toString();
  return `${query}&vnp_SecureHash=${hashOf(secret, query)}`;
}

/** The members of a query that VNPAY signed; undefined when it did not. */
export function readSigned(secret: string, query: string): ReadonlyMap<string, string> | undefined {
  const given = new URLSearchParams(query);
  const hash = given.get('vnp_SecureHash') ?? '';
  const members = [...given].filter(
    ([name, value]) => name.startsWith('vnp_') && !/^vnp_SecureHash(Type)?$/.test(name) && value !== '',
  );
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A member that stands twice could be signed by one value and read by the other.
  if (new Set(sorted.map(([name]) => name)).size !== sorted.length) return undefined;
  const expected = hashOf(secret, new URLSearchParams(sorted).toString());
  return sameHash(expected, hash) ? new Map(sorted) : undefined;
}

/** What is asked server to server is signed over its values in a fixed order, with bars between. */
export const hashOfValues = (secret: string, values: readonly string[]): string => hashOf(secret, values.join('|'));
