import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type FileKind, fileProblems, type PictureFacts, type PictureLook } from '../types.ts';

const refuse = refusals(fileProblems);

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte);
const ascii = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

const signatures: Readonly<Record<string, (bytes: Uint8Array) => boolean>> = {
  'image/jpeg': (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  'image/png': (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  'image/webp': (bytes) => startsWith(bytes, ascii('RIFF')) && startsWith(bytes, ascii('WEBP'), 8),
  'application/pdf': (bytes) => startsWith(bytes, ascii('%PDF-')),
};
const takenAs: Readonly<Record<FileKind, readonly string[]>> = {
  picture: ['image/jpeg', 'image/png', 'image/webp'],
  document: ['application/pdf', 'image/jpeg', 'image/png', 'image/webp'],
};
const megabyte = 1_048_576;
/** Bytes of one file at the most. */
export const maxBytes: Readonly<Record<FileKind, number>> = { picture: 20 * megabyte, document: 10 * megabyte };

/** A PDF ends with this mark; programs write up to some hundred bytes behind it. */
const pdfEnd = '%%EOF';
const pdfTail = 2_048;

/** What the bytes are by their own first bytes; 413, 415 or 422 when such a file is not taken. */
export function checkUpload(kind: FileKind, bytes: Buffer): string {
  if (bytes.length > maxBytes[kind]) throw refuse('file-too-large', { maxBytes: maxBytes[kind] });
  if (bytes.length === 0) throw refuse('file-empty');
  const mediaType = takenAs[kind].find((type) => signatures[type]?.(bytes));
  if (!mediaType) throw refuse('file-type-refused', { taken: takenAs[kind] });
  if (mediaType === 'application/pdf' && !bytes.subarray(-pdfTail).includes(pdfEnd)) throw refuse('file-incomplete');
  if (mediaType === 'image/png' && isAnimatedPng(bytes)) throw refuse('picture-animated');
  return mediaType;
}

/** The decoder shows the first frame of an animated PNG and says nothing of the others. */
function isAnimatedPng(bytes: Buffer): boolean {
  for (let at = 8; at + 8 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const chunk = bytes.toString('latin1', at + 4, at + 8);
    if (chunk === 'acTL') return true;
    if (chunk === 'IDAT') return false;
  }
  return false;
}

/** A picture is what its decoder says as well as its first bytes, or it is refused (422, or 415 where they differ). */
export function checkPicture(mediaType: string, look: PictureLook): PictureFacts {
  if (!('refused' in look)) {
    if (`image/${look.format}` !== mediaType) throw refuse('file-type-refused', { taken: takenAs.picture });
    const { width, height, colour } = look;
    return { width, height, colour };
  }
  const { refused, ...facts } = look;
  if (refused === 'animated') throw refuse('picture-animated');
  if (refused === 'dimensions') throw refuse('picture-dimensions', facts);
  throw refuse('file-incomplete');
}

/**
 * Characters that turn a name around when it is shown (`gpj.exe` for `exe.jpg`), that end a line or a path, or that a
 * header may not hold.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken away.
const unwelcome = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"*:<>?|\\/]+/g;
/** How browsers send what would end the quotes or the line of a name (HTML, multipart form data). */
const escaped = /%(22|0d|0a)/gi;
const maxName = 120;

/** A file's name as it is kept and shown: what a person called it, without what only a machine would act on. */
export function readableName(sent: string): string {
  const [, last = sent] = /([^/\\]*)[/\\]*$/.exec(sent) ?? [];
  const name = clean(last.toWellFormed().replace(escaped, ' ').replace(unwelcome, ' ')).replace(/^[. ]+/, '');
  const [, stem = name, ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/u.exec(name) ?? [];
  return [...stem].slice(0, maxName).join('').trim() + ending || 'tap-tin';
}

/** Letters that a header may hold as they are (RFC 8187). */
const plain = /[^A-Za-z0-9!#$&+.^_`|~-]/gu;
const percent = (letter: string): string =>
  [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** Offers a file for keeping, never for showing, under any name: in ASCII for old programs, and as it is (RFC 6266). */
export function attachment(name: string): string {
  const ascii =
    name
      .normalize('NFD')
      .replace(/[đĐ]/g, 'd')
      .replace(/[^\x20-\x7e]|["\\%]/g, '')
      .trim() || 'tap-tin';
  return `attachment; filename="${ascii}"; filename*=UTF-8''${name.replace(plain, percent)}`;
}
