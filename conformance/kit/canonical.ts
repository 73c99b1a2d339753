import { createHash } from 'node:crypto';

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** RFC 8785. JavaScript writes numbers and strings as the RFC wants; what is left is the order of the members. */
export function canonical(value: unknown): string {
  if (typeof value === 'string' && !value.isWellFormed()) throw new Error('A lone surrogate has no canonical form');
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('JSON has no such number');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonical(name)}:${canonical(member)}`).join(',')}}`;
}

/** SHA-256 of what the record says: all but `rev`, `hash`, `at` and `via`. */
export function recordHash(record: object): string {
  const { rev: _rev, hash: _hash, at: _at, via: _via, ...said } = record as Record<string, unknown>;
  return sha256(canonical(said));
}

export type Named = { readonly uri: string; readonly rev: number; readonly hash: string };

/** SHA-256 over the sorted lines `uri rev hash`. */
export const rootOf = (records: readonly Named[]): string =>
  sha256(
    records
      .map(({ uri, rev, hash }) => `${uri} ${rev} ${hash}\n`)
      .sort((a, b) => (a < b ? -1 : 1))
      .join(''),
  );

export const bucketOf = (uri: string): number => Number.parseInt(sha256(uri).slice(0, 2), 16);

export function bucketsOf(records: readonly Named[]): readonly string[] {
  const buckets = Array.from({ length: 256 }, (): Named[] => []);
  for (const record of records) buckets[bucketOf(record.uri)]?.push(record);
  return buckets.map(rootOf);
}

export const rootOfBuckets = (hashes: readonly string[]): string => sha256(hashes.map((hash) => `${hash}\n`).join(''));
