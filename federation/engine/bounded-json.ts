import { PullFailure } from './failure.ts';

const maxDepth = 32;
/** A page of 500 records has some 25,000; a million empty ones fit into 3 MB and become 100. */
const maxMembers = 500_000;

/** Parses a peer's JSON (UTF-8, nesting ≤ 32, members ≤ 500,000). Throws PullFailure `malformed`. */
export function parseBoundedJson(bytes: Uint8Array): unknown {
  let size = { depth: 0, members: 0 };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    size = sizeOf(text);
    if (size.depth <= maxDepth && size.members <= maxMembers) return JSON.parse(text);
  } catch (cause) {
    throw new PullFailure('malformed', 'the body is not JSON in UTF-8', { cause });
  }
  const excess = size.depth > maxDepth ? `is nested deeper than ${maxDepth}` : `has more than ${maxMembers} members`;
  throw new PullFailure('malformed', `the body ${excess}`);
}

const steps: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Deepest nesting and commas outside strings; counted before parsing, which would build the whole tower. */
function sizeOf(text: string): { depth: number; members: number } {
  const size = { depth: 0, members: 0 };
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === '"') i = endOfString(text, i + 1);
    if (char === ',') size.members += 1;
    depth += steps[char] ?? 0;
    if (depth > size.depth) size.depth = depth;
  }
  return size;
}

/** Index of the quote that ends the string, or the end of the text. */
function endOfString(text: string, start: number): number {
  let i = start;
  while (i < text.length && text.charAt(i) !== '"') i += text.charAt(i) === '\\' ? 2 : 1;
  return i;
}
