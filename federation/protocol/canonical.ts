import { createHash } from 'node:crypto';
import serialize from 'canonicalize';

/** RFC 8785 text of a JSON value. Throws Error on NaN, Infinity, lone surrogates and anything JSON cannot say. */
export function canonicalForm(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new Error('The value has no JSON form');
  return text;
}

const envelopeMembers = new Set(['rev', 'hash', 'at', 'via']);

/** The text that a record's hash is of: its canonical form without `rev`, `hash`, `at` and `via`. Throws as `canonicalForm` does. */
export function contentForm(record: object): string {
  const content: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(record)) if (!envelopeMembers.has(member)) content[member] = value;
  return canonicalForm(content);
}

/** SHA-256 (lower-case hex) of that text: two revisions that say the same thing have the same hash, whoever relays them. */
export const recordHash = (record: object): string => sha256Hex(contentForm(record));

/** SHA-256 in lower-case hex. Text is hashed as UTF-8. */
export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

export type HashedRecord = { readonly uri: string; readonly rev: number; readonly hash: string };

/**
 * One hash over a set of records, whatever their order: SHA-256 over the sorted lines `uri rev hash`, each ended by a
 * line feed. Uris are ASCII, so sorting by code unit is sorting by byte in every language.
 */
export function rootHash(records: Iterable<HashedRecord>): string {
  const lines = Array.from(records, ({ uri, rev, hash }) => `${uri} ${rev} ${hash}\n`).sort((a, b) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line);
  return hash.digest('hex');
}

export const BUCKETS = 256;

/** The bucket in which a record is compared: the first byte of SHA-256 of its uri. */
export const bucketOf = (uri: string): number => createHash('sha256').update(uri).digest().readUInt8(0);

/** The hash of each bucket, in order. A bucket without records has the hash of no bytes. */
export function bucketHashes(records: Iterable<HashedRecord>): readonly string[] {
  const buckets = Array.from({ length: BUCKETS }, (): HashedRecord[] => []);
  for (const record of records) buckets[bucketOf(record.uri)]?.push(record);
  return buckets.map(rootHash);
}

/** One hash over the hashes of all buckets: SHA-256 over the lines `hash`, each ended by a line feed. */
export const bucketRoot = (hashes: readonly string[]): string => sha256Hex(hashes.map((hash) => `${hash}\n`).join(''));
