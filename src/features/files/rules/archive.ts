import { refusals } from '#core/problem.ts';
import { fileProblems } from '../types.ts';

const refuse = refusals(fileProblems);

export type ArchiveLimits = {
  readonly maxEntries: number;
  /** All that is in it, unpacked. */
  readonly maxTotalBytes: number;
  /** Bytes unpacked for each byte packed, over the whole archive. */
  readonly maxRatio: number;
};
export type ArchiveEntry = {
  readonly name: string;
  readonly deflated: boolean;
  /** Where its packed bytes lie in the file. */
  readonly start: number;
  readonly end: number;
  /** Unpacked, as the archive says. */
  readonly byteLength: number;
};

/** 20,000 products of 40 columns unpack to some 40 MB; a sheet of zeros packs 1,000 to 1, and one of products 20 to 1. */
export const workbookLimits: ArchiveLimits = { maxEntries: 500, maxTotalBytes: 104_857_600, maxRatio: 200 };

/** Signatures and lengths of APPNOTE.TXT 4.3, the only description of ZIP that there is. */
const local = { signature: 0x04_03_4b_50, length: 30 } as const;
const central = { signature: 0x02_01_4b_50, length: 46 } as const;
const end = { signature: 0x06_05_4b_50, length: 22, maxComment: 65_535 } as const;
const encrypted = 0x0001;
const methods: Readonly<Record<number, boolean>> = { 0: false, 8: true };
const symbolicLink = 0o120_000;

const unreadable = (reason: string, entry?: string) =>
  refuse('archive-unreadable', { reason, ...(entry && { entry }) });

type Directory = { readonly count: number; readonly start: number; readonly end: number };

/** The record at the very end; what says that it lies elsewhere was glued together from two files. */
function readDirectory(bytes: Buffer): Directory {
  if (bytes.length < end.length || bytes.readUInt32LE(0) !== local.signature) throw unreadable('not-an-archive');
  const from = Math.max(0, bytes.length - end.length - end.maxComment);
  let at = bytes.length - end.length;
  while (at >= from && bytes.readUInt32LE(at) !== end.signature) at -= 1;
  if (at < from || at + end.length + bytes.readUInt16LE(at + 20) !== bytes.length) throw unreadable('not-an-archive');
  const count = bytes.readUInt16LE(at + 10);
  const start = bytes.readUInt32LE(at + 16);
  const whole = start + bytes.readUInt32LE(at + 12) === at && bytes.readUInt32LE(at + 4) === 0;
  // Counts of 65,535 and above stand elsewhere, in ZIP64, which no workbook of ours needs.
  if (!whole || bytes.readUInt16LE(at + 8) !== count) throw unreadable('damaged');
  return { count, start, end: at };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a name with one of them is what is looked for.
const unsafeName = /^[/\\]|^[a-z]:|\\|(^|\/)\.\.?(\/|$)|[\u0000-\u001f\u007f]|^$/i;

function checkName(name: string): void {
  if (unsafeName.test(name) || name.length > 200 || name.includes('\u{fffd}'))
    throw unreadable('name', name.slice(0, 100));
}

type Found = ArchiveEntry & { readonly next: number };

function readEntry(bytes: Buffer, at: number, directory: Directory): Found {
  if (at + central.length > directory.end || bytes.readUInt32LE(at) !== central.signature) throw unreadable('damaged');
  const nameLength = bytes.readUInt16LE(at + 28);
  const next = at + central.length + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  if (next > directory.end) throw unreadable('damaged');
  const name = bytes.toString('utf8', at + central.length, at + central.length + nameLength);
  checkName(name);
  const deflated = methods[bytes.readUInt16LE(at + 10)];
  if (deflated === undefined) throw unreadable('method', name);
  if (bytes.readUInt16LE(at + 8) & encrypted) throw unreadable('encrypted', name);
  if (((bytes.readUInt32LE(at + 38) >>> 16) & 0o170_000) === symbolicLink) throw unreadable('link', name);
  const packed = bytes.readUInt32LE(at + 20);
  const byteLength = bytes.readUInt32LE(at + 24);
  if (!deflated && packed !== byteLength) throw unreadable('damaged', name);
  const start = readLocal(bytes, bytes.readUInt32LE(at + 42), name, directory);
  if (start + packed > directory.start) throw unreadable('damaged', name);
  return { name, deflated, start, end: start + packed, byteLength, next };
}

/** Where the bytes of an entry begin. A reader that goes by the local header must meet the same name. */
function readLocal(bytes: Buffer, at: number, name: string, directory: Directory): number {
  if (at + local.length > directory.start || bytes.readUInt32LE(at) !== local.signature)
    throw unreadable('damaged', name);
  const nameLength = bytes.readUInt16LE(at + 26);
  if (bytes.toString('utf8', at + local.length, at + local.length + nameLength) !== name)
    throw unreadable('damaged', name);
  return at + local.length + nameLength + bytes.readUInt16LE(at + 28);
}

/** Entries that share bytes are how 10 MB unpack to 281 TB (Fifield 2019); two of one name are read as either. */
function checkApart(entries: readonly ArchiveEntry[]): void {
  if (new Set(entries.map(({ name }) => name.toLowerCase())).size < entries.length) throw unreadable('duplicate');
  const inOrder = entries.toSorted((a, b) => a.start - b.start);
  for (const [index, entry] of inOrder.entries())
    if (entry.start < (inOrder[index - 1]?.end ?? 0)) throw unreadable('overlap', entry.name);
}

/**
 * What is in a ZIP, read from its directory without unpacking anything. Refuses what unpacks to more than the limits
 * (413), and what is damaged, encrypted, glued to another file, or has names that leave their folder (422). The sizes are
 * what the archive says of itself: who unpacks it must stop at them.
 */
export function checkArchive(bytes: Buffer, limits: ArchiveLimits): readonly ArchiveEntry[] {
  const directory = readDirectory(bytes);
  if (directory.count > limits.maxEntries) throw refuse('archive-bomb', { entries: directory.count });
  const entries: ArchiveEntry[] = [];
  let at = directory.start;
  for (let index = 0; index < directory.count; index += 1) {
    const { next, ...entry } = readEntry(bytes, at, directory);
    entries.push(entry);
    at = next;
  }
  if (at !== directory.end) throw unreadable('damaged');
  checkApart(entries);
  const total = entries.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (total > limits.maxTotalBytes || total > limits.maxRatio * bytes.length)
    throw refuse('archive-bomb', { bytes: total });
  return entries;
}

/** Parts of a workbook that act by themselves or fetch from elsewhere (ECMA-376, MS-OVBA, MS-OFFMACRO2). */
const active =
  /vbaproject|vbadata|macrosheets|externallinks|activex|embeddings|ctrlprops|customui|connections\.xml$|querytables/i;

/** An XLSX has its own table of contents, and nothing in it that acts by itself. */
export function checkWorkbookParts(entries: readonly ArchiveEntry[]): void {
  const names = entries.map(({ name }) => name);
  const part = names.find((name) => active.test(name));
  if (part !== undefined) throw refuse('workbook-active', { part });
  if (!names.includes('[Content_Types].xml') || !names.includes('xl/workbook.xml')) throw unreadable('no-workbook');
}

/** A document type may name entities, which a parser may fetch or multiply: no workbook has one. */
const documentType = /<!(doctype|entity)/i;
/** Macros under another name, and addresses of files from which values are drawn. Hyperlinks are only text. */
const activeLink = /relationships\/(vbaProject|xlMacrosheet|externalLink|oleObject|attachedTemplate|frame|subDocument)/;

/** `text` is the beginning of a part, or the whole of one that lists links. */
export function checkWorkbookText(part: string, text: string): void {
  if (documentType.test(text)) throw refuse('workbook-active', { part });
  if (part.endsWith('.rels') && activeLink.test(text)) throw refuse('workbook-active', { part });
}
