import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, createApp } from '#http/app.ts';
import { httpProblem } from '#http/problems.ts';
import { withComposedApp } from '#test/support/documents.ts';
import { renderProblem, wordsIn } from '#web/problem-page.ts';
import { createLog } from '../../src/stores.ts';

const publicUrl = 'http://127.0.0.1:3000';
const accept = { accept: 'text/html' } as const;
/** Forms and pages that fail in each way that pages of ours can. */
let app: App;
beforeAll(async () => {
  app = await createApp({
    log: createLog('silent'),
    publicUrl,
    cookieSecret: 'x'.repeat(32),
    authenticate: async (request) =>
      request.headers['x-who'] === 'seller'
        ? ({ kind: 'account', name: 'Chị Bé', memberships: [], staffRole: null } as never)
        : { kind: 'nobody' },
    renderProblem: renderProblem({ publicUrl, demo: false, tells: 'mail' }),
  });
  const open = { config: { access: 'public' } } as const;
  app.get('/bieu-mau', open, async (_request, reply) => reply.generateCsrf());
  app.post('/bieu-mau', open, async () => 'taken');
  app.post('/dang-nhap', open, async () => 'taken');
  app.post('/hong', open, async () => {
    throw new TypeError('a fault of ours with secret words');
  });
  app.get('/ban', open, async () => {
    throw httpProblem('temporarily-unavailable', { retryAfterSeconds: 10 });
  });
  app.get('/cua-nguoi-khac', open, async () => {
    throw httpProblem('forbidden');
  });
  app.get('/nhanh', { config: { access: 'public', rateLimit: { max: 1, timeWindow: '5 minutes' } } }, async () => 'ok');
  await app.ready();
});
afterAll(() => app.close());

const form = 'application/x-www-form-urlencoded';
const ask = async (options: InjectOptions) => {
  const answer = await app.inject({ ...options, headers: { ...accept, ...options.headers } });
  expect(answer.headers['content-type']).toContain('text/html');
  return { status: answer.statusCode, headers: answer.headers, html: answer.body };
};
const post = (url: string, payload: string, headers = {}) =>
  ask({ method: 'POST', url, payload, headers: { 'content-type': form, ...headers } });

describe('a form that was not taken', () => {
  test('because it had expired comes back whole in a form with a fresh proof, which is then taken', async () => {
    const refused = await post('/bieu-mau', 'ten=B%C3%A9+%3Cb%3E&chon=1&chon=2&_csrf=old');
    expect(refused.status).toBe(403);
    expect(refused.html).toContain('name="ten" value="Bé &lt;b&gt;"');
    expect(refused.html.match(/name="chon"/g)).toHaveLength(2);
    expect(refused.html).not.toContain('value="old"');
    const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(refused.html) ?? [];
    const cookie = String(refused.headers['set-cookie']).split(';')[0] ?? '';
    const payload = new URLSearchParams({ ten: 'Bé <b>', _csrf: token }).toString();
    const taken = await app.inject({
      method: 'POST',
      url: '/bieu-mau',
      payload,
      headers: { 'content-type': form, cookie },
    });
    expect([taken.statusCode, taken.body]).toEqual([200, 'taken']);
  });

  test.each([
    ['a secret among its fields', '/bieu-mau', 'login=a&password=khong-ai-biet'],
    ['a page of secrets', '/dang-nhap', 'login=khong-ai-biet'],
    ['more than a page can hold', '/bieu-mau', `chu=${'khong-ai-biet'.repeat(4_000)}`],
  ])('is not written into a page with %s', async (_, url, payload) => {
    const { status, html } = await post(url, payload);
    expect(status).toBe(403);
    expect(html).not.toContain('khong-ai-biet');
    // The browser still has it, and the page says how to get there.
    expect(html).toContain('bấm nút quay lại của trình duyệt');
  });

  test('because another site sent it is not offered again', async () => {
    const headers = { cookie: 'a=b', 'sec-fetch-site': 'cross-site' };
    const { status, html } = await post('/bieu-mau', 'ten=ke-gian', headers);
    expect([status, html.includes('ke-gian')]).toEqual([403, false]);
    expect(html).toContain('Biểu mẫu này đến từ trang khác');
  });

  test('because we failed comes back too, and strangers learn nothing of the fault', async () => {
    const seen = await ask({ url: '/bieu-mau' }).catch(() => undefined);
    expect(seen).toBeUndefined();
    const first = await app.inject({ url: '/bieu-mau' });
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
    const { status, html } = await post('/hong', `_csrf=${first.body}&dia-chi=Kh%C3%B3m+1`, { cookie });
    expect(status).toBe(500);
    expect(html).toContain('name="dia-chi" value="Khóm 1"');
    expect(html).not.toContain('secret words');
    expect(html).toContain('/tra-cuu');
  });
});

test('too many requests say when to come back, in the header and in words', async () => {
  expect((await app.inject({ url: '/nhanh' })).statusCode).toBe(200);
  const { status, headers, html } = await ask({ url: '/nhanh' });
  expect(status).toBe(429);
  expect(Number(headers['retry-after'])).toBeGreaterThan(200);
  expect(html).toMatch(/Thử lại được sau khoảng 5 phút/);
});

test('a page that waits for us says for how long and asks again by itself', async () => {
  const { status, headers, html } = await ask({ url: '/ban' });
  expect([status, headers['retry-after']]).toEqual([503, '10']);
  expect(html).toMatch(/data-seconds="10" data-after="reload"/);
});

test('while the exchange starts or is migrated, every page says so and its style sheet is served', async () => {
  await withComposedApp(
    async (whole) => {
      const answer = await whole.inject({ url: '/en/san-pham/mat-ong', headers: accept });
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
      expect(answer.body).toContain('The landing is opening');
      const [style = ''] = /\/assets\/[^"]+\.css/.exec(answer.body) ?? [];
      expect((await whole.inject({ url: style })).statusCode).toBe(200);
      const program = await whole.inject({ url: '/v1/products' });
      expect([program.statusCode, program.json().code]).toEqual([503, 'temporarily-unavailable']);
    },
    ['migrations'],
  );
});

test('who may not enter is told as whom they came, and where else to go', async () => {
  expect((await ask({ url: '/cua-nguoi-khac' })).html).toContain('/dang-nhap?next=%2Fcua-nguoi-khac');
  expect((await ask({ url: '/cua-nguoi-khac', headers: { 'x-who': 'seller' } })).html).toContain(
    'Bạn đang dùng tài khoản Chị Bé.',
  );
});

test.each(['', '/en', '/km'])(
  'an old link offers to search for what it names, in the language of %j',
  async (language) => {
    const { status, html } = await ask({ url: `${language}/san-pham/mat-ong-rung.html` });
    expect(status).toBe(404);
    expect(html).toContain(`${language}/tim-kiem?q=mat+ong+rung`);
  },
);

test.each([
  ['/san-pham/mat-ong', 'mat ong'],
  ['/san-pham/m%E1%BA%ADt-ong/', 'mật ong'],
  ['/x/%E0%A4%A', ''],
  ['/don-hang/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b', ''],
  ['/12345', ''],
  ['/', ''],
])('the words of %s are %j', (path, words) => {
  expect(wordsIn(path)).toBe(words);
});
