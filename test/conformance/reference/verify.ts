import { type Jwk, publicKey } from '#conformance/kit/keys.ts';
import {
  digestOf,
  type Fields,
  isSignedBy,
  type Request,
  readFields,
  requestBase,
  type SignatureFields,
  TARGET,
} from '#conformance/kit/signing.ts';
import type { Has } from './defects.ts';

export type Refusal = { readonly status: number; readonly code: string; readonly extra?: object };
export type Verified = { readonly partner: string };
export type Pinned = ReadonlyMap<string, { readonly partner: string; readonly jwk: Jwk }>;
type Context = { readonly authority: string; readonly pinned: Pinned; readonly nonces: Set<string>; readonly has: Has };

export const isRefusal = (said: Verified | Refusal): said is Refusal => 'code' in said;
const no = (code: string, extra: object = {}): Refusal => ({ status: 401, code, extra });

const firstOf = (value = ''): string => value.split(/, (?=[a-z]+=)/)[0] ?? '';

function fieldsOf({ headers }: Request, has: Has): SignatureFields | undefined {
  if (!has('first-of-two')) return readFields(headers);
  const { signature, 'signature-input': input } = headers;
  return readFields({ ...headers, signature: firstOf(signature), 'signature-input': firstOf(input) });
}

function requiredOf({ headers, body }: Request, has: Has): readonly string[] {
  const target = TARGET.filter((component) => !has(`${component.slice(2, -1)}-uncovered` as 'method-uncovered'));
  const digest = body.length > 0 && !has('body-uncovered') ? ['"content-digest"'] : [];
  const type = body.length > 0 && !has('body-uncovered') && !has('type-uncovered') ? ['"content-type"'] : [];
  const key = headers['idempotency-key'] && !has('idempotency-uncovered') ? ['"idempotency-key"'] : [];
  return [...target, ...digest, ...type, ...key];
}

function faultOfParameters({ parameters, label }: SignatureFields, has: Has): Refusal | undefined {
  const alg = parameters.get('alg');
  if (alg !== undefined && (has('alg-refused') || (alg !== 'ed25519' && !has('alg-ignored'))))
    return no('unsupported-algorithm');
  const tag = parameters.get('tag');
  const isTagged = tag === 'ocop-fed/1' || has('tag-ignored') || (tag === undefined && has('tag-optional'));
  const isTimed =
    (parameters.has('created') || has('created-optional')) && (parameters.has('expires') || has('expires-optional'));
  const nonce = String(parameters.get('nonce') ?? '');
  const isOnce = has('nonce-optional') || (parameters.has('nonce') && (nonce.length >= 16 || has('short-nonce')));
  if (!isTagged || !isTimed || !isOnce || (has('fixed-label') && label !== 'ocop')) return no('signature-malformed');
  return undefined;
}

function faultOfComponents({ components }: SignatureFields, request: Request, has: Has): Refusal | undefined {
  const required = requiredOf(request, has);
  const isCovered = required.every((component) => components.includes(component));
  const hasExtra = components.some((component) => !requiredOf(request, () => false).includes(component));
  const isOrdered = !has('fixed-order') || components.join() === required.join();
  if (isCovered && isOrdered && (!hasExtra || has('extra-components'))) return undefined;
  return no('missing-component', has('no-required') ? {} : { required });
}

function faultOfTime({ parameters }: SignatureFields, has: Has): Refusal | undefined {
  const now = Date.now() / 1000;
  const created = Number(parameters.get('created') ?? now);
  const expires = Number(parameters.get('expires') ?? created + 300);
  const skew = has('skew-double') ? 120 : has('skew-none') ? 0 : 60;
  const life = expires - created;
  const early = created > now + skew && !has('future-open');
  const late = expires < now - skew && !has('past-open');
  const long = life > (has('lifetime-one-more') ? 301 : 300) && !has('lifetime-open');
  const none = life <= 0 && !has('lifetime-zero');
  if (!early && !late && !long && !none) return undefined;
  return no('clock-skew', has('no-server-time') ? {} : { now: new Date().toISOString() });
}

function faultOfDigest({ headers, body }: Request, has: Has): Refusal | undefined {
  if (body.length === 0 || has('skip-digest')) return undefined;
  const said = headers['content-digest'] ?? '';
  if (has('any-digest') && !said.startsWith('sha-256=')) return undefined;
  return said === digestOf(body) ? undefined : no(has('digest-first') ? 'bad-signature' : 'digest-mismatch');
}

async function faultOfNonce(
  { parameters }: SignatureFields,
  { target }: Request,
  { nonces, has }: Context,
): Promise<Refusal | undefined> {
  if (has('nonce-forgotten') || !parameters.has('nonce')) return undefined;
  const entry = `${parameters.get('keyid')} ${parameters.get('nonce')}${has('nonce-per-path') ? target.split('?')[0] : ''}`;
  const isKept = nonces.has(entry);
  if (has('nonce-race')) await new Promise((resolve) => setTimeout(resolve, 20));
  nonces.add(entry);
  return isKept ? no('replayed') : undefined;
}

/** In the order of the profile. */
export async function verify(request: Request, context: Context): Promise<Verified | Refusal> {
  const { has, pinned, authority } = context;
  const { signature, 'signature-input': input, host = '' }: Fields = request.headers;
  if (signature === undefined && input === undefined)
    return has('accept-unsigned') ? { partner: 'kit' } : no('signature-missing');
  if (Math.max(signature?.length ?? 0, input?.length ?? 0) > 4096 && !has('huge-fields'))
    return no('signature-malformed');
  const fields = fieldsOf(request, has);
  if (!fields) return has('garbage-500') ? { status: 500, code: 'internal-error' } : no('signature-malformed');
  const malformed = faultOfParameters(fields, has);
  if (malformed) return malformed;
  const known = pinned.get(String(fields.parameters.get('keyid')));
  if (!known) return { ...no('unknown-key'), status: has('unknown-key-403') ? 403 : 401 };
  const burnt = has('nonce-burnt') ? await faultOfNonce(fields, request, context) : undefined;
  const fault = faultOfComponents(fields, request, has) ?? faultOfTime(fields, has) ?? burnt;
  if (fault) return fault;
  const base = requestBase(request, has('authority-from-host') ? host : authority, fields.components, fields.input);
  if (!has('skip-signature') && !isSignedBy(publicKey(known.jwk), base, fields.signature)) return no('bad-signature');
  const spoilt =
    faultOfDigest(request, has) ?? (has('nonce-burnt') ? undefined : await faultOfNonce(fields, request, context));
  return spoilt ?? { partner: known.partner };
}
