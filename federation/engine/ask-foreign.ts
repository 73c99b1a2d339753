import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Ctx } from '../adapters/adapter.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { PullFailure } from './failure.ts';
import type { PeerAnswer } from './http.ts';
import { inTurn, type Limits } from './pace.ts';
import { refusalOf } from './refusal.ts';
import { unpackLimit } from './unpack-limit.ts';

export type ForeignQuestion = {
  /** Under the partner's base address, whose own path is kept: shops live in folders too. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON by POST; without it the question is a GET. */
  readonly body?: unknown;
  /** Of the adapter's manifest. `maxBytes` bounds the answer on the wire and unpacked. */
  readonly limits: Limits & { readonly maxBytes: number };
  /** Media types that a 200 may have; JSON when left out. */
  readonly contentTypes?: readonly string[];
  /** Other statuses than 200 that are an answer and no failure, such as 304 or 404. */
  readonly statuses?: readonly number[];
};
export type ForeignAnswer = {
  readonly status: number;
  readonly headers: PeerAnswer['headers'];
  /** Unpacked. */
  readonly body: Buffer;
};

const smallUnpackedBytes = 1_048_576;
const unpack = promisify(gunzip);

/**
 * Asks a foreign system through the guarded client, at the pace of `limits`. Only the partner's own host is asked, since
 * the headers carry its secrets. Throws PullFailure for every answer that is none: other status, media type, packing, size.
 */
export async function askForeign(ctx: Ctx, question: ForeignQuestion): Promise<ForeignAnswer> {
  const { limits, body, contentTypes = ['application/json'], statuses = [] } = question;
  const url = addressOf(ctx.partner.baseUrl, question);
  const { signal } = ctx;
  await inTurn(ctx, limits);
  const answer = await ctx.http.send({
    method: body === undefined ? 'GET' : 'POST',
    url,
    headers: {
      accept: contentTypes.join(', '),
      'accept-encoding': 'gzip',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
    },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    maxBytes: limits.maxBytes,
    ...(signal ? { signal } : {}),
  });
  const { status, headers } = answer;
  if (status !== 200 && !statuses.includes(status)) throw failureOf(answer, url, ctx.now());
  if (status === 200) refuseType(headers, contentTypes, url);
  return { status, headers, body: await unpacked(answer, limits.maxBytes) };
}

/** The same, parsed. Throws PullFailure `malformed` for what is no JSON. */
export async function askForeignJson(
  ctx: Ctx,
  question: ForeignQuestion,
): Promise<ForeignAnswer & { readonly json: unknown }> {
  const answer = await askForeign(ctx, question);
  return { ...answer, json: answer.status === 200 ? parseBoundedJson(answer.body) : undefined };
}

/** Peer's clock minus ours by the `Date` of an answer, in milliseconds; 0 when it states none. */
export function skewOf({ headers }: Pick<ForeignAnswer, 'headers'>, now: Date): number {
  const stated = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(stated) ? 0 : stated - now.getTime();
}

function addressOf(base: URL, { path, query }: Pick<ForeignQuestion, 'path' | 'query'>): URL {
  const folder = new URL(base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`, base);
  const url = new URL(path.replace(/^\/+/, ''), folder);
  if (url.origin !== base.origin) throw new PullFailure('address-refused', `${url.origin} is not ${base.origin}`);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  return url;
}

function failureOf(answer: PeerAnswer, url: URL, now: Date): PullFailure {
  const { status } = answer;
  const said = `${url.pathname} answered ${status}`;
  if (status >= 300 && status < 400) return new PullFailure('redirected', said, { status });
  return refusalOf(answer, now, said);
}

/** A login page or a maintenance notice comes with 200 as well. */
function refuseType(headers: PeerAnswer['headers'], contentTypes: readonly string[], url: URL): void {
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  if (contentTypes.includes(type.trim().toLowerCase())) return;
  throw new PullFailure('wrong-content-type', `${url.pathname} sent ${type.trim().slice(0, 100) || 'no media type'}`);
}

async function unpacked({ headers, body }: PeerAnswer, maxBytes: number): Promise<Buffer> {
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || body.length === 0) return body;
  if (encoding !== 'gzip')
    throw new PullFailure('malformed', `packed as ${encoding.slice(0, 40)}, which was not asked for`);
  const maxOutputLength = Math.min(maxBytes, unpackLimit(body.length, smallUnpackedBytes));
  try {
    return await unpack(body, { maxOutputLength });
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    if (tooLarge) throw new PullFailure('too-large', `unpacks to more than ${maxOutputLength} bytes`, { cause });
    throw new PullFailure('malformed', 'the packed body is cut short or damaged', { cause });
  }
}
