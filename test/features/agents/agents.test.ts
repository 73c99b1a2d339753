import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';
import { recipient } from '#test/support/people.ts';

let node: TestNode;
let client: Client;
beforeAll(async () => {
  node = await startNode();
  client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${node.url}/mcp`)));
});
afterAll(async () => {
  await client?.close();
  await node?.close();
});

type Answer = { isError?: boolean; content: { text: string }[]; structuredContent?: Record<string, never> };
const call = async (name: string, input: object): Promise<Answer> =>
  (await client.callTool({ name, arguments: input as Record<string, unknown> })) as unknown as Answer;
const of = async (name: string, input: object) => {
  const { isError, content, structuredContent } = await call(name, input);
  expect(isError, content[0]?.text).toBeFalsy();
  expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent);
  return structuredContent as unknown as Record<string, never>;
};

describe('the official client', () => {
  test('is told what there is to ask, all of it read-only', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'search_products',
      'get_product',
      'check_certificate',
      'track_order',
    ]);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
    expect(tools.every(({ inputSchema }) => inputSchema.type === 'object')).toBe(true);
  });

  test('finds goods without accents, reads one, and checks its certificate', async () => {
    const { products } = (await of('search_products', { query: 'banh pia', stars: [4, 5], limit: 5 })) as unknown as {
      products: { slug: string; name: string; star: number; url: string }[];
    };
    expect(products.length).toBeGreaterThan(0);
    for (const { star, name } of products) expect([name, star >= 4]).toEqual([name, true]);
    const { product } = (await of('get_product', { product: products[0]?.slug })) as unknown as {
      product: { variants: { priceVnd: number }[]; certificates: { code: string; star: number | null }[] };
    };
    const own = await node.services.products.getProduct(products[0]?.slug ?? '');
    expect(product.variants.map(({ priceVnd }) => priceVnd)).toEqual(own.variants.map(({ priceVnd }) => priceVnd));
    const code = product.certificates.find(({ star }) => star)?.code ?? '';
    const { certificate } = (await of('check_certificate', { code })) as unknown as { certificate: object };
    expect(certificate).toMatchObject({ code, inForce: true });
  });

  test('tracks an order by code and phone, and learns no name and no address', async () => {
    const { products } = (await of('search_products', { query: '', inStock: true, limit: 1 })) as unknown as {
      products: { slug: string }[];
    };
    const { variants } = await node.services.products.getProduct(products[0]?.slug ?? '');
    const [variant] = variants;
    if (!variant) throw new Error('nothing to buy');
    const cart = await node.guest.fillCart([variant.variantId, variant.minOrder]);
    const { code } = await node.guest.checkout(cart);
    const answer = await of('track_order', { code, phone: recipient.phone });
    expect(answer).toMatchObject({ group: { code, status: 'awaiting-payment' } });
    expect(JSON.stringify(answer)).not.toContain(recipient.name);
    const wrong = await call('track_order', { code, phone: '0999999999' });
    expect([wrong.isError, wrong.content[0]?.text]).toEqual([true, expect.stringMatching(/^tracking-mismatch: /)]);
  });

  test('is refused in words what is not there, what is wrong and what is no tool', async () => {
    const missing = await call('get_product', { product: 'khong-co' });
    expect([missing.isError, missing.content[0]?.text]).toEqual([true, expect.stringMatching(/^product-not-found: /)]);
    const wrong = await call('search_products', { query: 'x', limit: 500 });
    expect([wrong.isError, wrong.content[0]?.text]).toEqual([true, expect.stringContaining('/limit')]);
    await expect(call('buy', {})).rejects.toThrow(/no tool buy/);
  });
});

test('there is no stream to hold open, and who asks without end is asked to wait', async () => {
  const stream = await fetch(`${node.url}/mcp`, { headers: { accept: 'text/event-stream' } });
  expect([stream.status, stream.headers.get('allow')]).toEqual([405, 'POST']);
  await stream.arrayBuffer();
  const many = { method: 'tools/call', params: { name: 'search_products', arguments: { query: 'a' } }, jsonrpc: '2.0' };
  const list = await node.app.inject({
    method: 'POST',
    url: '/mcp',
    headers: { accept: 'application/json, text/event-stream' },
    payload: Array.from({ length: 50 }, (_none, id) => ({ ...many, id })),
  });
  expect([list.statusCode, list.json().errors?.[0]?.detail]).toEqual([400, 'one question at a time']);
  const statuses = new Set<number>();
  for (let turn = 0; turn < 130; turn += 1) {
    const { statusCode } = await node.app.inject({ method: 'POST', url: '/mcp', payload: {} });
    statuses.add(statusCode);
  }
  expect([...statuses].sort()).toEqual([406, 429]);
});
