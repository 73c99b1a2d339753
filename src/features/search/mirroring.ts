import { type Db, transact } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import {
  countDocuments,
  type DocumentRow,
  databaseNow,
  listChangedSince,
  listDocumentsAfter,
  listUnmirrored,
  markMirrored,
  markRebuilt,
} from './queries.ts';
import type { MirrorChange, MirrorRebuild, SearchMirror } from './types.ts';

const actor = 'system:search';
const batch = 8_000;
/** Meilisearch takes what waits for it as one piece of work: four parts cost it little more than one. */
const partSize = 2_000;
/** A transaction that began before a rebuild may commit after it read; none lives this long. */
const longestTransactionMs = 120_000;

const changeOf = (rows: readonly DocumentRow[]): MirrorChange => ({
  saved: rows.filter(({ removed }) => !removed).map(({ document }) => document),
  removed: rows.filter(({ removed }) => removed).map(({ productId }) => productId),
});

async function writeParts(to: Pick<SearchMirror, 'write'>, rows: readonly DocumentRow[]): Promise<void> {
  const parts = Array.from({ length: Math.ceil(rows.length / partSize) }, (_, part) =>
    rows.slice(part * partSize, (part + 1) * partSize),
  );
  await Promise.all(parts.map((part) => to.write(changeOf(part))));
}

/** A sale or an edit moves one count on before the other; more than that means that documents were lost on the way. */
async function requireWhole(db: Db, next: MirrorRebuild): Promise<void> {
  const [there, wanted] = [await next.count(), await countDocuments(db)];
  if (Math.abs(there - wanted) > Math.max(20, wanted / 100))
    throw new Error(`The new index holds ${there} of ${wanted} documents and was not swapped in`);
}

/** Keeps `mirror` like `search_documents`. Every method rejects when the mirror is away; the rows stay marked till it is back. */
export function createMirroring(db: Db, mirror: SearchMirror) {
  const sendWaiting = async (): Promise<void> => {
    for (;;) {
      const rows = await listUnmirrored(db, batch);
      if (rows.length === 0) return;
      await writeParts(mirror, rows);
      await transact(db, actor, (tx) => markMirrored(tx, rows));
    }
  };

  const fill = async (next: MirrorRebuild, since: Date): Promise<void> => {
    for (let after: ProductId | undefined; ; ) {
      const rows = await listDocumentsAfter(db, after, batch);
      if (rows.length === 0) break;
      await writeParts(next, rows);
      after = rows.at(-1)?.productId;
    }
    // What changed while the index was filled, so that the swap itself shows nothing old.
    await writeParts(next, await listChangedSince(db, since, batch));
    await requireWhole(db, next);
  };

  /** Fills a new index beside the live one and swaps it in; what changes meanwhile is sent again after. */
  const rebuild = async (): Promise<void> => {
    const since = new Date((await databaseNow(db)).getTime() - longestTransactionMs);
    const next = await mirror.startRebuild();
    try {
      await fill(next, since);
      await next.swap();
    } catch (error) {
      await next.abandon().catch(() => {});
      throw error;
    }
    await transact(db, actor, (tx) => markRebuilt(tx, since));
    await sendWaiting();
  };

  return {
    rebuild,
    /** Sends what the mirror has not got; all of it when there is no index yet. */
    catchUp: async (): Promise<void> => ((await mirror.exists()) ? sendWaiting() : rebuild()),
    prepare: async (): Promise<void> => {
      await mirror.prepare();
    },
    count: () => mirror.count(),
  };
}
