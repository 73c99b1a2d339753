import { type BareItem, type InnerList, parseDictionary, serializeInnerList, serializeItem } from 'structured-headers';

/** Header values by lower-case name. A header that came several times is joined by `, `, as HTTP and Node do. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What a signature can speak of in a request. `path` is as sent on the wire; `query` begins with `?` or is empty. */
export type RequestMessage = {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
};

/** What a signature can speak of in a response; `request` is the one it answers, with its signature headers. */
export type ResponseMessage = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly request: RequestMessage;
};

export type SignedMessage = RequestMessage | ResponseMessage;

/** One member of `Signature-Input` with its `Signature`. */
export type SignatureFields = {
  readonly label: string;
  readonly input: InnerList;
  readonly signature: Uint8Array;
};

/** A header of this size is no honest signature, and parsing costs time. In characters. */
const maxFieldLength = 4096;

export const headerOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/**
 * The one signature of a message; undefined when there is none. Throws Error when the fields cannot be read, differ in
 * their labels or hold several signatures: with two, one checker may verify the first and another trust the second.
 */
export function readSignature(headers: Headers): SignatureFields | undefined {
  const inputText = headerOf(headers, 'signature-input');
  const signatureText = headerOf(headers, 'signature');
  if (inputText === undefined && signatureText === undefined) return undefined;
  if (!inputText || !signatureText || Math.max(inputText.length, signatureText.length) > maxFieldLength) {
    throw new Error('Signature fields are incomplete or too large');
  }
  const inputs = [...parseDictionary(inputText)];
  const signatures = [...parseDictionary(signatureText)];
  const [label, input] = inputs[0] ?? [];
  const [otherLabel, item] = signatures[0] ?? [];
  const bytes = item?.[0];
  if (inputs.length !== 1 || signatures.length !== 1 || !label || label !== otherLabel) {
    throw new Error('There must be exactly one signature');
  }
  if (!input || !isList(input) || !(bytes instanceof ArrayBuffer)) throw new Error('The signature is malformed');
  return { label, input, signature: new Uint8Array(bytes) };
}

const isList = (member: InnerList | readonly [BareItem, unknown]): member is InnerList => Array.isArray(member[0]);

/** The names of the covered components as RFC 9421 writes them, parameters included. */
export const componentIds = (input: InnerList): readonly string[] => input[0].map((item) => serializeItem(item));

/** RFC 9421 §2.5. Throws Error when a covered component is not in the message. */
export function signatureBase(message: SignedMessage, input: InnerList): string {
  const lines = componentIds(input).map((id) => `${id}: ${componentValue(message, id)}`);
  return [...lines, `"@signature-params": ${serializeInnerList(input)}`].join('\n');
}

const componentPattern = /^"([^"]+)"(;req)?(?:;key="([^"]+)")?$/;

function componentValue(message: SignedMessage, id: string): string {
  const [, name = '', ofRequest, key] = componentPattern.exec(id) ?? [];
  const source = ofRequest && 'request' in message ? message.request : message;
  if (key) return dictionaryMember(source.headers, name, key);
  if (name === '@status' && 'status' in source) return String(source.status);
  if (name.startsWith('@') && 'method' in source) return derived(source, name);
  const value = name.startsWith('@') ? undefined : headerOf(source.headers, name);
  if (value === undefined) throw new Error(`${id} is not in the message`);
  return value.trim();
}

function derived(request: RequestMessage, name: string): string {
  switch (name) {
    case '@method':
      return request.method.toUpperCase();
    case '@authority':
      return request.authority.toLowerCase();
    case '@path':
      return request.path || '/';
    case '@query':
      return request.query || '?';
    default:
      throw new Error(`${name} is not supported`);
  }
}

function dictionaryMember(headers: Headers, name: string, key: string): string {
  const member = parseDictionary(headerOf(headers, name) ?? '').get(key);
  if (!member) throw new Error(`${name} has no member ${key}`);
  return isList(member) ? serializeInnerList(member) : serializeItem(member);
}
