import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PullFailure } from '../../engine/failure.ts';
import type { PeerAnswer } from '../../engine/http.ts';
import { inTurn, type Limits } from '../../engine/pace.ts';
import { refusalOf } from '../../engine/refusal.ts';
import { unpackLimit } from '../../engine/unpack-limit.ts';
import type { Ctx } from '../adapter.ts';

/** What robots.txt knows us as. */
export const USER_AGENT = 'ocop-federation';
const maxRedirects = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const smallUnpackedBytes = 16 * 1_048_576;

export type Wanted = {
  readonly url: URL;
  readonly accept: string;
  readonly limits: Limits & { readonly maxBytes: number };
  readonly headers?: Readonly<Record<string, string>>;
};
export type Fetched = PeerAnswer & {
  /** Where the body came from, after redirects. */
  readonly url: URL;
};

/**
 * Asks for a file or page, whatever it answers. Redirects are followed for three hops, each through the guarded client
 * like a new address, and the partner's password goes to the host alone that the settings name. Throws PullFailure.
 */
export async function fetchPublic(ctx: Ctx, wanted: Wanted): Promise<Fetched> {
  const password = await ctx.secret('basic');
  let { url } = wanted;
  for (let hop = 0; ; hop += 1) {
    const isNamed = url.origin === wanted.url.origin;
    const answer = await ask(ctx, wanted, url, isNamed ? password : undefined);
    const to = redirects.has(answer.status) ? answer.headers.location?.toString() : undefined;
    if (to === undefined) return { ...answer, url };
    const next = URL.parse(to, url.href);
    if (!next || hop === maxRedirects) {
      throw new PullFailure('redirected', `${wanted.url.href} leads on and on`, { status: answer.status });
    }
    url = next;
  }
}

async function ask(ctx: Ctx, wanted: Wanted, url: URL, password: string | undefined): Promise<PeerAnswer> {
  const { accept, limits, headers = {} } = wanted;
  const authorization = password ? { authorization: `Basic ${Buffer.from(password).toString('base64')}` } : {};
  await inTurn(ctx, limits);
  return await ctx.http.send({
    method: 'GET',
    url,
    headers: { accept, 'accept-encoding': 'gzip', 'user-agent': `${USER_AGENT}/1`, ...headers, ...authorization },
    maxBytes: limits.maxBytes,
    ...(ctx.signal ? { signal: ctx.signal } : {}),
  });
}

/** Why an answer is none. */
export const failureOf = (answer: Fetched, now: Date): PullFailure =>
  refusalOf(answer, now, `${answer.url.href} answered ${answer.status}`);

export const mediaType = ({ headers }: PeerAnswer): string =>
  (String(headers['content-type'] ?? '').split(';')[0] ?? '').trim().toLowerCase();

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const chunkBytes = 65_536;

/**
 * The body in pieces, unpacked as it is read, so that nothing is held but what came over the wire. Reading again begins
 * again. Throws PullFailure for a body that is cut, damaged, or unpacks beyond `maxBytes` or twentyfold.
 */
export async function* chunksOf({ headers, body }: PeerAnswer, maxBytes: number): AsyncGenerator<Buffer> {
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new PullFailure('malformed', `packed as ${encoding.slice(0, 40)}, which was not asked for`);
  }
  // `feed.xml.gz` comes packed without saying so in a header.
  yield* isGzip(body) ? unpacked(body, maxBytes) : slices(body);
}

async function* unpacked(body: Buffer, maxBytes: number): AsyncGenerator<Buffer> {
  const most = Math.min(maxBytes, unpackLimit(body.length, smallUnpackedBytes));
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  Readable.from(slices(body)).pipe(gunzip);
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) throw new PullFailure('too-large', `unpacks to more than ${most} bytes`);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof PullFailure) throw cause;
    throw new PullFailure('malformed', 'the packed body is cut short or damaged', { cause });
  } finally {
    gunzip.destroy();
  }
}

function* slices(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += chunkBytes) yield body.subarray(at, at + chunkBytes);
}

/** The whole body, for small ones. */
export async function wholeOf(answer: PeerAnswer, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(answer, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
