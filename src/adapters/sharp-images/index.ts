import type { Encode } from '#features/products/index.ts';

/** Loaded when there is a picture to encode: 20 MB that a process which only serves does not need. */
async function load() {
  const { default: sharp } = await import('sharp');
  // libvips would take every core for one picture, and keep 50 MB of what it made for a picture like it.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
}
let loading: ReturnType<typeof load> | undefined;

/** Effort 2 is 5 to 9 times faster than the default 4 for some 10 % more bytes; a job has no use for the difference. */
const avif = { quality: 50, effort: 2 } as const;
const webp = { quality: 72 } as const;
/** Refuses pictures that would unpack to more than 40 million pixels. */
const limitInputPixels = 40_000_000;

export const encodeImage: Encode = async (original, format, width) => {
  loading ??= load();
  const sharp = await loading;
  const resized = sharp(original, { limitInputPixels }).resize({ width, withoutEnlargement: true });
  return (format === 'avif' ? resized.avif(avif) : resized.webp(webp)).toBuffer();
};
