import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Compared as digests: equal length always, and no early end for a guesser to time. */
export const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** `2026-11-23 14:02:37` is the bank's clock, in Vietnam. */
export function readTime(text: string): Date | undefined {
  const at = new Date(`${text.trim().replace(' ', 'T')}+07:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

export function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
