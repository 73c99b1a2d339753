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

/** The deepest nesting of brackets outside strings; counted before parsing, which would build the whole tower. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
}
