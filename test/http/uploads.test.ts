import { connect } from 'node:net';
import { Type } from '@fastify/type-provider-typebox';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApp } from '#http/app.ts';
import { refused } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { html } from '#web/html.ts';
import { page } from '#web/page.ts';

const maxBytes = 100_000;
const boundary = 'ranh-gioi';
type Sent = { readonly body: string | Buffer | FormData; readonly headers?: Record<string, string> };
type Seen = { file?: { name: string; byteLength: number }; note?: string; count?: number };

let app: App;
let base: string;
let cookie: string;
let token: string;

beforeAll(async () => {
  app = await createApp({
    log: pino({ level: 'silent' }),
    publicUrl: 'http://127.0.0.1',
    cookieSecret: 'x'.repeat(32),
    authenticate: async () => ({ kind: 'nobody' }),
  });
  app.post(
    '/v1/things',
    {
      config: { access: 'public', upload: { maxBytes, maxFiles: 2 } },
      schema: {
        operationId: 'sendThing',
        body: FormBody({
          file: FilePart('Whatever it is'),
          note: Type.Optional(Type.String({ maxLength: 10 })),
          count: Type.Optional(Type.Integer({ minimum: 1 })),
        }),
        response: refused,
      },
    },
    async ({ body: { file, note, count } }, reply) =>
      reply.send({ file: { name: file.name, byteLength: file.bytes.length }, note, count }),
  );
  app.post('/v1/plain', { config: { access: 'public' } }, async () => ({}));
  const site = { publicUrl: 'http://127.0.0.1', demo: false, tells: 'mail' } as const;
  page(app, site, { url: '/gui', access: 'public' }, async ({ view }) => html`<p>${view.csrf}</p>`);
  page(
    app,
    site,
    { method: 'POST', url: '/gui', access: 'public', upload: { maxBytes, maxFiles: 3 } },
    async (form) => {
      const names = form.files('anh').map(({ name, bytes }) => `${name} ${bytes.length}`);
      return html`<p>${form.field('ten')}|${form.fields('nhan').join(',')}|${names.join(',')}|${form.file('giay')?.name ?? '-'}</p>`;
    },
  );
  base = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('[::1]', '127.0.0.1');
  const shown = await fetch(`${base}/gui`);
  cookie = shown.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  token = (await shown.text()).replaceAll(/<\/?p>/g, '');
});
afterAll(() => app.close());

async function post(path: string, { body, headers = {} }: Sent) {
  const response = await fetch(base + path, { method: 'POST', body, headers });
  const text = await response.text();
  return {
    status: response.status,
    text,
    json: text.startsWith('{') ? (JSON.parse(text) as Seen & { code?: string }) : {},
  };
}
const form = (...parts: readonly (readonly [string, string | Blob, string?])[]): FormData => {
  const data = new FormData();
  for (const [name, value, file] of parts)
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, file);
  return data;
};
const raw = (text: string, type = `multipart/form-data; boundary=${boundary}`): Sent => ({
  body: text,
  headers: { 'content-type': type, 'x-requested-with': 'test' },
});
const part = (disposition: string, value: string): string =>
  `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`;
const program = { 'x-requested-with': 'test' };

test('a route of the API gets fields as its schema says and the file as it was sent', async () => {
  const body = form(['note', 'chào'], ['count', '3'], ['file', new Blob(['abc']), 'ảnh 1.jpg']);
  const answer = await post('/v1/things', { body, headers: program });
  expect(answer.json).toEqual({ file: { name: 'ảnh 1.jpg', byteLength: 3 }, note: 'chào', count: 3 });
});

test.each<[string, number, string, Sent]>([
  ['no file', 400, 'invalid-request', { body: form(['note', 'x']) }],
  ['text where the file should be', 400, 'invalid-request', { body: form(['file', 'x']) }],
  ['a member nobody asked for', 400, 'invalid-request', { body: form(['file', new Blob(['x']), 'a'], ['role', 'x']) }],
  [
    'a field that is too long',
    400,
    'invalid-request',
    { body: form(['file', new Blob(['x']), 'a'], ['note', 'x'.repeat(11)]) },
  ],
  ['a field longer than any', 413, 'body-too-large', { body: form(['note', 'x'.repeat(70_000)]) }],
  [
    'a file one byte too large',
    413,
    'upload-too-large',
    { body: form(['file', new Blob(['x'.repeat(maxBytes + 1)]), 'a']) },
  ],
  [
    'far more than everything',
    413,
    'upload-too-large',
    { body: form(['file', new Blob(['x'.repeat(5_000_000)]), 'a']) },
  ],
  [
    'three files',
    413,
    'too-many-parts',
    { body: form(['file', new Blob(['x']), 'a'], ['file', new Blob(['x']), 'b'], ['file', new Blob(['x']), 'c']) },
  ],
  [
    '300 fields',
    413,
    'too-many-parts',
    { body: form(...Array.from({ length: 300 }, (_, index) => [`f${index}`, 'x'] as const)) },
  ],
  ['10,000 parts', 413, 'too-many-parts', raw(`${part('name="note"', 'x').repeat(10_000)}--${boundary}--\r\n`)],
  ['no boundary', 400, 'malformed-form', raw('x', 'multipart/form-data')],
  ['an empty body', 400, 'invalid-request', raw('')],
  ['no end', 400, 'malformed-form', raw(part('name="file"; filename="a"', 'x'))],
  ['cut in a header', 400, 'malformed-form', raw(`--${boundary}\r\ncontent-dispo`)],
  ['__proto__', 400, 'invalid-request', raw(`${part('name="__proto__"', 'x')}--${boundary}--\r\n`)],
  [
    'a nested form',
    400,
    'invalid-request',
    raw(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"\r\ncontent-type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n--${boundary}--\r\n`,
    ),
  ],
  ['JSON', 415, 'unsupported-media-type', { body: '{}', headers: { 'content-type': 'application/json' } }],
  [
    'a packed form',
    415,
    'unsupported-media-type',
    { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-encoding': 'gzip' } },
  ],
])('%s is refused: %s %s', async (_name, status, code, { body, headers }) => {
  const answer = await post('/v1/things', { body, headers: { ...program, ...headers } });
  expect([answer.status, answer.json.code]).toEqual([status, code]);
});

test('a route that does not take files refuses forms of this type, however small', async () => {
  expect(await post('/v1/plain', { body: form(['x', 'y']) })).toMatchObject({ status: 415 });
});

test('a page gets texts, several values and files; a field whose file was not chosen is none', async () => {
  const body = form(
    ['_csrf', token],
    ['ten', ' Bánh pía '],
    ['nhan', 'a'],
    ['nhan', 'b'],
    ['anh', new Blob(['1']), 'x.jpg'],
    ['anh', new Blob(['22']), 'y.jpg'],
    ['giay', new Blob([]), ''],
  );
  const { status, text } = await post('/gui', { body, headers: { cookie } });
  expect([status, text]).toEqual([200, '<p>Bánh pía|a,b|x.jpg 1,y.jpg 2|-</p>']);
});

test('the same page takes a form without files', async () => {
  const body = new URLSearchParams({ _csrf: token, ten: 'Mè láo' }).toString();
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
  expect(await post('/gui', { body, headers })).toMatchObject({ status: 200, text: '<p>Mè láo|||-</p>' });
});

test.each<[string, () => Sent]>([
  ['without a token', () => ({ body: form(['ten', 'x']), headers: { cookie } })],
  ["with another's token", () => ({ body: form(['_csrf', `${token}x`]), headers: { cookie } })],
  ['with a token and no cookie', () => ({ body: form(['_csrf', token]) })],
  ['whose token is a file', () => ({ body: form(['_csrf', new Blob([token]), 'a']), headers: { cookie } })],
  ['with a header that only opens the API', () => ({ body: form(['ten', 'x']), headers: { cookie, ...program } })],
  [
    'in capitals',
    () => ({
      body: `${part('name="ten"', 'x')}--${boundary}--\r\n`,
      headers: { cookie, 'content-type': `MULTIPART/FORM-DATA; boundary=${boundary}` },
    }),
  ],
])('a form of a page %s is expired', async (_name, sent) => {
  const answer = await post('/gui', sent());
  expect([answer.status, answer.json.code]).toEqual([403, 'form-expired']);
});

test('the API takes a form with our cookies only with what another site cannot send', async () => {
  const body = () => form(['file', new Blob(['x']), 'a']);
  expect(await post('/v1/things', { body: body(), headers: { cookie } })).toMatchObject({ status: 403 });
  expect(await post('/v1/things', { body: body(), headers: { cookie, ...program } })).toMatchObject({ status: 200 });
});

test('an endless file costs no memory beyond the limit, and its sender is answered', async () => {
  const socket = connect(Number(new URL(base).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  const head = part('name="file"; filename="a"', '').slice(0, -2);
  const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  socket.write(
    `POST /v1/things HTTP/1.1\r\nhost: x\r\nx-requested-with: t\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\ntransfer-encoding: chunked\r\n\r\n${chunk(head)}`,
  );
  // Made once: what the sender throws away would be counted as the server's.
  const piece = Buffer.from(chunk('x'.repeat(250_000)));
  const before = process.memoryUsage().rss;
  for (let sent = 0; sent < 400; sent += 1) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  socket.write(`${chunk(`\r\n--${boundary}--\r\n`)}0\r\n\r\n`);
  await expect.poll(() => answer, { timeout: 10_000 }).toContain('upload-too-large');
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
});
