import { refusals } from '#core/problem.ts';
import { type FileKind, fileProblems } from '../types.ts';

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

/** What the bytes are by their own first bytes; 415 or 413 when such a file is not taken. */
export function checkUpload(kind: FileKind, bytes: Uint8Array): string {
  if (bytes.length > maxBytes[kind]) throw refuse('file-too-large', { maxBytes: maxBytes[kind] });
  const mediaType = takenAs[kind].find((type) => signatures[type]?.(bytes));
  if (!mediaType) throw refuse('file-type-refused', { taken: takenAs[kind] });
  return mediaType;
}
