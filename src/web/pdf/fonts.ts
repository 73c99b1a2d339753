import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const pathOf = (path: string): string => require.resolve(`@expo-google-fonts/${path}`);

/**
 * Complete TrueType files. The subsets that a browser loads drop ă, đ and ₫ without a word when a PDF embeds them, and
 * Khmer needs the tables by which its vowels are put around their consonant. Kantumruy rather than Noto, whose anchors
 * without a base fontkit 2.0.4 trips over: ភ្នំ, and with it Phnom Penh, threw.
 */
const files = {
  latin: 'be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf',
  latinBold: 'be-vietnam-pro/700Bold/BeVietnamPro_700Bold.ttf',
  khmer: 'kantumruy-pro/400Regular/KantumruyPro_400Regular.ttf',
  khmerBold: 'kantumruy-pro/700Bold/KantumruyPro_700Bold.ttf',
} as const;
export type FontName = keyof typeof files;
export const fontNames = Object.keys(files) as FontName[];

const read = new Map<FontName, Buffer>();

/** Read on first use and kept: a process that makes no PDF holds none of it. */
export function fontFile(name: FontName): Buffer {
  const known = read.get(name) ?? readFileSync(pathOf(files[name]));
  read.set(name, known);
  return known;
}

const isKhmer = (text: string): boolean => /[\u1780-\u17ff\u19e0-\u19ff]/.test(text);

export const fontOf = (word: string, bold: boolean): FontName => {
  if (isKhmer(word)) return bold ? 'khmerBold' : 'khmer';
  return bold ? 'latinBold' : 'latin';
};

const faces: Readonly<Record<FontName, string>> = {
  latin: 'Be Vietnam Pro',
  latinBold: 'Be Vietnam Pro Bold',
  khmer: 'Kantumruy Pro',
  khmerBold: 'Kantumruy Pro Bold',
};

/** For whoever draws text by a file of its own: the face that has the letters of `text`, and where it lies. */
export const cardFont = (text: string, bold: boolean): { readonly font: string; readonly fontFile: string } => {
  const name = fontOf(text, bold);
  return { font: faces[name], fontFile: pathOf(files[name]) };
};

/** Khmer writes words without spaces between them: where a line may end is looked up, not seen. */
const khmerWords = new Intl.Segmenter('km', { granularity: 'word' });
const letters = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/** The pieces of one paragraph between which a line may end, spaces kept at the end of the piece before. */
export const piecesOf = (text: string): readonly string[] =>
  (text.match(/\S+\s*|\s+/g) ?? []).flatMap((word) =>
    isKhmer(word) ? [...khmerWords.segment(word)].map(({ segment }) => segment) : [word],
  );

export const lettersOf = (word: string): readonly string[] => [...letters.segment(word)].map(({ segment }) => segment);
