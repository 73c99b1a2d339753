import type { Clock } from '#core/clock.ts';
import { type Db, transact } from '#db/client.ts';
import type { EventOf } from '#db/events.ts';
import type { JobHandler, Jobs } from '#db/jobs.ts';
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
  removeDocuments,
  saveDocuments,
} from './queries.ts';
import type { MirrorChange, SearchMirror } from './types.ts';
import { listIndexable, readDocuments } from './views.ts';

type Deps = {
  readonly db: Db;
  readonly jobs: Pick<Jobs, 'add'>;
  /** Undefined where PostgreSQL alone searches. */
  readonly mirror: SearchMirror | undefined;
  /** What shoppers call the area of this exchange, such as «Sóc Trăng»: the place of all our own products. */
  readonly region: readonly string[];
  readonly now: Clock;
};
export type Indexing = ReturnType<typeof createIndexing>;
export type Rebuilt = { readonly products: number; readonly postgres: number; readonly mirror: number | undefined };

/** Subscribed to `product.changed`. */
export const INDEX_QUEUE = 'search-index';
const MIRROR_QUEUE = 'search-mirror';

const indexBatch = 500;
const mirrorBatch = 4_000;
/** A transaction that began before a rebuild may commit after it read; none lives this long. */
const longestTransactionMs = 120_000;
const actor = 'system:search';

const changeOf = (rows: readonly DocumentRow[]): MirrorChange => ({
  saved: rows.filter(({ removed }) => !removed).map(({ document }) => document),
  removed: rows.filter(({ removed }) => removed).map(({ productId }) => productId),
});

export function createIndexing({ db, jobs, mirror, region, now }: Deps) {
  /** Brings the documents of these products up to what is true now, and has them sent on in the same transaction. */
  const index = async (ids: readonly ProductId[]): Promise<void> => {
    const documents = await readDocuments(db, ids, region, now());
    const listed = new Set(documents.map(({ productId }) => productId));
    await transact(db, actor, async (tx) => {
      const saved = await saveDocuments(tx, documents);
      const gone = await removeDocuments(
        tx,
        ids.filter((id) => !listed.has(id)),
      );
      if (mirror && saved + gone > 0) await jobs.add(tx, MIRROR_QUEUE, [{}]);
    });
  };

  /** Sends what the mirror has not got. Rejects when the mirror is away; the rows stay marked until it is back. */
  const catchUp = async (to: SearchMirror): Promise<void> => {
    if (!(await to.exists())) return rebuildMirror(to);
    for (;;) {
      const rows = await listUnmirrored(db, mirrorBatch);
      if (rows.length === 0) return;
      await to.write(changeOf(rows));
      await transact(db, actor, (tx) => markMirrored(tx, rows));
    }
  };

  const rebuildMirror = async (to: SearchMirror): Promise<void> => {
    const since = new Date((await databaseNow(db)).getTime() - longestTransactionMs);
    const next = await to.startRebuild();
    try {
      for (let after: ProductId | undefined; ; ) {
        const rows = await listDocumentsAfter(db, after, mirrorBatch);
        if (rows.length === 0) break;
        await next.write(changeOf(rows));
        after = rows.at(-1)?.productId;
      }
      // What changed while the index was filled, so that the swap itself shows nothing old.
      await next.write(changeOf(await listChangedSince(db, since, mirrorBatch)));
      await next.swap();
    } catch (error) {
      await next.abandon().catch(() => {});
      throw error;
    }
    await transact(db, actor, (tx) => markRebuilt(tx, since));
    await catchUp(to);
  };

  // One run a process: each sends all there is, so whoever comes meanwhile waits for the next.
  let running: Promise<void> = Promise.resolve();
  const send = (): Promise<void> => {
    if (!mirror) return Promise.resolve();
    const turn = running.then(() => catchUp(mirror));
    running = turn.catch(() => {});
    return turn;
  };

  const handlers: readonly JobHandler[] = [
    {
      queue: INDEX_QUEUE,
      options: { batchSize: indexBatch },
      run: (batch) => {
        const changed = batch as readonly EventOf<'product.changed'>[];
        return index([...new Set(changed.map(({ productId }) => productId))]);
      },
    },
    {
      queue: MIRROR_QUEUE,
      // The cron line sweeps up what no job is left for, however long the mirror was away.
      options: { batchSize: 1_000, retryDelaySeconds: 1, cron: '* * * * *' },
      run: send,
    },
  ];

  return {
    handlers,
    index,
    /** Sends what is waiting now instead of at the next job; for the moment in which the mirror is back. */
    send,
    /** At start: settings as this code wants them, and an index if there is none. Rejects when the mirror is away. */
    prepare: async (): Promise<void> => {
      if (!mirror) return;
      await mirror.prepare();
      await send();
    },
    /** Reads every product again, then fills a new index and swaps it in. `progress` hears of products done. */
    reindex: async (progress: (done: number) => void = () => {}): Promise<Rebuilt> => {
      let products = 0;
      for (let after: ProductId | undefined; ; ) {
        const ids = await listIndexable(db, after, indexBatch);
        if (ids.length === 0) break;
        await index(ids);
        products += ids.length;
        progress(products);
        after = ids.at(-1);
      }
      if (mirror) await rebuildMirror(mirror);
      return { products, postgres: await countDocuments(db), mirror: await mirror?.count() };
    },
  };
}
