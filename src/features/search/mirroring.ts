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
/** Meilisearch takes what waits for it as one piece of work: many parts cost it little more than one. */
const batch = 8_000;
/** So many documents are in memory at once. */
const partSize = 1_000;
/** A transaction that began before a rebuild may commit after it read; none lives this long. */
const longestTransactionMs = 120_000;

const changeOf = (rows: readonly DocumentRow[]): MirrorChange => ({
  saved: rows.filter(({ removed }) => !removed).map(({ document }) => document),
  removed: rows.filter(({ removed }) => removed).map(({ productId }) => productId),
});

type Sent = Pick<DocumentRow, 'productId' | 'version' | 'removed'>;
type Page = (after: ProductId | undefined, limit: number) => Promise<readonly DocumentRow[]>;

/**
 * Sends at most a batch of what `list` gives after `after`, and waits until all of it can be found. A part is read while
 * the one before it is being indexed, and only what marks it as sent is remembered.
 */
async function sendBatch(
  to: Pick<SearchMirror, 'write'>,
  list: Page,
  after?: ProductId | undefined,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const writing: Promise<void>[] = [];
  while (sent.length < batch) {
    const rows = await list(sent.at(-1)?.productId ?? after, partSize);
    if (rows.length > 0) {
      const write = to.write(changeOf(rows));
      // Waited for below; one that fails while the next part is read has somebody to fail to.
      write.catch(() => {});
      writing.push(write);
    }
    for (const { productId, version, removed } of rows) sent.push({ productId, version, removed });
    if (rows.length < partSize) break;
  }
  await Promise.all(writing);
  return sent;
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
      const sent = await sendBatch(mirror, (after, limit) => listUnmirrored(db, after, limit));
      if (sent.length === 0) return;
      await transact(db, actor, (tx) => markMirrored(tx, sent));
    }
  };

  const fill = async (next: MirrorRebuild, since: Date): Promise<void> => {
    for (let after: ProductId | undefined; ; ) {
      const sent = await sendBatch(next, (from, limit) => listDocumentsAfter(db, from, limit), after);
      if (sent.length === 0) break;
      after = sent.at(-1)?.productId;
    }
    // What changed while the index was filled, so that the swap itself shows nothing old.
    await sendBatch(next, (from, limit) => listChangedSince(db, since, from, limit));
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
