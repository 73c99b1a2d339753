import { setTimeout as sleep } from 'node:timers/promises';
import { type Id, newId } from '#core/ids.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Files } from '#features/files/index.ts';
import type { FileId, FileStore, Imaging, Rendition, ShownPicture } from '#features/files/types.ts';
import { findPictures, insertPicture, listPicturesOf, listUnencodedPictures, saveRenditions } from './queries.ts';
import type { ProductId } from './types.ts';

/** The SVG of a drawing, by its product set and tint. */
type Draw = (categorySlug: string, tint: number) => string;

export type Pictures = ReturnType<typeof createPictures>;
type Deps = {
  readonly db: Db;
  readonly files: Files;
  readonly store: FileStore;
  readonly imaging: Imaging;
  readonly draw: Draw;
};

/** A photograph of a product: a file that its business sent, and what it shows in words. */
export type NewPicture = {
  readonly productId: ProductId;
  readonly businessId: Id<'Business'>;
  readonly fileId: FileId;
  readonly altVi: string;
  readonly altEn?: string;
  /** Behind all others when it is left out. Two pictures of a product never stand in one place. */
  readonly position?: number;
};

/** Drawings are drawn at 640 and have nothing more to show. */
const widths = [160, 320, 640] as const;
const formats = ['avif', 'webp'] as const;
/** A round of the job ends by then, so that it never stands in the way of a shutdown. */
const roundMs = 20_000;

/** Encoding may take half of one core and no more: shoppers are searching meanwhile. */
async function unhurried<T>(work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  await sleep(performance.now() - startedAt);
  return result;
}

export const createPictures = ({ db, files, store, imaging, draw }: Deps) => {
  const drawingOf = (source: string): string => {
    const [, category = '', tint = '0'] = source.split(':');
    return draw(category, Number(tint));
  };
  const keyOf = (source: string, { format, width }: Omit<Rendition, 'key'>): string =>
    `renditions/${source.replace(/[^a-z0-9]+/gi, '-')}-${width}.${format}`;

  /** Renditions are named by what they show: two products with one drawing share its files. */
  const makeRenditions = async (source: string): Promise<Rendition[]> => {
    const wanted = widths.flatMap((width) => formats.map((format) => ({ format, width })));
    const known = await Promise.all(wanted.map((one) => store.read(keyOf(source, one))));
    if (known.some((bytes) => bytes === undefined)) {
      const original = Buffer.from(drawingOf(source));
      for (const made of await unhurried(() => imaging.render(original, widths)))
        await store.write(keyOf(source, made), made.bytes);
    }
    return wanted.map((one) => ({ ...one, key: keyOf(source, one) }));
  };

  const findDrawing = async (
    { source, renditions }: { readonly source: string; readonly renditions: readonly Rendition[] },
    width: number,
    accept: string,
  ): Promise<ShownPicture> => {
    // Readers of feeds say nothing of what they take, and take WebP.
    const format = formats.find((one) => accept.includes(`image/${one}`)) ?? 'webp';
    const fitting = renditions.filter((one) => one.format === format).toSorted((a, b) => a.width - b.width);
    const chosen = fitting.find((one) => one.width >= width) ?? fitting.at(-1);
    const bytes = chosen && (await store.read(chosen.key).catch(() => undefined));
    if (bytes) return { type: `image/${format}`, bytes, final: true };
    return { type: 'image/svg+xml', bytes: Buffer.from(drawingOf(source)), final: false };
  };

  return {
    /** The smallest rendition that is wide enough, in a format that the browser takes; until there is one, what stands in for it. */
    find: async (id: string, width: number, accept: string): Promise<ShownPicture | undefined> => {
      const [picture] = await findPictures(db, [id]);
      if (!picture) return undefined;
      return picture.fileId ? files.showPublished(picture.fileId, width, accept) : findDrawing(picture, width, accept);
    },
    /** Shows a picture that was sent before with a product, whose row `tx` has locked. 404 `file-not-found` for another's. */
    add: async (tx: Tx, { productId, businessId, fileId, altVi, altEn = '', position }: NewPicture) => {
      const { key, ...facts } = await files.lockPicture(tx, fileId, businessId);
      const last = (await listPicturesOf(tx, productId)).at(-1)?.position ?? -1;
      const id = newId<'Picture'>();
      const row = { id, productId, fileId, source: key, altVi, altEn, position: position ?? last + 1, ...facts };
      await insertPicture(tx, row);
      return id;
    },
    /** Encodes the drawings that have no renditions yet, for some seconds. Run by a job until nothing is left. */
    encodeWaiting: async (): Promise<number> => {
      const until = performance.now() + roundMs;
      let encoded = 0;
      for (const { id } of await listUnencodedPictures(db, 1_000)) {
        if (performance.now() > until) break;
        const [picture] = await findPictures(db, [id]);
        if (!picture) continue;
        const renditions = await makeRenditions(picture.source);
        await transact(db, 'system:pictures', (tx) => saveRenditions(tx, picture.id, renditions));
        encoded += 1;
      }
      return encoded;
    },
  };
};
