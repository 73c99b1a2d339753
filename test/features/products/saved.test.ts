import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';

const slugs = ['hanh-tim-vinh-chau-tui-luoi', 'banh-pia-sau-rieng-trung-muoi'] as const;
let node: TestNode;
let jar = '';
beforeAll(async () => {
  node = await startNode({ env: { DEMO: '1' } });
});
afterAll(() => node.close());

async function read(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(node.url + path, { headers: { accept: 'text/html', cookie: jar } });
  for (const cookie of answer.headers.getSetCookie()) remember(cookie);
  return { status: answer.status, text: await answer.text() };
}
function remember(cookie: string): void {
  const [pair = ''] = cookie.split(';');
  const [name = ''] = pair.split('=');
  jar = [...jar.split('; ').filter((one) => one !== '' && !one.startsWith(`${name}=`)), pair].join('; ');
}
async function send(fields: Readonly<Record<string, string>>): Promise<Response> {
  const { text } = await read('/tra-cuu');
  const csrf = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const answer = await fetch(`${node.url}/da-luu`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: jar, origin: node.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, _csrf: csrf }),
  });
  for (const cookie of answer.headers.getSetCookie()) remember(cookie);
  return answer;
}
const idOf = async (slug: string): Promise<string> => (await node.services.products.getProduct(slug)).productId;

test('what is saved is there without an account, newest first, once each, and can be taken out', async () => {
  for (const slug of [...slugs, slugs[0]]) expect((await send({ product: await idOf(slug) })).status).toBe(303);
  const { text } = await read('/da-luu');
  const shown = [...text.matchAll(/name="sp" value="([^"]+)"/g)].map(([, slug]) => slug);
  expect(shown).toEqual(slugs);
  await send({ product: await idOf(slugs[0]), do: 'remove' });
  expect((await read('/da-luu')).text).not.toContain(`value="${slugs[0]}"`);
});

test('a product that does not exist is not saved, and whoever writes the cookie saves nothing but ids', async () => {
  expect((await send({ product: 'khong-co' })).status).toBe(404);
  const answer = await fetch(`${node.url}/da-luu`, {
    headers: {
      accept: 'text/html',
      cookie: `da-luu=<script>.${'x'.repeat(3_000)}.01900000-0000-7000-8000-00000000dead`,
    },
  });
  const text = await answer.text();
  expect(answer.status).toBe(200);
  expect(text).not.toContain('<script>.');
  expect(text).toContain('1 món đã lưu không còn bán');
});

test('goods stand side by side, four at most, and what is gone is said', async () => {
  const { text } = await read(`/so-sanh?sp=${slugs[0]}&sp=${slugs[1]}&sp=khong-co`);
  for (const slug of slugs) expect(text).toContain(`<th scope="col"><a href="/san-pham/${slug}">`);
  expect(text).toMatch(/<th scope="row">Giá mỗi ký<\/th><td>55\.000\s₫<\/td>/);
  expect(text).toContain('1 món không còn bán nên không có trong bảng');
  const { items } = await node.guest.products('limit=6');
  const many = await read(`/so-sanh?${items.map(({ slug }) => `sp=${slug}`).join('&')}`);
  expect(many.text.match(/<th scope="col">/g)).toHaveLength(4);
  expect((await read('/so-sanh')).text).toContain('Chưa chọn món nào để so sánh');
});
