import { type Clock, hourMs } from '#core/clock.ts';
import { type Db, transact } from '#db/client.ts';
import type { JobHandler } from '#db/jobs.ts';
import {
  deleteFile,
  findFile,
  listUnsettled,
  lockFree,
  markRemoved,
  type StoredFileRow,
  updateFile,
} from './queries.ts';
import { formats } from './showing.ts';
import type { FileId, FileStore, Imaging, Rendition, RenditionFormat } from './types.ts';
import { listUnusedPictures } from './views.ts';

type Deps = { readonly db: Db; readonly store: FileStore; readonly imaging: Imaging; readonly now: Clock };

/** Whose jobs make the sizes of a picture. */
export const RENDER_QUEUE = 'files.render';
/** What cards, pages and large screens ask for, in pixels. */
const widths = [160, 320, 640, 1_280] as const;
/** An upload that is not over by then was cut off. */
const sendingMs = hourMs;
/** As long as a form with a picture in it may stay open before it is saved. */
const unusedMs = 7 * 24 * hourMs;
const sweptAtOnce = 500;

const keyOf = (id: FileId, width: number, format: RenditionFormat): string => `renditions/${id}-${width}.${format}`;

/** All that could lie there, whether or not a job came to the end of it. */
async function removeBytes({ db, store }: Deps, { id, key }: StoredFileRow): Promise<void> {
  for (const width of widths) for (const format of formats) await store.remove(keyOf(id, width, format));
  await store.remove(key);
  await transact(db, 'system:files', (tx) => deleteFile(tx, id));
}

const idsOf = (rows: readonly { readonly id: FileId }[]): FileId[] => rows.map(({ id }) => id);

/** Asked again once they are locked: a product may have been given one in the meantime. */
async function giveUpUnused({ db, now }: Deps): Promise<void> {
  const which = { before: new Date(now().getTime() - unusedMs), limit: sweptAtOnce };
  const unused = idsOf(await listUnusedPictures(db, which));
  if (unused.length === 0) return;
  await transact(db, 'system:files', async (tx) => {
    const among = idsOf(await lockFree(tx, unused));
    if (among.length > 0) await markRemoved(tx, idsOf(await listUnusedPictures(tx, { ...which, among })));
  });
}

async function render({ db, store, imaging }: Deps, id: FileId): Promise<void> {
  const row = await findFile(db, id);
  const original = row && row.renditions.length === 0 ? await store.read(row.key) : undefined;
  if (!original) return;
  const renditions: Rendition[] = [];
  for (const { format, width, bytes } of await imaging.render(original, widths)) {
    const key = keyOf(id, width, format);
    await store.write(key, bytes);
    renditions.push({ format, width, key });
  }
  const isThere = await transact(db, 'system:files', (tx) => updateFile(tx, id, { renditions }));
  if (!isThere) for (const { key } of renditions) await store.remove(key);
}

/** What is done with files when nobody waits for it. */
export const createFileWork = (deps: Deps) => ({
  /** Makes the sizes of pictures as they come. One at a time: shoppers are searching meanwhile. */
  handlers: [
    {
      queue: RENDER_QUEUE,
      options: { retryLimit: 5, retryDelaySeconds: 10 },
      run: async (batch) => {
        for (const job of batch) await render(deps, (job as { fileId: FileId }).fileId);
      },
    },
  ] as readonly JobHandler[],
  /** Takes away what an upload left that was cut off, and pictures that no product shows. Gives how many files went. */
  sweep: async (): Promise<number> => {
    await giveUpUnused(deps);
    const gone = await listUnsettled(deps.db, new Date(deps.now().getTime() - sendingMs), sweptAtOnce);
    for (const row of gone) await removeBytes(deps, row);
    return gone.length;
  },
});
