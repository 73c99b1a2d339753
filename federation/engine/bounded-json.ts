import { PullFailure } from './failure.ts';

const maxDepth = 32;

/** Parses a peer's JSON (UTF-8, nesting ≤ 32). Throws PullFailure `malformed`. */
export function parseBoundedJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (depthOf(text) <= maxDepth) return JSON.parse(text);
  } catch (cause) {
    throw new PullFailure('malformed', 'the body is not JSON in UTF-8', { cause });
  }
  throw new PullFailure('malformed', `the body is nested deeper than ${maxDepth}`);
}

const steps: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** The deepest nesting of brackets outside strings; counted before parsing, which would build the whole tower. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === '"') i = endOfString(text, i + 1);
    depth += steps[char] ?? 0;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

/** Index of the quote that ends the string, or the end of the text. */
function endOfString(text: string, start: number): number {
  let i = start;
  while (i < text.length && text.charAt(i) !== '"') i += text.charAt(i) === '\\' ? 2 : 1;
  return i;
}
