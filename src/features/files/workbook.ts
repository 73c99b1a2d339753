import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { refusals } from '#core/problem.ts';
import {
  type ArchiveEntry,
  type ArchiveLimits,
  checkArchive,
  checkWorkbookParts,
  checkWorkbookText,
  workbookLimits,
} from './rules/archive.ts';
import { fileProblems } from './types.ts';

const refuse = refusals(fileProblems);
/** A document type stands before the first element, and a part's list of links is short. */
const lookedAt = 65_536;
const chunkBytes = 65_536;

/** Unpacks one entry without keeping it, and ends where it is larger than the archive says. Gives its beginning. */
async function readHead(bytes: Buffer, { name, start, end, byteLength, deflated }: ArchiveEntry): Promise<string> {
  const head: Buffer[] = [];
  let seen = 0;
  const count = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (seen < lookedAt) head.push(chunk);
      seen += chunk.length;
      done(seen > byteLength ? refuse('archive-bomb', { entry: name }) : null);
    },
  });
  const packed = function* () {
    for (let at = start; at < end; at += chunkBytes) yield bytes.subarray(at, Math.min(end, at + chunkBytes));
  };
  const source = Readable.from(packed());
  await (deflated ? pipeline(source, createInflateRaw(), count) : pipeline(source, count)).catch((error: unknown) => {
    const ours = error instanceof Error && error.name === 'Problem';
    throw ours ? error : refuse('archive-unreadable', { reason: 'damaged', entry: name });
  });
  if (seen !== byteLength) throw refuse('archive-unreadable', { reason: 'damaged', entry: name });
  return Buffer.concat(head).toString('utf8');
}

/** UTF-16 hides a document type from a reader of UTF-8, though not from a parser of XML. */
const withoutNul = (text: string): string => text.replaceAll('\0', '');

/**
 * Call it on the bytes of an XLSX before any parser sees them. Refuses what is no workbook, is damaged or encrypted, would
 * unpack to more than it says or than the limits, has macros, embedded objects, links to other files, or XML that names
 * entities: 413 `archive-bomb`, 422 `archive-unreadable` or `workbook-active`. Unpacks once, in pieces of 64 KB, beside
 * the event loop.
 */
export async function checkWorkbook(bytes: Buffer, limits: ArchiveLimits = workbookLimits): Promise<void> {
  const entries = checkArchive(bytes, limits);
  checkWorkbookParts(entries);
  for (const entry of entries) {
    const head = await readHead(bytes, entry);
    if (/\.(xml|rels|vml)$/i.test(entry.name)) checkWorkbookText(entry.name, withoutNul(head));
  }
}
