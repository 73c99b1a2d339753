import { createHash, timingSafeEqual } from 'node:crypto';
import type { Unknown } from '#features/couriers/types.ts';

/** Longer than a carrier takes on a bad day, shorter than a seller waits. */
const timeoutMs = 8_000;
const maxLabelBytes = 4_194_304;

export type Ask = {
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
};

const send = ({ fetch: call, url, headers, method = 'POST', body }: Ask): Promise<Response> =>
  call(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });

/**
 * Asks a carrier. Its own words come back whatever their status, for carriers refuse with 200 and 400 alike; what says
 * neither yes nor no (timeout, 429, 5xx, no JSON) is `unknown`, for it may have had its effect.
 */
export async function askJson(ask: Ask): Promise<{ readonly kind: 'answer'; readonly body: unknown } | Unknown> {
  try {
    const response = await send(ask);
    const text = await response.text();
    if (response.status >= 500 || response.status === 429 || response.status === 408)
      return { kind: 'unknown', reason: `answered ${response.status}` };
    return { kind: 'answer', body: JSON.parse(text) };
  } catch (error) {
    return { kind: 'unknown', reason: error instanceof Error ? error.message : 'no answer' };
  }
}

/** A file; undefined where there is none to be had now. */
export async function askFile(ask: Ask): Promise<Buffer | undefined> {
  try {
    const response = await send(ask);
    if (!response.ok) return undefined;
    const bytes = Buffer.from(await response.arrayBuffer());
    return bytes.length > 0 && bytes.length <= maxLabelBytes ? bytes : undefined;
  } catch {
    return undefined;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Compared as digests: equal length always, and no early end for a guesser to time. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const readInstant = (text: string | undefined): Date | undefined => {
  const at = new Date(text ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at;
};
