import { gzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { photograph } from '#test/support/pictures.ts';
import { bombs, broken, canary, disguised, type Hostile, stowaways } from './hostile-uploads.files.ts';

let node: TestNode;
let cookie: string;
let residentBefore: number;

beforeAll(async () => {
  node = await startNode({ env: { DEMO: '1' } });
  const { headers } = await createClient(node.url).send('POST', '/v1/auth/sign-in', {
    body: { login: 'nguoiban@cho-noi.example', password: demoPassword },
  });
  cookie = (headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  residentBefore = process.memoryUsage.rss();
});
afterAll(() => node.close());

type Answer = {
  readonly status: number;
  readonly code: string;
  readonly fileId: string;
  readonly mediaType: string;
  readonly name: string;
};

async function post(body: FormData | Buffer | string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const sent = typeof body === 'string' || body instanceof FormData ? body : new Uint8Array(body);
  const answer = await fetch(`${node.url}/v1/seller/files`, {
    method: 'POST',
    body: sent,
    headers: { cookie, 'x-requested-with': 'test', ...headers },
  });
  return { ...((await answer.json()) as Omit<Answer, 'status'>), status: answer.status };
}

async function send({
  kind = 'picture',
  bytes,
  called = 'x.jpg',
  type = 'image/jpeg',
}: Pick<Hostile, 'kind' | 'bytes' | 'called' | 'type'>) {
  const form = new FormData();
  form.append('kind', kind);
  const made = typeof bytes === 'function' ? await bytes() : bytes;
  form.append('file', new Blob([new Uint8Array(made)], { type }), called);
  return post(form);
}
const fetched = async (path: string) => {
  const { status, headers, ...answer } = await fetch(node.url + path, {
    headers: { cookie, accept: 'image/webp,text/html' },
  }).then(async (response) => ({
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }));
  return { status, headers, bytes: answer.bytes };
};
/** Everything that a refused file could have left behind. */
const left = async () => {
  const { rows } = await node.db.execute<{ rows: number; jobs: number }>(
    sql`select (select count(*)::int from stored_files) as rows, (select count(*)::int from pgboss.job) as jobs`,
  );
  return rows[0];
};

/** Nothing of the file may be shown: only what was drawn anew, and the bytes themselves only to be kept. */
async function expectHarmless(fileId: string, isPicture: boolean): Promise<void> {
  const kept = await fetched(`/tep/${fileId}`);
  expect(kept.headers.get('content-disposition')).toMatch(/^attachment; /);
  expect(kept.headers.get('content-type')).toBe('application/octet-stream');
  expect(kept.headers.get('content-security-policy')).toContain('sandbox');
  expect(kept.headers.get('x-content-type-options')).toBe('nosniff');
  const shown = await fetched(`/tep/${fileId}/640`);
  if (!isPicture) return expect(shown.status).toBe(404);
  expect((await sharp(shown.bytes).metadata()).format).toBe('webp');
  expect(shown.headers.get('content-type')).toBe('image/webp');
  expect(shown.bytes.includes(canary)).toBe(false);
}

describe.each([
  ['not a picture', disguised],
  ['broken', broken],
  ['larger inside than outside', bombs],
  ['with something along', stowaways],
])('%s', (_area, cases) => {
  test.each(cases)('$name: $status $says', async (hostile) => {
    const before = await left();
    const answer = await send(hostile);
    const says = answer.status === 201 ? answer.mediaType : answer.code;
    expect([answer.status, says]).toEqual([hostile.status, hostile.says]);
    if (answer.status !== 201) return expect(await left()).toEqual(before);
    expect(await node.runJobs()).toMatchObject({ errors: [] });
    await expectHarmless(answer.fileId, hostile.says.startsWith('image/'));
  });
});

describe('a name', () => {
  test.each<[string, string]>([
    ['../../../etc/passwd', 'passwd'],
    ['C:\\Windows\\win.ini', 'win.ini'],
    ['"><script>alert(1)</script>.jpg', 'script.jpg'],
    ['<img src=x onerror=alert(1)>.jpg', 'img src=x onerror=alert(1).jpg'],
    ['a\r\nset-cookie: x=1\r\n\r\n<b>.jpg', 'a set-cookie x=1 b.jpg'],
    ['a\0.php.jpg', 'a .php.jpg'],
    ['ảnh\u202egpj.exe', 'ảnh gpj.exe'],
    ['a\u2028b\u2029c.jpg', 'a b c.jpg'],
    ['..', 'tap-tin'],
    ['...', 'tap-tin'],
    ['   ', 'tap-tin'],
    ['/', 'tap-tin'],
    ['.htaccess', 'htaccess'],
    ['%2e%2e%2fx.jpg', '%2e%2e%2fx.jpg'],
    ['ផ្លែឈើ🥭.jpg', 'ផ្លែឈើ🥭.jpg'],
    [`${'đ'.repeat(5_000)}.jpg`, `${'đ'.repeat(120)}.jpg`],
    ['x; filename=y.html', 'x; filename=y.html'],
  ])('%j is kept as %j, and no header breaks', async (called, name) => {
    const { status, fileId, ...answer } = await send({
      kind: 'document',
      bytes: Buffer.from('%PDF-1.7\n%%EOF'),
      called,
    });
    expect([status, answer.name]).toEqual([201, name]);
    const { headers } = await fetched(`/tep/${fileId}`);
    const disposition = headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[!-~]+$/);
    expect(disposition.split('"')).toHaveLength(3);
    expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe(name);
    expect(headers.get('set-cookie')).toBeNull();
  });
});

const mark = 'ranh-gioi';
const multipart = `multipart/form-data; boundary=${mark}`;
const part = (disposition: string, value: string, more = ''): string =>
  `--${mark}\r\ncontent-disposition: form-data; ${disposition}${more}\r\n\r\n${value}\r\n`;
const end = `--${mark}--\r\n`;
const kind = part('name="kind"', 'document');
const file = part('name="file"; filename="x.pdf"', '%PDF-1.7\n%%EOF');
const own = 'name="businessId"';

describe('a form', () => {
  test.each<[string, string | Buffer, number, string, Record<string, string>?]>([
    ['as it should be, written by hand', `${kind}${file}${end}`, 201, 'application/pdf'],
    ['with a preamble of 3 MB', `${'x'.repeat(3_000_000)}\r\n${kind}${file}${end}`, 201, 'application/pdf'],
    ['with bytes behind its end', `${kind}${file}${end}${'x'.repeat(100_000)}`, 201, 'application/pdf'],
    ['without a boundary', `${kind}${file}${end}`, 400, 'malformed-form', { 'content-type': 'multipart/form-data' }],
    [
      'with another boundary',
      `${kind}${file}${end}`,
      400,
      'malformed-form',
      { 'content-type': 'multipart/form-data; boundary=x' },
    ],
    [
      'with an empty boundary',
      `${kind}${file}${end}`,
      415,
      'unsupported-media-type',
      { 'content-type': 'multipart/form-data; boundary=' },
    ],
    [
      'of another kind',
      `${kind}${file}${end}`,
      415,
      'unsupported-media-type',
      { 'content-type': `multipart/mixed; boundary=${mark}` },
    ],
    [
      'in a list of types',
      `${kind}${file}${end}`,
      415,
      'unsupported-media-type',
      { 'content-type': `${multipart}, application/json` },
    ],
    ['without an end', `${kind}${file}`, 400, 'malformed-form'],
    ['cut in its file', `${kind}${file.slice(0, -9)}`, 400, 'malformed-form'],
    ['cut in a header', `${kind}--${mark}\r\ncontent-dis`, 400, 'malformed-form'],
    ['of lines without returns', `${kind}${file}${end}`.replaceAll('\r\n', '\n'), 400, 'malformed-form'],
    ['of nothing', end, 400, 'invalid-request'],
    ['of no bytes', '', 400, 'invalid-request'],
    ['that is packed', gzipSync(`${kind}${file}${end}`), 415, 'unsupported-media-type', { 'content-encoding': 'gzip' }],
    [
      'that is packed ten thousand times',
      gzipSync(`${kind}${file}${end}${'x'.repeat(30_000_000)}`),
      415,
      'unsupported-media-type',
      { 'content-encoding': 'gzip' },
    ],
    ['of 10,000 parts', `${kind}${file}${part('name="x"', 'y').repeat(10_000)}${end}`, 413, 'too-many-parts'],
    ['of 300 files', `${kind}${file.repeat(300)}${end}`, 413, 'too-many-parts'],
    ['with two files', `${kind}${file}${file}${end}`, 413, 'too-many-parts'],
    [
      'with a second file of another name',
      `${kind}${file}${part('name="tep"; filename="y.pdf"', 'x')}${end}`,
      413,
      'too-many-parts',
    ],
    ['with a field twice', `${kind}${part('name="kind"', 'picture')}${file}${end}`, 400, 'invalid-request'],
    ['with a kind that is none', `${part('name="kind"', 'original')}${file}${end}`, 400, 'invalid-request'],
    ['with the file as text', `${kind}${part('name="file"', '%PDF-1.7\n%%EOF')}${end}`, 400, 'invalid-request'],
    ['with the kind as a file', `${part('name="kind"; filename="x"', 'document')}${end}`, 400, 'invalid-request'],
    [
      'with a field that nobody asked for',
      `${kind}${file}${part('name="status"', 'approved')}${end}`,
      400,
      'invalid-request',
    ],
    ['with __proto__', `${kind}${file}${part('name="__proto__"', 'x')}${end}`, 400, 'invalid-request'],
    [
      'with constructor as a file',
      `${kind}${part('name="constructor"; filename="x"', 'x')}${end}`,
      400,
      'invalid-request',
    ],
    [
      'with a part without a name',
      `${kind}${part('filename="x.pdf"', '%PDF-1.7\n%%EOF')}${end}`,
      400,
      'invalid-request',
    ],
    [
      'with JSON in a part',
      `${part('name="kind"', '{"a":1}', '\r\ncontent-type: application/json')}${file}${end}`,
      400,
      'malformed-form',
    ],
    [
      'with a business of another',
      `${kind}${part(own, '01900000-0000-7000-8000-00000000dead')}${file}${end}`,
      422,
      'business-not-chosen',
    ],
    ['with a business that is no id', `${kind}${part(own, "' or 1=1 --")}${file}${end}`, 400, 'invalid-request'],
    [
      'with a field of 70,000 letters',
      `${part('name="kind"', 'x'.repeat(70_000))}${file}${end}`,
      413,
      'body-too-large',
    ],
    [
      'with a name of 70,000 letters',
      `${part(`name="${'x'.repeat(70_000)}"`, 'y')}${kind}${file}${end}`,
      400,
      'invalid-request',
    ],
    [
      'with a header of 70,000 letters',
      `${part('name="kind"', 'document', `\r\nx: ${'y'.repeat(70_000)}`)}${file}${end}`,
      201,
      'application/pdf',
    ],
    [
      'with 1,000 headers on a part',
      `${part('name="kind"', 'document', '\r\nx: y'.repeat(1_000))}${file}${end}`,
      201,
      'application/pdf',
    ],
    [
      'within a form',
      `${kind}${part('name="file"', `--b\r\ncontent-disposition: file; filename="x.pdf"\r\n\r\nx\r\n--b--`, '\r\ncontent-type: multipart/mixed; boundary=b')}${end}`,
      400,
      'invalid-request',
    ],
    [
      'with a file in base64',
      `${kind}${part('name="file"; filename="x.pdf"', 'JVBERi0xLjcKJSVFT0Y=', '\r\ncontent-transfer-encoding: base64')}${end}`,
      415,
      'file-type-refused',
    ],
    ['that is JSON', '{"kind":"document"}', 415, 'unsupported-media-type', { 'content-type': 'application/json' }],
    ['that is a page', '<form>', 415, 'unsupported-media-type', { 'content-type': 'text/html' }],
  ])('%s', async (_name, body, status, says, headers = {}) => {
    const before = await left();
    const answer = await post(body, { 'content-type': multipart, ...headers });
    expect([answer.status, answer.status === 201 ? answer.mediaType : answer.code]).toEqual([status, says]);
    if (status !== 201) expect(await left()).toEqual(before);
  });
});

test('fifty pictures at once, and somebody who goes away in the middle, are all answered', async () => {
  const bytes = await photograph(200, 150);
  const away = new AbortController();
  const gone = fetch(`${node.url}/v1/seller/files`, {
    method: 'POST',
    headers: { cookie, 'x-requested-with': 'test', 'content-type': multipart },
    body: new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from(`${kind}${file.slice(0, -20)}`)) }),
    duplex: 'half',
    signal: away.signal,
  } as RequestInit).catch(() => 'gone');
  const answers = Promise.all(Array.from({ length: 50 }, () => send({ bytes })));
  setTimeout(() => away.abort(), 50);
  expect(await gone).toBe('gone');
  expect(new Set((await answers).map(({ status }) => status))).toEqual(new Set([201]));
});

test('all of this has cost the process little memory, and it goes on serving', async () => {
  expect(process.memoryUsage.rss() - residentBefore).toBeLessThan(400_000_000);
  expect((await fetched('/')).status).toBe(200);
  const { rows } = await node.db.execute(sql`select count(*)::int as stuck from stored_files where state <> 'kept'`);
  expect(rows).toEqual([{ stuck: 0 }]);
});
