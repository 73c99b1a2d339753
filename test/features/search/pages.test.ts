import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor } from '#test/web/visitor.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

const find = (query: string) => createVisitor(node.url).get(`/tim-kiem?${query}`);

test('words without accents find the cake, and the field keeps them', async () => {
  const found = await find('q=banh+pia');
  expect(found.text).toContain('Bánh pía');
  expect(found.fieldValue('q')).toBe('banh pia');
});

test('what is searched is shown as text', async () => {
  const answer = await find(`q=${encodeURIComponent('"><script>alert(1)</script>')}`);
  expect(answer.status).toBe(200);
  expect(answer.html).not.toContain('<script>alert');
});

test('a facet adds itself to the address, and takes itself out again', async () => {
  const all = await find('q=banh+pia');
  const href = /href="([^"]*stars=4[^"]*)"/.exec(all.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(href).toContain('q=banh+pia');
  const four = await createVisitor(node.url).get(href);
  expect(four.html).toMatch(/<a href="\/tim-kiem\?q=banh\+pia"[^>]*aria-current="true"/);
});

test.each(['stars=9&stars=x', 'priceMin=-5&priceMax=abc', 'inStock=perhaps', 'sort=sideways', 'ward=%00'])(
  'an address with %s still finds something',
  async (query) => {
    expect((await find(`q=gao&${query}`)).status).toBe(200);
  },
);

test('a cursor of another search is refused on a page', async () => {
  const next = /href="([^"]*cursor=[^"]*)"/.exec((await find('')).html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const cursor = new URL(next, node.url).searchParams.get('cursor') ?? '';
  expect((await find(`q=gao&cursor=${cursor}`)).status).toBe(400);
});
