import type { FileStore, Rendition, RenditionFormat, ShownPicture } from './types.ts';

export const formats: readonly RenditionFormat[] = ['avif', 'webp'];

/** WebP is read by every browser of these ten years, also by those that do not say so. */
export const formatFor = (accept: string): RenditionFormat =>
  formats.find((one) => accept.includes(`image/${one}`)) ?? 'webp';

/** The smallest that is wide enough, else the widest. */
export function fittingRendition(
  all: readonly Rendition[],
  format: RenditionFormat,
  width: number,
): Rendition | undefined {
  const fitting = all.filter((one) => one.format === format).toSorted((a, b) => a.width - b.width);
  return fitting.find((one) => one.width >= width) ?? fitting.at(-1);
}

type Shape = { readonly width: number | null; readonly height: number | null; readonly colour: string | null };

/** Its colour in its shape: what is shown of a picture whose sizes are still being made, or cannot be read now. */
export function placeholder({ width, height, colour }: Shape): ShownPicture {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width ?? 4} ${height ?? 3}"><path d="M0 0h${width ?? 4}v${height ?? 3}H0z" fill="${colour ?? '#e7e5e4'}"/></svg>`;
  return { type: 'image/svg+xml', bytes: Buffer.from(svg), final: false };
}

/** A store that is down costs a picture, not the page: the placeholder stands in for it. */
export const readOrMiss = (store: FileStore, key: string): Promise<Buffer | undefined> =>
  store.read(key).catch(() => undefined);
