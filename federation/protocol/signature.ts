import { type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { type BareItem, type InnerList, type Item, parseItem, serializeInnerList } from 'structured-headers';
import { contentDigest, digestMatches } from './digest.ts';
import type { NodeIdentity } from './keys.ts';
import { PeerRefusal } from './problems.ts';
import {
  componentIds,
  headerOf,
  type RequestMessage,
  type ResponseMessage,
  readSignature,
  type SignatureFields,
  type SignedMessage,
  signatureBase,
} from './signature-base.ts';

/** Name of the profile, carried in every signature so that a signature made for something else never fits here. */
const TAG = 'ocop-fed/1';
const label = 'ocop';

/** Longest life of a signature, and the clock difference that is forgiven. In seconds. */
const MAX_LIFETIME_S = 300;
const MAX_SKEW_S = 60;

/** `@scheme` and `@target-uri` are left out: behind a proxy that ends TLS, the server cannot rebuild them. */
export function requiredOfRequest(request: RequestMessage): readonly string[] {
  const target = ['"@method"', '"@authority"', '"@path"', '"@query"'];
  const body = request.body.length > 0 ? ['"content-digest"', '"content-type"'] : [];
  return [...target, ...body, ...(headerOf(request.headers, 'idempotency-key') ? ['"idempotency-key"'] : [])];
}

/** An answer names its question, down to the question's signature: a quote is evidence of what was asked. */
const requiredOfResponse = (requestLabel: string): readonly string[] => [
  '"@status"',
  '"content-digest"',
  '"@method";req',
  '"@path";req',
  `"signature";req;key="${requestLabel}"`,
];

export type SignatureHeaders = {
  readonly 'signature-input': string;
  readonly signature: string;
  readonly 'content-digest'?: string;
};

/** Signs a request at `now`, valid 300 s. Its headers must hold what is sent: `content-type` with a body, `idempotency-key` if any. */
export function signRequest(
  request: RequestMessage,
  by: NodeIdentity,
  now: Date,
  nonce: string = newNonce(),
): SignatureHeaders {
  const digest = request.body.length > 0 ? { 'content-digest': contentDigest(request.body) } : {};
  const message = { ...request, headers: { ...request.headers, ...digest } };
  return { ...digest, ...signMessage(message, requiredOfRequest(message), by, now, nonce) };
}

/** Signs the answer to a signed request. Throws Error when the request carries no readable signature to bind to. */
export function signResponse(
  response: ResponseMessage,
  by: NodeIdentity,
  now: Date,
  nonce: string = newNonce(),
): SignatureHeaders {
  const asked = readSignature(response.request.headers);
  if (!asked) throw new Error('An answer can only be signed to a signed request');
  const digest = { 'content-digest': contentDigest(response.body) };
  const message = { ...response, headers: { ...response.headers, ...digest } };
  return { ...digest, ...signMessage(message, requiredOfResponse(asked.label), by, now, nonce) };
}

const newNonce = (): string => randomBytes(16).toString('base64url');

function signMessage(
  message: SignedMessage,
  components: readonly string[],
  by: NodeIdentity,
  now: Date,
  nonce: string,
): { 'signature-input': string; signature: string } {
  const created = Math.floor(now.getTime() / 1000);
  const parameters = new Map<string, BareItem>([
    ['created', created],
    ['expires', created + MAX_LIFETIME_S],
    ['keyid', by.keyid],
    ['nonce', nonce],
    ['tag', TAG],
  ]);
  const input: InnerList = [components.map((id): Item => parseItem(id)), parameters];
  const signature = sign(null, Buffer.from(signatureBase(message, input)), by.privateKey).toString('base64');
  return { 'signature-input': `${label}=${serializeInnerList(input)}`, signature: `${label}=:${signature}:` };
}

export type KeyLookup = (keyid: string) => Promise<KeyObject | undefined>;
/** Keeps a nonce at least until `until`; false when it was kept before. */
export type NonceMemory = (keyid: string, nonce: string, until: Date) => Promise<boolean>;
export type Verified = { readonly keyid: string; readonly nonce: string; readonly created: Date };

/**
 * Verifies a request before anything of its body is parsed, in the order of the profile: size of the headers, pinned
 * key, covered components, time window, signature, digest of the raw bytes, nonce. The nonce comes last so that a
 * stranger cannot fill the memory. Throws PeerRefusal.
 */
export async function verifyRequest(
  request: RequestMessage,
  checks: { readonly keyFor: KeyLookup; readonly remember: NonceMemory; readonly now: Date },
): Promise<Verified> {
  const fields = readOrRefuse(request);
  const parameters = parametersOf(fields.input);
  const key = await checks.keyFor(parameters.keyid);
  if (!key) throw new PeerRefusal('unknown-key', { keyid: parameters.keyid });
  verifyWith(key, request, requiredOfRequest(request), fields, checks.now);
  const until = new Date((parameters.expires + MAX_SKEW_S) * 1000);
  if (!(await checks.remember(parameters.keyid, parameters.nonce, until))) throw new PeerRefusal('replayed');
  return { keyid: parameters.keyid, nonce: parameters.nonce, created: new Date(parameters.created * 1000) };
}

/**
 * Verifies the answer to our own request against the peer's pinned key. The nonce needs no memory: the answer is bound
 * to our request's signature, which no other request has. Throws PeerRefusal.
 */
export function verifyResponse(
  response: ResponseMessage,
  checks: { readonly keyid: string; readonly key: KeyObject; readonly now: Date },
): void {
  const fields = readOrRefuse(response);
  if (parametersOf(fields.input).keyid !== checks.keyid) throw new PeerRefusal('unknown-key');
  const asked = readSignature(response.request.headers);
  if (!asked) throw new Error('The request was not signed');
  verifyWith(checks.key, response, requiredOfResponse(asked.label), fields, checks.now);
}

function readOrRefuse(message: SignedMessage): SignatureFields {
  let fields: SignatureFields | undefined;
  try {
    fields = readSignature(message.headers);
  } catch {
    throw new PeerRefusal('signature-malformed');
  }
  if (!fields) throw new PeerRefusal('signature-missing');
  return fields;
}

type Parameters = {
  readonly created: number;
  readonly expires: number;
  readonly keyid: string;
  readonly nonce: string;
};
const noncePattern = /^[\x21-\x7e]{16,128}$/;
const keyidPattern = /^[A-Za-z0-9_-]{43}$/;
const known = new Set(['created', 'expires', 'keyid', 'nonce', 'tag', 'alg']);

function parametersOf(input: InnerList): Parameters {
  const parameters = input[1];
  const [created, expires] = [parameters.get('created'), parameters.get('expires')];
  const [keyid, nonce, alg] = [parameters.get('keyid'), parameters.get('nonce'), parameters.get('alg')];
  if (alg !== undefined && alg !== 'ed25519') throw new PeerRefusal('unsupported-algorithm');
  const timed = Number.isInteger(created) && Number.isInteger(expires);
  const named = typeof keyid === 'string' && keyidPattern.test(keyid);
  const once = typeof nonce === 'string' && noncePattern.test(nonce);
  const understood = [...parameters.keys()].every((name) => known.has(name)) && parameters.get('tag') === TAG;
  if (!timed || !named || !once || !understood) throw new PeerRefusal('signature-malformed');
  return { created: Number(created), expires: Number(expires), keyid, nonce };
}

function verifyWith(
  key: KeyObject,
  message: SignedMessage,
  required: readonly string[],
  { input, signature }: SignatureFields,
  now: Date,
): void {
  const covered = componentIds(input);
  if (covered.length !== required.length || !required.every((id) => covered.includes(id))) {
    throw new PeerRefusal('missing-component', { required });
  }
  refuseOutsideWindow(parametersOf(input), now);
  if (!isSignedBy(key, message, input, signature)) throw new PeerRefusal('bad-signature');
  const digest = headerOf(message.headers, 'content-digest');
  if (required.includes('"content-digest"') && !digestMatches(digest ?? '', message.body)) {
    throw new PeerRefusal('digest-mismatch');
  }
}

function refuseOutsideWindow({ created, expires }: Parameters, now: Date): void {
  const seconds = now.getTime() / 1000;
  const lifetime = expires - created;
  const early = created > seconds + MAX_SKEW_S;
  const late = expires < seconds - MAX_SKEW_S;
  if (early || late || lifetime <= 0 || lifetime > MAX_LIFETIME_S) {
    throw new PeerRefusal('clock-skew', { now: now.toISOString() });
  }
}

function isSignedBy(key: KeyObject, message: SignedMessage, input: InnerList, signature: Uint8Array): boolean {
  try {
    return verify(null, Buffer.from(signatureBase(message, input)), key, signature);
  } catch {
    return false;
  }
}
