import type { Clock } from '#core/clock.ts';
import { etagOf } from '#http/etag.ts';
import type { ListRequest } from './types.ts';

/** Never older than this even if a signal was lost; a star that lapses at midnight is gone a second later. */
const maxAgeMs = 1_000;
const maxEntries = 500;

export type CachedList = { readonly bytes: Buffer; readonly etag: string; readonly nextCursor: string | null };

/** Finished bytes of product lists, by request. Dropped whole when the catalogue changes. */
export function createListCache(
  load: (request: ListRequest) => Promise<{ readonly items: readonly unknown[]; readonly nextCursor: string | null }>,
  now: Clock,
) {
  const entries = new Map<string, { readonly madeAt: number; readonly list: Promise<CachedList> }>();

  const make = async (request: ListRequest): Promise<CachedList> => {
    const page = await load(request);
    const bytes = Buffer.from(JSON.stringify(page));
    return { bytes, etag: etagOf(bytes), nextCursor: page.nextCursor };
  };

  return {
    get: (request: ListRequest): Promise<CachedList> => {
      const key = JSON.stringify(request);
      const found = entries.get(key);
      const at = now().getTime();
      if (found && at - found.madeAt < maxAgeMs && at >= found.madeAt) return found.list;
      if (entries.size >= maxEntries) entries.clear();
      const list = make(request);
      entries.set(key, { madeAt: at, list });
      list.catch(() => entries.delete(key));
      return list;
    },
    drop: (): void => entries.clear(),
  };
}
