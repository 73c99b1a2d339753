import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdapterKind } from '#federation/adapters/adapter.ts';
import type { FedRecord } from '#federation/protocol/record.ts';
import { feedPartner } from '#test/federation/simulators/feed-partner.ts';
import { draftOf, startNode, type TestNode } from './node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
  const [first] = draftOf('Trà mãng cầu', 99_000).variants;
  const packs = first
    ? [
        first,
        {
          ...first,
          sku: 'T-lon',
          label: 'Thùng; 12 hộp, "to"',
          compareAtVnd: 1_200_000 as typeof first.priceVnd,
          onHand: 0,
        },
      ]
    : [];
  await node.addProducts(
    {
      ...draftOf('Bánh pía sầu riêng & trứng <muối>'),
      nameEn: 'Pía cake',
      descriptionVi: 'Vỏ mỏng,\nnhân < dày & "béo"',
    },
    { ...draftOf('=HYPERLINK("http://evil")', 45_000), descriptionVi: '@SUM(A1)\n\n+1' },
    { ...draftOf('Trà mãng cầu', 99_000), variants: packs },
    ...Array.from({ length: 230 }, (_, index) => draftOf(`Kẹo số ${index}`, 10_000 + index)),
  );
});
afterAll(() => node?.close());

const told = async (): Promise<readonly FedRecord[]> => {
  const { rows } = await node.db.execute<{ record: FedRecord }>(
    sql`select record from federation_changes where op = 'upsert' order by uri`,
  );
  return rows.map(({ record }) => record);
};
/** What a record says, without when and in which revision it said so. */
const content = ({ rev: _rev, at: _at, ...said }: FedRecord) => said;

describe('our own files', () => {
  test.each([
    ['google-merchant', '/feeds/google-merchant.xml'],
    ['csv', '/feeds/products.csv'],
  ] as readonly (readonly [AdapterKind, string])[])('come back through %s value by value', async (kind, url) => {
    const reader = feedPartner(kind, { url: new URL(node.url) }, { url });
    const lanes = await reader.pull();
    await reader.close();
    expect(lanes).toMatchObject({
      catalogue: { state: 'ok', counts: { applied: 233 } },
      offer: { state: 'ok', counts: { applied: 234 } },
    });
    const read = [...reader.store.records.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1));
    const sent = [...(await told())].sort((a, b) => (a.uri < b.uri ? -1 : 1));
    expect(read.map(content)).toEqual(sent.map(content));
  });

  test('never let a spreadsheet run a cell', async () => {
    const text = await (await fetch(`${node.url}/feeds/products.csv`)).text();
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(text).toContain(`"'@SUM(A1)`);
  });

  test('name every product page once', async () => {
    const answer = await fetch(`${node.url}/feeds/json-ld-sitemap.xml`);
    const addresses = [...(await answer.text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address);
    expect(addresses).toHaveLength(233);
    expect(new Set(addresses).size).toBe(233);
    expect(addresses[0]).toMatch(new RegExp(`^${node.url}/san-pham/`));
  });

  test('cost a 304 until something changes, a withdrawal as well', async () => {
    const address = `${node.url}/feeds/google-merchant.xml`;
    const first = await fetch(address);
    await first.text();
    const etag = first.headers.get('etag') ?? '';
    const ask = async () => {
      const answer = await fetch(address, { headers: { 'if-none-match': etag } });
      await answer.arrayBuffer();
      return answer.status;
    };
    expect([first.status, await ask()]).toEqual([200, 304]);
    await node.addProducts(draftOf('Mè láo'));
    expect(await ask()).toBe(200);
  });
});
