import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** What a run leaves to be looked at; git does not keep it. */
export const artefacts = new URL('../../artefacts/', import.meta.url);

const perRow = 6;
const gap = 12;

/** The pictures side by side, in rows, as one picture. */
async function join(folder: URL, to: URL): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
  const shots = await Promise.all(
    names.map(async (name) => {
      const image = sharp(new URL(name, folder).pathname);
      const { width, height } = await image.metadata();
      return { bytes: await image.toBuffer(), width, height };
    }),
  );
  const [cellWidth, cellHeight] = [
    Math.max(...shots.map(({ width }) => width)) + gap,
    Math.max(...shots.map(({ height }) => height)) + gap,
  ];
  const columns = Math.min(perRow, shots.length);
  await sharp({
    create: {
      width: columns * cellWidth + gap,
      height: Math.ceil(shots.length / columns) * cellHeight + gap,
      channels: 3,
      background: '#5b6b66',
    },
  })
    .composite(
      shots.map(({ bytes }, index) => ({
        input: bytes,
        left: gap + (index % columns) * cellWidth,
        top: gap + Math.floor(index / columns) * cellHeight,
      })),
    )
    .png({ palette: true })
    .toFile(to.pathname);
}

export type Film = {
  /** What the phone shows now, called by what has just been done. */
  readonly shot: (page: Page, what: string) => Promise<void>;
  /** A picture that no page shows, such as a sheet of a file. */
  readonly keep: (bytes: Buffer, what: string) => Promise<void>;
  readonly end: () => Promise<void>;
};

/** A strip of screenshots: `artefacts/journeys/<name>/NN-what.png`, and all of them in `<name>.png`. */
export async function startFilm(name: string): Promise<Film> {
  const folder = new URL(`journeys/${name}/`, artefacts);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let count = 0;
  const next = (what: string): string => {
    count += 1;
    return new URL(`${String(count).padStart(2, '0')}-${what}.png`, folder).pathname;
  };
  return {
    shot: async (page, what) => {
      await page.waitForLoadState();
      await page.screenshot({ path: next(what) });
    },
    keep: (bytes, what) => writeFile(next(what), bytes),
    end: () => join(folder, new URL(`journeys/${name}.png`, artefacts)),
  };
}
