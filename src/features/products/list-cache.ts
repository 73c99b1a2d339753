import type { Clock } from '#core/clock.ts';
import { etagOf } from '#http/etag.ts';

/** Never older than this even if a signal was lost; a star that lapses at midnight is gone a second later. */
const maxAgeMs = 1_000;
const maxEntries = 500;

/**
 * Keeps what was read of the catalogue, by key. Dropped whole when the catalogue changes. Whoever asks while it is being
 * read waits for the same reading.
 */
export function createKept(now: Clock) {
  const entries = new Map<string, { readonly madeAt: number; readonly value: Promise<unknown> }>();
  return {
    get: <T>(key: string, read: () => Promise<T>): Promise<T> => {
      const found = entries.get(key);
      const at = now().getTime();
      if (found && at - found.madeAt < maxAgeMs && at >= found.madeAt) return found.value as Promise<T>;
      if (entries.size >= maxEntries) entries.clear();
      const entry = { madeAt: at, value: read() };
      entries.set(key, entry);
      entry.value.catch(() => entries.get(key) === entry && entries.delete(key));
      return entry.value;
    },
    drop: (): void => entries.clear(),
  };
}

export type CachedList = { readonly bytes: Buffer; readonly etag: string; readonly nextCursor: string | null };

/** A page as the finished bytes of its answer. */
export function bytesOf(page: { readonly items: readonly unknown[]; readonly nextCursor: string | null }): CachedList {
  const bytes = Buffer.from(JSON.stringify(page));
  return { bytes, etag: etagOf(bytes), nextCursor: page.nextCursor };
}
