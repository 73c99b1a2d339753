import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, transact } from '#db/client.ts';
import type { FileStore } from '#features/files/types.ts';
import { findPictures, listUnencodedPictures, saveRenditions } from './queries.ts';

export type Rendition = { readonly format: 'avif' | 'webp'; readonly width: number; readonly key: string };

/** Makes one rendition of a picture: pixels wide as asked, never wider than the original. */
export type Encode = (original: Buffer, format: Rendition['format'], width: number) => Promise<Buffer>;
/** The SVG of a drawing, by its product set and tint. */
export type Draw = (categorySlug: string, tint: number) => string;

export type PictureFile = { readonly type: string; readonly bytes: Buffer; readonly final: boolean };
export type Pictures = ReturnType<typeof createPictures>;
type Deps = { readonly db: Db; readonly files: FileStore; readonly encode: Encode; readonly draw: Draw };

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

export const createPictures = ({ db, files, encode, draw }: Deps) => {
  const drawingOf = (source: string): string => {
    const [, category = '', tint = '0'] = source.split(':');
    return draw(category, Number(tint));
  };

  /** Renditions are named by what they show: two products with one drawing share its files. */
  const makeRenditions = async (source: string): Promise<Rendition[]> => {
    const original = Buffer.from(drawingOf(source));
    const made: Rendition[] = [];
    for (const width of widths) {
      for (const format of formats) {
        const key = `renditions/${source.replace(/[^a-z0-9]+/gi, '-')}-${width}.${format}`;
        if (!(await files.read(key))) await files.write(key, await unhurried(() => encode(original, format, width)));
        made.push({ format, width, key });
      }
    }
    return made;
  };

  return {
    /** The smallest rendition that is wide enough, in a format that the browser takes; the drawing until there is one. */
    find: async (id: string, width: number, accept: string): Promise<PictureFile | undefined> => {
      const [picture] = await findPictures(db, [id]);
      if (!picture) return undefined;
      const format = formats.find((one) => accept.includes(`image/${one}`));
      const fitting = picture.renditions.filter((one) => one.format === format).sort((a, b) => a.width - b.width);
      const chosen = fitting.find((one) => one.width >= width) ?? fitting.at(-1);
      const bytes = chosen && (await files.read(chosen.key));
      if (bytes) return { type: `image/${format}`, bytes, final: true };
      return { type: 'image/svg+xml', bytes: Buffer.from(drawingOf(picture.source)), final: false };
    },
    /** Encodes what has no renditions yet, for some seconds. Run by a job until nothing is left. */
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
