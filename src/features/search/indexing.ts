import type { Clock } from '#core/clock.ts';
import { type Db, transact } from '#db/client.ts';
import type { EventOf } from '#db/events.ts';
import type { JobHandler, Jobs } from '#db/jobs.ts';
import type { ProductId } from '#features/products/types.ts';
import { createMirroring } from './mirroring.ts';
import {
  countDocuments,
  lockForIndexing,
  removeDocuments,
  removePartner,
  saveDocuments,
  saveWords,
} from './queries.ts';
import type { SearchMirror } from './types.ts';
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
type Rebuilt = { readonly products: number; readonly postgres: number; readonly mirror: number | undefined };

/** Subscribed to `product.changed` and `mirrors.changed`. */
export const INDEX_QUEUE = 'search-index';
/** Subscribed to `partner.moved`. */
export const PARTNER_QUEUE = 'search-partner';
const MIRROR_QUEUE = 'search-mirror';
const batchSize = 500;

const idsOf = (changed: EventOf<'product.changed' | 'mirrors.changed'>): readonly ProductId[] =>
  changed.type === 'product.changed' ? [changed.productId] : changed.productIds;

export function createIndexing({ db, jobs, mirror, region, now }: Deps) {
  const mirroring = mirror && createMirroring(db, mirror);

  /** Brings the documents of these products up to what is true now, and has them sent on in the same transaction. */
  const index = (ids: readonly ProductId[]): Promise<void> =>
    transact(db, 'system:search', async (tx) => {
      await lockForIndexing(tx, ids);
      const documents = await readDocuments(tx, ids, region, now());
      const listed = new Set(documents.map(({ productId }) => productId));
      const saved = await saveDocuments(tx, documents);
      if (saved > 0) await saveWords(tx, documents);
      const gone = await removeDocuments(
        tx,
        ids.filter((id) => !listed.has(id)),
      );
      if (mirroring && saved + gone > 0) await jobs.add(tx, MIRROR_QUEUE, [{}]);
    });

  /**
   * Takes a partner that is shut out from search and its counts in one statement, however many listings it has. Its products
   * are withdrawn one by one meanwhile, which comes to the same; whoever is shown again is indexed with its products.
   */
  const clearPartner = (key: string): Promise<void> =>
    transact(db, 'system:search', async (tx) => {
      const gone = await removePartner(tx, key);
      if (mirroring && gone > 0) await jobs.add(tx, MIRROR_QUEUE, [{}]);
    });

  /** Every product there is or was, in batches; how many. */
  const indexAll = async (progress: (done: number) => void = () => {}): Promise<number> => {
    let done = 0;
    for (let after: ProductId | undefined; ; ) {
      const ids = await listIndexable(db, after, batchSize);
      if (ids.length === 0) return done;
      await index(ids);
      done += ids.length;
      progress(done);
      after = ids.at(-1);
    }
  };

  // One run a process: each sends all there is, so whoever comes meanwhile waits for the next.
  let running: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = running.then(work);
    running = turn.catch(() => {});
    return turn;
  };
  const send = async (): Promise<void> => {
    if (mirroring) await inTurn(mirroring.catchUp);
  };

  const handlers: readonly JobHandler[] = [
    {
      queue: INDEX_QUEUE,
      options: { batchSize, concurrency: 2, signalled: true },
      run: async (batch) => {
        const changed = batch as readonly EventOf<'product.changed' | 'mirrors.changed'>[];
        const ids = [...new Set(changed.flatMap(idsOf))];
        for (let from = 0; from < ids.length; from += batchSize) await index(ids.slice(from, from + batchSize));
      },
    },
    {
      queue: PARTNER_QUEUE,
      options: { signalled: true },
      run: async (batch) => {
        for (const { partnerKey } of batch as readonly EventOf<'partner.moved'>[]) await clearPartner(partnerKey);
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
    /**
     * At start: documents if there are none, settings as this code wants them, and an index if there is none. Rejects when
     * the mirror is away; PostgreSQL can search by then.
     */
    prepare: async (): Promise<void> => {
      if ((await countDocuments(db)) === 0) await indexAll();
      await mirroring?.prepare();
      await send();
    },
    /** Reads every product again, then fills a new index and swaps it in. `progress` hears of products done. */
    reindex: async (progress?: (done: number) => void): Promise<Rebuilt> => {
      const products = await indexAll(progress);
      if (mirroring) await inTurn(mirroring.rebuild);
      return { products, postgres: await countDocuments(db), mirror: await mirroring?.count() };
    },
  };
}
