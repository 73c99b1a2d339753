import { createHash, type KeyObject, randomBytes, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import type { Identity } from './keys.ts';

export type Fields = Readonly<Record<string, string>>;

/** A request before it is sent. `target` is path and query as they go over the wire. */
export type Request = {
  readonly method: string;
  readonly target: string;
  readonly headers: Fields;
  readonly body: Buffer;
};

/** How a signature differs from a right one. */
export type Signing = {
  readonly by?: Identity;
  readonly keyid?: string;
  /** As RFC 9421 writes them, quotes included. */
  readonly components?: readonly string[];
  /** Seconds by which `created` is off. */
  readonly skew?: number;
  readonly lifetime?: number;
  readonly nonce?: string;
  readonly tag?: string;
  readonly alg?: string;
  readonly label?: string;
  readonly authority?: string;
  /** Parameters that are left out. */
  readonly omit?: readonly string[];
};

export const digestOf = (body: Uint8Array): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;

export const newNonce = (): string => randomBytes(18).toString('base64url');

export const TARGET = ['"@method"', '"@authority"', '"@path"', '"@query"'] as const;

/** What the profile wants covered. */
export const componentsOf = ({ headers, body }: Pick<Request, 'headers' | 'body'>): readonly string[] => [
  ...TARGET,
  ...(body.length > 0 ? ['"content-digest"', '"content-type"'] : []),
  ...(headers['idempotency-key'] ? ['"idempotency-key"'] : []),
];

export const pathOf = (target: string): string => target.split('?')[0] ?? '';
const queryOf = (target: string): string => (target.includes('?') ? target.slice(target.indexOf('?')) : '?');

function valueIn({ method, target, headers }: Request, authority: string, component: string): string {
  const name = component.slice(1, -1);
  const derived: Fields = {
    '@method': method,
    '@authority': authority,
    '@path': pathOf(target),
    '@query': queryOf(target),
  };
  return derived[name] ?? headers[name] ?? '';
}

/** The signature base of a request: what is signed, line by line. */
export const requestBase = (request: Request, authority: string, components: readonly string[], input: string) =>
  [
    ...components.map((component) => `${component}: ${valueIn(request, authority, component)}`),
    `"@signature-params": ${input}`,
  ].join('\n');

/** The request with its signature. `now` is in seconds since 1970. */
export function sign(request: Request, identity: Identity, authority: string, now: number, how: Signing = {}): Request {
  const digest = request.body.length > 0 ? { 'content-digest': digestOf(request.body) } : {};
  const headers: Fields = { ...digest, ...request.headers };
  const components = how.components ?? componentsOf({ headers, body: request.body });
  const by = how.by ?? identity;
  const created = now + (how.skew ?? 0);
  const parameters = [
    ['created', String(created)],
    ['expires', String(created + (how.lifetime ?? 300))],
    ['keyid', `"${how.keyid ?? by.keyid}"`],
    ['nonce', `"${how.nonce ?? newNonce()}"`],
    ['tag', `"${how.tag ?? 'ocop-fed/1'}"`],
    ...(how.alg === undefined ? [] : [['alg', `"${how.alg}"`]]),
  ].filter(([name = '']) => !how.omit?.includes(name));
  const input = `(${components.join(' ')})${parameters.map(([name, value]) => `;${name}=${value}`).join('')}`;
  const base = requestBase({ ...request, headers }, how.authority ?? authority, components, input);
  const signature = signBytes(null, Buffer.from(base), by.privateKey).toString('base64');
  const label = how.label ?? 'ocop';
  const fields = { 'signature-input': `${label}=${input}`, signature: `${label}=:${signature}:` };
  return { ...request, headers: { ...headers, ...fields } };
}

/** A member of Signature-Input with its signature, taken apart. */
export type SignatureFields = {
  readonly label: string;
  /** The member as it was written. */
  readonly input: string;
  readonly components: readonly string[];
  readonly parameters: ReadonlyMap<string, string | number>;
  /** As it was written, colons included. */
  readonly signature: string;
};

const inputForm =
  /^([a-z*][a-z0-9_.*-]*)=(\(((?:"[^"]+"(?:;[a-z]+(?:="[^"]*")?)* ?)*)\)((?:;[a-z]+=(?:"[^"\\]*"|-?\d+))*))$/;
const signatureForm = /^([a-z*][a-z0-9_.*-]*)=(:[A-Za-z0-9+/]+={0,2}:)$/;

/**
 * The one signature of a message; undefined when its fields cannot be read as such. Narrower than structured fields
 * are: what this profile writes, and no second signature.
 */
export function readFields(headers: Fields): SignatureFields | undefined {
  const read = inputForm.exec(headers['signature-input']?.trim() ?? '');
  const [, signedLabel, signature] = signatureForm.exec(headers.signature?.trim() ?? '') ?? [];
  const [, label, input, list, tail = ''] = read ?? [];
  if (!label || !input || list === undefined || !signature || label !== signedLabel) return undefined;
  const parameters = [...tail.matchAll(/;([a-z]+)=(?:"([^"]*)"|(-?\d+))/g)].map(
    ([, name = '', text, number]) => [name, text ?? Number(number)] as const,
  );
  return {
    label,
    input,
    signature,
    components: list.split(' ').filter((one) => one !== ''),
    parameters: new Map(parameters),
  };
}

/** What an answer must cover, when the request carried `label`. */
export const answerComponents = (label: string): readonly string[] => [
  '"@status"',
  '"content-digest"',
  '"@method";req',
  '"@path";req',
  `"signature";req;key="${label}"`,
];

export type Answered = { readonly status: number; readonly headers: Fields; readonly request: Request };

/** The signature base of an answer. */
export function answerBase(
  { status, headers, request }: Answered,
  fields: Pick<SignatureFields, 'components' | 'input'>,
) {
  const asked = readFields(request.headers);
  const values: Fields = {
    '"@status"': String(status),
    '"content-digest"': headers['content-digest'] ?? '',
    '"@method";req': request.method,
    '"@path";req': pathOf(request.target),
    [`"signature";req;key="${asked?.label}"`]: asked?.signature ?? '',
  };
  const lines = fields.components.map((component) => `${component}: ${values[component] ?? ''}`);
  return [...lines, `"@signature-params": ${fields.input}`].join('\n');
}

export const isSignedBy = (key: KeyObject, base: string, signature: string): boolean =>
  verifyBytes(null, Buffer.from(base), key, Buffer.from(signature.slice(1, -1), 'base64'));
