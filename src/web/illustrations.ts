import { readFileSync } from 'node:fs';

/** How one drawing is varied: a ground, a motif behind the subject, and which way it looks. There are this many. */
export const TINTS = 64;

/**
 * `categoryCode` names a file of `assets/illustrations`: an OCOP set, or a subject within one (`banh-tet`).
 * `tint` is any whole number ≥ 0; numbers that differ by a multiple of `TINTS` look alike.
 */
export type Illustration = { readonly categoryCode: string; readonly tint: number };

/** Light grounds that every subject stands out from, each with the deeper tone of its motif. */
const GROUNDS = [
  ['#fbe6d3', '#f6d3b5'],
  ['#f8ebc4', '#f0dc9f'],
  ['#dfeedd', '#c6dfc6'],
  ['#d8ebe8', '#b9dad6'],
  ['#f8e1e1', '#f0c9c6'],
  ['#ece1ee', '#dac9de'],
  ['#f1e7d8', '#e3d3ba'],
  ['#dde8f3', '#c4d6e8'],
] as const;

const wave = (y: number) => `M0 ${y}q25-16 50 0t50 0t50 0t50 0t50 0t50 0t50 0t50 0`;

/** The dawn sun, the river, the checked scarf that Khmer and Kinh share, and the lotus arch of a pagoda window. */
const MOTIFS = [
  (tone: string) => `<circle cx="200" cy="196" r="150" fill="${tone}"/>`,
  (tone: string) =>
    `<path d="${wave(96)}${wave(136)}${wave(176)}${wave(216)}" fill="none" stroke="${tone}" stroke-width="9"/>`,
  (tone: string) =>
    `<path d="M60 0v400M120 0v400M180 0v400M240 0v400M300 0v400M360 0v400M0 60h400M0 120h400M0 180h400M0 240h400" stroke="${tone}" stroke-width="20" opacity=".45"/>`,
  (tone: string) => `<path d="M70 340V190C70 120 170 110 200 40C230 110 330 120 330 190V340Z" fill="${tone}"/>`,
] as const;

const folder = new URL('./assets/illustrations/', import.meta.url);
const subjects = new Map<string, string>();

/** Read once and kept: the drawings are 120 KB together. */
function subjectOf(categoryCode: string): string {
  const held = subjects.get(categoryCode);
  if (held !== undefined) return held;
  if (!/^[a-z-]+$/.test(categoryCode)) throw new RangeError(`${categoryCode} is not a category code`);
  const file = readFileSync(new URL(`${categoryCode}.svg`, folder), 'utf8');
  const drawn = file.slice(file.indexOf('>') + 1, file.lastIndexOf('</svg>'));
  subjects.set(categoryCode, drawn);
  return drawn;
}

/**
 * The picture of a product that has no photograph: the drawing of its OCOP set, or of a closer subject, on a ground of its own, 640 × 640, as SVG
 * text. A category that has no drawing is an error of the caller.
 */
export function drawIllustration({ categoryCode, tint }: Illustration): string {
  const look = tint % TINTS;
  const [ground, tone] = GROUNDS[look & 7] ?? GROUNDS[0];
  const motif = MOTIFS[(look >> 3) & 3] ?? MOTIFS[0];
  const subject = subjectOf(categoryCode);
  const facing = look & 32 ? `<g transform="matrix(-1 0 0 1 400 0)">${subject}</g>` : subject;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="640" height="640"><path d="M0 0h400v400H0z" fill="${ground}"/>${motif(tone)}<path d="M0 312q100-18 200 0t200 0v88H0z" fill="${tone}"/>${facing}</svg>`;
}

/** Where the drawing is served; the address says all of its content, so it may be kept for ever. */
export const illustrationPath = ({ categoryCode, tint }: Illustration): string =>
  `/illustrations/${categoryCode}-${tint % TINTS}.svg`;
