import { createPublicKey } from 'node:crypto';
import { createSigner, createVerifier, httpbis } from 'http-message-signatures';
import { describe, expect, test } from 'vitest';
import { generatePem, publicKeyOf, readIdentity } from '#federation/protocol/keys.ts';
import {
  requiredOfRequest,
  signRequest,
  signResponse,
  verifyRequest,
  verifyResponse,
} from '#federation/protocol/signature.ts';
import { type RequestMessage, readSignature, signatureBase } from '#federation/protocol/signature-base.ts';
import vectors from '#federation/vectors/signatures.json' with { type: 'json' };

const me = readIdentity(vectors.privateKeyPem);
const stranger = readIdentity(generatePem());
const key = publicKeyOf(me.jwk);
const now = new Date(vectors.now);
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

const get: RequestMessage = {
  method: 'GET',
  authority: 'angiang.example',
  path: '/federation/v1/changes',
  query: '?lane=offer&limit=500',
  headers: { accept: 'application/json' },
  body: new Uint8Array(),
};
const post: RequestMessage = {
  ...get,
  method: 'POST',
  path: '/federation/v1/records:batch',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"uris":[]}'),
};
const signed = (message: RequestMessage, by = me, at = now): RequestMessage => ({
  ...message,
  headers: { ...message.headers, ...signRequest(message, by, at) },
});

const checksAt = (at = now, seen = new Set<string>()) => ({
  now: at,
  keyFor: async (keyid: string) => (keyid === me.keyid ? key : undefined),
  remember: async (keyid: string, nonce: string) => seen.size < seen.add(`${keyid} ${nonce}`).size,
});

describe('the vectors', () => {
  test.each(vectors.requests)('$name', async ({ nonce, base, body, ...message }) => {
    const bytes = Buffer.from(body);
    const { 'signature-input': _input, signature: _signature, 'content-digest': _digest, ...bare } = message.headers;
    const made = signRequest({ ...message, headers: bare, body: bytes }, me, now, nonce);
    expect(made).toEqual(expect.objectContaining({ signature: message.headers.signature }));
    const received = { ...message, body: bytes };
    const fields = readSignature(received.headers);
    expect(fields && signatureBase(received, fields.input)).toBe(base);
    await expect(verifyRequest(received, checksAt())).resolves.toMatchObject({ keyid: vectors.keyid, nonce });
  });
  test.each(vectors.responses)('$name', ({ base, body, status, headers }) => {
    const [asked] = vectors.requests;
    if (!asked) throw new Error('no request');
    const response = { status, headers, body: Buffer.from(body), request: { ...asked, body: Buffer.from(asked.body) } };
    const fields = readSignature(headers);
    expect(fields && signatureBase(response, fields.input)).toBe(base);
    expect(() => verifyResponse(response, { keyid: me.keyid, key, now })).not.toThrow();
  });
});

describe('an independent implementation of RFC 9421', () => {
  const url = `https://${get.authority}${get.path}${get.query}`;
  const verifier = createVerifier(createPublicKey(key.export({ format: 'pem', type: 'spki' })), 'ed25519');

  test('accepts what we sign, request and response', async () => {
    const current = new Date();
    const request = signed(get, me, current);
    const theirs = { method: 'GET', url, headers: request.headers as Record<string, string> };
    const config = { keyLookup: async () => ({ id: me.keyid, algs: ['ed25519'], verify: verifier }), maxAge: 300 };
    await expect(httpbis.verifyMessage(config, theirs)).resolves.toBe(true);
    const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}'), request };
    const headers = { ...answer.headers, ...signResponse(answer, me, current) };
    await expect(httpbis.verifyMessage(config, { status: 200, headers }, theirs)).resolves.toBe(true);
    const forged = { ...headers, 'content-digest': 'sha-256=:AAAA:' };
    await expect(httpbis.verifyMessage(config, { status: 200, headers: forged }, theirs)).resolves.toBe(false);
  });

  test('signs what we accept', async () => {
    const message = await httpbis.signMessage(
      {
        key: createSigner(me.privateKey, 'ed25519', me.keyid),
        name: 'theirs',
        fields: ['@authority', '@method', '@path', '@query'],
        params: ['keyid', 'nonce', 'created', 'expires', 'tag'],
        paramValues: { created: now, expires: later(120), nonce: 'another-16-characters', tag: 'ocop-fed/1' },
      },
      { method: 'GET', url, headers: {} },
    );
    const headers = Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    await expect(verifyRequest({ ...get, headers }, checksAt())).resolves.toMatchObject({
      keyid: me.keyid,
    });
  });
});

describe('a request is refused', () => {
  const request = signed(get);
  const withBody = signed(post);
  const reheaded = (message: RequestMessage, name: string, change: (value: string) => string) => ({
    ...message,
    headers: { ...message.headers, [name]: change(String(message.headers[name])) },
  });
  const cases: readonly (readonly [string, RequestMessage, string])[] = [
    ['without a signature', get, 'signature-missing'],
    ['with the signature stripped', reheaded(request, 'signature', () => ''), 'signature-malformed'],
    ['with two signatures', reheaded(request, 'signature', (v) => `${v}, b=:AAAA:`), 'signature-malformed'],
    ['with two inputs', reheaded(request, 'signature-input', (v) => `${v}, b=()`), 'signature-malformed'],
    ['with a huge header', reheaded(request, 'signature-input', (v) => v.padEnd(5000)), 'signature-malformed'],
    ['for another method', { ...request, method: 'DELETE' }, 'bad-signature'],
    ['for another host', { ...request, authority: 'camau.example' }, 'bad-signature'],
    ['for another path', { ...request, path: '/federation/v1/snapshot' }, 'bad-signature'],
    ['for another query', { ...request, query: '?lane=catalogue' }, 'bad-signature'],
    ['by an unknown key', signed(get, stranger), 'unknown-key'],
    [
      'under a stolen key id',
      reheaded(signed(get, stranger), 'signature-input', (v) => v.replace(stranger.keyid, me.keyid)),
      'bad-signature',
    ],
    ['with a changed body', { ...withBody, body: Buffer.from('{"uris":[1]}') }, 'digest-mismatch'],
    [
      'with a body that nothing covers',
      { ...request, body: Buffer.from('{}'), headers: { ...request.headers, 'content-type': 'application/json' } },
      'missing-component',
    ],
    ['with its body taken away', { ...withBody, body: new Uint8Array() }, 'missing-component'],
    [
      'with a swapped digest',
      reheaded(withBody, 'content-digest', (v) => v.replace('sha-256=:', 'sha-256=:A')),
      'bad-signature',
    ],
    [
      'with a new idempotency key',
      { ...withBody, headers: { ...withBody.headers, 'idempotency-key': '"k"' } },
      'missing-component',
    ],
    [
      'missing a component',
      reheaded(request, 'signature-input', (v) => v.replace(' "@query"', '')),
      'missing-component',
    ],
    [
      'covering a component twice',
      reheaded(request, 'signature-input', (v) => v.replace('"@query"', '"@path"')),
      'missing-component',
    ],
    [
      'with another algorithm',
      reheaded(request, 'signature-input', (v) => `${v};alg="hmac-sha256"`),
      'unsupported-algorithm',
    ],
    [
      'with an algorithm added after signing',
      reheaded(request, 'signature-input', (v) => `${v};alg="ed25519"`),
      'bad-signature',
    ],
    [
      'for another purpose',
      reheaded(request, 'signature-input', (v) => v.replace('ocop-fed/1', 'web-bot-auth')),
      'signature-malformed',
    ],
    [
      'without a nonce',
      reheaded(request, 'signature-input', (v) => v.replace(/;nonce="[^"]+"/, '')),
      'signature-malformed',
    ],
    [
      'without an end',
      reheaded(request, 'signature-input', (v) => v.replace(/;expires=\d+/, '')),
      'signature-malformed',
    ],
    [
      'valid for an hour',
      reheaded(request, 'signature-input', (v) => v.replace(/;expires=\d+/, `;expires=${now.getTime() / 1000 + 3600}`)),
      'clock-skew',
    ],
  ];
  test.each(cases)('%s', async (_how, message, code) => {
    await expect(verifyRequest(message, checksAt())).rejects.toMatchObject({ code });
  });
  test.each([-61, 361, 3600])('%i s after its creation', async (seconds) => {
    await expect(verifyRequest(request, checksAt(later(seconds)))).rejects.toMatchObject({ code: 'clock-skew' });
  });
  test('the second time', async () => {
    const checks = checksAt();
    await verifyRequest(request, checks);
    await expect(verifyRequest(request, checks)).rejects.toMatchObject({ code: 'replayed' });
  });
  test('before its nonce is kept, so that strangers cannot fill the memory', async () => {
    const seen = new Set<string>();
    await expect(verifyRequest({ ...request, query: '?x' }, checksAt(now, seen))).rejects.toThrow();
    expect(seen.size).toBe(0);
  });
});

test.each([-60, 0, 300, 360])('a request is accepted %i s after its creation', async (seconds) => {
  await expect(verifyRequest(signed(get), checksAt(later(seconds)))).resolves.toBeDefined();
});

test('what must be covered follows from the message', () => {
  expect(requiredOfRequest(get)).toHaveLength(4);
  expect(requiredOfRequest({ ...post, headers: { ...post.headers, 'idempotency-key': '"k"' } })).toHaveLength(7);
});

describe('an answer', () => {
  const request = signed(get);
  const answer = { status: 200, headers: {}, body: Buffer.from('{"ok":true}'), request };
  const sent = { ...answer, headers: signResponse(answer, me, now) };
  const check = { keyid: me.keyid, key, now };
  test('is believed when it is the one to our question', () => {
    expect(() => verifyResponse(sent, check)).not.toThrow();
  });
  test.each([
    ['another status', { ...sent, status: 404 }, 'bad-signature'],
    ['another body', { ...sent, body: Buffer.from('{"ok":false}') }, 'digest-mismatch'],
    ['the answer to an earlier question', { ...sent, request: signed(get) }, 'bad-signature'],
    ['no signature', { ...sent, headers: {} }, 'signature-missing'],
    ['a signature of the question', { ...sent, headers: request.headers }, 'missing-component'],
  ])('with %s is not', (_what, forged, code) => {
    expect(() => verifyResponse(forged, check)).toThrow(expect.objectContaining({ code }));
  });
  test('by another key is not', () => {
    const forged = { ...answer, headers: signResponse(answer, stranger, now) };
    expect(() => verifyResponse(forged, check)).toThrow(expect.objectContaining({ code: 'unknown-key' }));
  });
});
