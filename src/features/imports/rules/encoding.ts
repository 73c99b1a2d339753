import { accentedWords, decodeTcvn3, decodeVni, shareVietnamese } from './legacy.ts';

export type Decoded = { readonly text: string; readonly encoding: string };

const startsWith = (bytes: Uint8Array, ...signature: number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte);

const decode = (bytes: Uint8Array, encoding: string): string =>
  new TextDecoder(encoding, { fatal: true }).decode(bytes);

/** UTF-16 without its mark: every other byte of ASCII text is nought. */
function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, 2_000);
  const zeros = (offset: number): number => sample.filter((byte, index) => byte === 0 && index % 2 === offset).length;
  const half = sample.length / 2;
  if (half > 4 && zeros(1) > half * 0.5 && zeros(0) < half * 0.05) return 'utf-16le';
  return half > 4 && zeros(0) > half * 0.5 && zeros(1) < half * 0.05 ? 'utf-16be' : undefined;
}

/** Enough accented words that a wrong table cannot make all of them Vietnamese by chance. */
const enoughWords = 8;
const certainShare = 0.97;
const clearBy = 0.25;

/** One byte a letter: Windows-1258, TCVN3 or VNI, whichever alone makes Vietnamese of it; undefined when that is not certain. */
function decodeBytes(bytes: Uint8Array): Decoded | undefined {
  const latin = Buffer.from(bytes).toString('latin1');
  const candidates = [
    { encoding: 'Windows-1258', text: decode(bytes, 'windows-1258').normalize('NFC') },
    { encoding: 'TCVN3', text: decodeTcvn3(latin) },
    { encoding: 'VNI', text: decodeVni(latin) },
  ]
    .map((candidate) => ({ ...candidate, share: shareVietnamese(candidate.text) ?? 0 }))
    .sort((a, b) => b.share - a.share);
  const [best, second] = candidates;
  if (!best || accentedWords(best.text).length < enoughWords) return undefined;
  const isClear = best.share >= certainShare && best.share - (second?.share ?? 0) >= clearBy;
  return isClear ? { text: best.text, encoding: best.encoding } : undefined;
}

const attempt = (bytes: Uint8Array, encoding: string): string | undefined => {
  try {
    return decode(bytes, encoding);
  } catch {
    return undefined;
  }
};

/** The text of a file, whichever of the tables in use here it is written in; undefined when that is not certain. */
export function decodeText(bytes: Uint8Array): Decoded | undefined {
  const named = (encoding: string, name: string): Decoded | undefined => {
    const text = attempt(bytes, encoding);
    return text === undefined ? undefined : { text, encoding: name };
  };
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return named('utf-8', 'UTF-8 with BOM');
  if (startsWith(bytes, 0xff, 0xfe)) return named('utf-16le', 'UTF-16 LE');
  if (startsWith(bytes, 0xfe, 0xff)) return named('utf-16be', 'UTF-16 BE');
  const wide = guessUtf16(bytes);
  if (wide) return named(wide, wide === 'utf-16le' ? 'UTF-16 LE' : 'UTF-16 BE');
  return named('utf-8', 'UTF-8 without BOM') ?? decodeBytes(bytes);
}

const delimiters = [',', ';', '\t'] as const;
const outsideQuotes = (line: string): string => line.replace(/"(?:[^"]|"")*"/g, '');

/** What stands between cells: the mark that most lines have, and have alike. Excel's own `sep=;` line says it outright. */
export function findDelimiter(text: string): string {
  const said = /^sep=(.)\r?\n/.exec(text)?.[1];
  if (said) return said;
  const lines = outsideQuotes(text.slice(0, 50_000)).split(/\r?\n/).slice(0, 20);
  const score = (delimiter: string): number => {
    const counts = lines.map((line) => line.split(delimiter).length - 1).filter((count) => count > 0);
    const most = Math.max(0, ...counts);
    return counts.filter((count) => count === most).length * most;
  };
  return [...delimiters].sort((a, b) => score(b) - score(a))[0] ?? ',';
}

/** Old Excel, PDF, pictures: what is no text whatever its name. */
export const isBinary = (bytes: Uint8Array): boolean =>
  startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0) ||
  startsWith(bytes, 0x25, 0x50, 0x44, 0x46) ||
  bytes.subarray(0, 4_000).includes(0);
export const isZip = (bytes: Uint8Array): boolean => startsWith(bytes, 0x50, 0x4b, 0x03, 0x04);
