import { type Ctx, doesCount } from '../adapters/adapter.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import { publicKeyOf } from '../protocol/keys.ts';
import { PEER_PROBLEMS, PeerRefusal } from '../protocol/problems.ts';
import { signRequest, verifyResponse } from '../protocol/signature.ts';
import type { RequestMessage } from '../protocol/signature-base.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { PullFailure } from './failure.ts';
import type { PeerAnswer } from './http.ts';
import { refusalOf } from './refusal.ts';

type Asked = {
  readonly maxBytes: number;
  readonly contentType: string;
  /** Sent as JSON by POST. */
  readonly body?: object;
  /** Sent and signed with the request; the same one when it is sent again. */
  readonly idempotencyKey?: string;
};
/** An answer, and whether the pinned key signed it for this very request. */
type Told = { readonly answer: PeerAnswer; readonly verified: boolean };

/**
 * Asks a native peer, signed both ways, and gives the verified body of its 200. Throws PullFailure: with `problem` set
 * when the peer signed a refusal. An unsigned refusal proves nothing, so its code is not passed on.
 */
export async function askPeer(
  ctx: Ctx,
  path: string,
  query: Readonly<Record<string, string>>,
  asked: Asked,
): Promise<PeerAnswer> {
  const { answer, verified } = await tellPeer(ctx, path, query, asked);
  if (answer.status !== 200) throw failureOf(answer, verified, ctx.now());
  if (!verified) throw new PullFailure('unverified-answer', `${path} was not signed by the pinned key`);
  mustBe(asked.contentType, answer);
  return answer;
}

/** Throws PullFailure when the answer is of another type. */
export function mustBe(contentType: string, { headers }: Pick<PeerAnswer, 'headers'>): void {
  const type = String(headers['content-type'] ?? '').split(';')[0];
  if (type !== contentType) throw new PullFailure('wrong-content-type', `${type || 'none'} instead of ${contentType}`);
}

/** Asks a native peer, signed, and gives whatever it answers. Throws PullFailure when it answers nothing. */
export async function tellPeer(
  ctx: Ctx,
  path: string,
  query: Readonly<Record<string, string>>,
  { maxBytes, contentType, body, idempotencyKey }: Asked,
): Promise<Told> {
  const url = new URL(path, ctx.partner.baseUrl);
  url.search = new URLSearchParams(query).toString();
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const method = bytes ? 'POST' : 'GET';
  const bare = {
    accept: contentType,
    'accept-encoding': 'identity',
    'federation-version': PROTOCOL_VERSION,
    ...(bytes ? { 'content-type': 'application/json' } : {}),
    ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
  };
  const message: RequestMessage = {
    method,
    authority: url.host,
    path: url.pathname,
    query: url.search,
    headers: bare,
    body: bytes ?? new Uint8Array(),
  };
  const headers = { ...bare, ...signRequest(message, ctx.identity, ctx.now()) };
  const more = { ...(bytes ? { body: bytes } : {}), ...(ctx.signal ? { signal: ctx.signal } : {}) };
  const answer = await ctx.http.send({ method, url, headers, maxBytes, ...more });
  return { answer, verified: isVerified(ctx, { ...message, headers }, answer) };
}

function isVerified(ctx: Ctx, request: RequestMessage, { status, headers, body }: PeerAnswer): boolean {
  const { pinned, next } = ctx.partner;
  const now = ctx.now();
  return [pinned, next].some((key) => {
    if (!key || !doesCount(key, now)) return false;
    const { keyid, jwk } = key;
    return isSignedBy({ status, headers, body, request }, { keyid, key: publicKeyOf(jwk), now });
  });
}

function isSignedBy(...[answer, checks]: Parameters<typeof verifyResponse>): boolean {
  try {
    verifyResponse(answer, checks);
    return true;
  } catch (error) {
    if (error instanceof PeerRefusal) return false;
    throw error;
  }
}

function failureOf(answer: PeerAnswer, verified: boolean, now: Date): PullFailure {
  const { status } = answer;
  if (status >= 300 && status < 400) return new PullFailure('redirected', `answered ${status}`, { status });
  return refusalOf(answer, now, `answered ${status}`, verified ? problemCode(answer.body) : undefined);
}

function problemCode(body: Buffer): string | undefined {
  try {
    const document = parseBoundedJson(body);
    const code = document && typeof document === 'object' && 'code' in document ? document.code : undefined;
    return typeof code === 'string' && code in PEER_PROBLEMS ? code : undefined;
  } catch {
    return undefined;
  }
}
