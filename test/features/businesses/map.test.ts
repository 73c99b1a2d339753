import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ env: { DEMO: '1' } });
});
afterAll(() => node.close());

const read = async (path: string): Promise<{ readonly status: number; readonly text: string }> => {
  const answer = await fetch(node.url + path, { headers: { accept: 'text/html' } });
  return { status: answer.status, text: await answer.text() };
};

test('the map names every ward in which somebody sells, with what there is', async () => {
  const { rows } = await node.db.execute<{ code: string; businesses: number }>(
    `select ward_code as code, count(*)::int as businesses from businesses
      where partner_key is null and status = 'approved' and ward_code is not null group by 1`,
  );
  const { text } = await read('/ban-do');
  const listed = [...text.matchAll(/<li><a href="\/xa-phuong\/(\d+)">[^<]+<\/a><br><span[^>]*>(\d+) cơ sở/g)];
  const shown = listed.map(([, code, count]) => ({ code, businesses: Number(count) }));
  expect(shown.toSorted((a, b) => Number(a.code) - Number(b.code))).toEqual(
    rows.toSorted((a, b) => Number(a.code) - Number(b.code)),
  );
  expect(text.match(/<a href="\/xa-phuong\/\d+" tabindex="-1">/g)?.length).toBe(rows.length);
});

test('a ward shows its businesses and their goods, and nobody else’s', async () => {
  const { status, text } = await read('/xa-phuong/31795');
  expect(status).toBe(200);
  const { rows } = await node.db.execute<{ slug: string; inside: boolean }>(
    `select slug, ward_code = '31795' as inside from businesses where partner_key is null and status = 'approved'`,
  );
  for (const { slug, inside } of rows) expect(text.includes(`href="/co-so/${slug}"`), slug).toBe(inside);
  expect(text).toContain('href="/san-pham/hanh-tim-vinh-chau-tui-luoi"');
});

test('a ward in which nobody sells says so in words and leads on', async () => {
  for (const [path, words] of [
    ['/xa-phuong/99999', 'Chưa có cơ sở nào trên sàn ở xã, phường này'],
    ['/en/xa-phuong/khong-co', 'Nobody in this ward sells on the exchange yet'],
  ] as const) {
    const { status, text } = await read(path);
    expect(status).toBe(404);
    expect(text).toContain(words);
  }
});

test('a business that closes leaves the map with its last goods', async () => {
  const before = (await read('/xa-phuong/31795')).text;
  expect(before).toContain('/co-so/htx-hanh-tim-bai-giong');
  await node.db.execute(`update businesses set status = 'suspended' where slug = 'htx-hanh-tim-bai-giong'`);
  expect((await read('/xa-phuong/31795')).text).not.toContain('/co-so/htx-hanh-tim-bai-giong');
});
