import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProductId } from '#features/products/types.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

let here: TestNode;
let there: TestNode;
let goods: readonly ProductId[];
beforeAll(async () => {
  [here, there] = await Promise.all([startNode(), startNode()]);
  await introduce(here, there);
  goods = await here.addProducts(draftOf('Lạp xưởng'), draftOf('Mắm bò hóc'), draftOf('Bánh pía'), draftOf('Bưởi'));
  await there.federation.pullNow('a');
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
});

const copies = async (): Promise<string[]> => {
  const { items } = await there.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
  return items.filter(({ partner }) => partner !== null).map(({ name }) => name);
};
const sendRecalls = () => here.run('federation.recall');
const productAt = (index: number): ProductId => goods[index] as ProductId;

/** As the record of a request says that an officer carried out. */
const takeDown = async (productId: ProductId): Promise<void> => {
  await here.db.execute(sql`insert into takedowns (id, product_id, request_number, authority, reason, received_at, due_at, status, recorded_at)
    values (gen_random_uuid(), ${productId}, '12/CV', 'Chi cục', 'Thử', now(), now(), 'down', now())`);
  await here.products.withdraw('test', productId);
  await here.runJobs();
};

test('what an authority had taken down is gone from partners without a pull, and they acknowledge it', async () => {
  expect(await copies()).toEqual(['Bánh pía', 'Bưởi', 'Lạp xưởng', 'Mắm bò hóc']);
  await takeDown(productAt(0));
  expect(await here.federation.listRecalls(10)).toMatchObject([
    { product: 'Lạp xưởng', reason: 'taken-down', sends: [{ partner: 'Sàn thử', acknowledgedAt: null, tries: 0 }] },
  ]);
  await sendRecalls();
  expect(await copies()).toEqual(['Bánh pía', 'Bưởi', 'Mắm bò hóc']);
  expect(await here.federation.listRecalls(10)).toMatchObject([
    { sends: [{ acknowledgedAt: expect.any(Date), tookSeconds: expect.any(Number), tries: 1, fault: null }] },
  ]);
});

test('a pull that brings the same again changes nothing', async () => {
  await expect(there.federation.pullNow('a')).resolves.toMatchObject({
    lanes: { catalogue: { counts: { applied: 0, duplicate: 1 } }, offer: { counts: { applied: 0, duplicate: 1 } } },
  });
});

test('what a seller takes off the shelf is no recall', async () => {
  await here.products.withdraw('test', productAt(1));
  await here.runJobs();
  expect(await here.federation.listRecalls(10)).toHaveLength(1);
});

test('a star that was taken away is taken from partners, one that ran out by itself is not recalled', async () => {
  const productId = productAt(2);
  const star = async (validUntil: string): Promise<void> => {
    await here.db.execute(sql`update federation_changes set record = jsonb_set(record, '{ocop}',
      ${JSON.stringify({ stars: 4, decisionNo: '1/QĐ', issuer: 'Tỉnh', issuedOn: '2025-01-01', expiresOn: validUntil })}::jsonb), hash = 'before'
      where product_id = ${productId} and lane = 'catalogue'`);
    await here.federation.exportProducts([productId]);
  };
  await star('2020-01-01');
  expect(await here.federation.listRecalls(10)).toHaveLength(1);
  await star('2999-01-01');
  expect(await here.federation.listRecalls(1)).toMatchObject([{ product: 'Bánh pía', reason: 'star-lost' }]);
  expect(await sendRecalls()).toHaveLength(1);
  const hashAt = async ({ db }: TestNode, table: string) =>
    (
      await db.execute<{ hash: string }>(
        sql`select hash from ${sql.identifier(table)} where record ->> 'uri' like ${`%listing/${productId}`}`,
      )
    ).rows;
  expect(await hashAt(there, 'federation_mirrors')).toEqual(await hashAt(here, 'federation_changes'));
});

test('a partner that is away stays unacknowledged with the reason, and is asked again when it is back', async () => {
  await there.federation.suspend('test', 'a');
  await takeDown(productAt(3));
  await expect(sendRecalls()).rejects.toThrow(/answered 401/);
  const [recall] = await here.federation.listRecalls(1);
  expect(recall).toMatchObject({ product: 'Bưởi', sends: [{ acknowledgedAt: null, tries: 1 }] });
  expect(recall?.sends[0]?.fault).toContain('answered 401');

  await there.federation.activate('test', 'a');
  expect(await copies()).toContain('Bưởi');
  await here.federation.sendAgain();
  expect(await sendRecalls()).toHaveLength(0);
  here.clock.now = new Date(here.clock.now.getTime() + 11 * 60_000);
  await here.federation.sendAgain();
  here.clock.now = new Date();
  expect(await sendRecalls()).toHaveLength(1);
  expect(await copies()).not.toContain('Bưởi');
  const all = (await here.federation.listRecalls(10)).flatMap(({ sends }) => sends);
  expect(all.every(({ acknowledgedAt }) => acknowledgedAt !== null)).toBe(true);
});

test('an inbox judges each record by itself: others’ goods, unknown kinds and bad records are told apart', async () => {
  const { rows } = await here.db.execute<{ record: Record<string, unknown> }>(
    sql`select record from federation_changes where product_id = ${productAt(2)} order by lane`,
  );
  const [listing, offer] = rows.map(({ record }) => record);
  const foreign = { ...listing, origin: 'la.example', uri: 'ocop://la.example/listing/1' };
  const { results } = await there.federation.receive('a', [
    listing,
    { ...offer, price: 'rẻ' },
    foreign,
    { kind: 'letter', uri: 'x' },
    'không phải bản ghi',
    offer,
  ]);
  expect(results.map(({ result, code }) => [result, code])).toEqual([
    ['duplicate', undefined],
    ['quarantined', 'invalid-record'],
    ['quarantined', 'hash-mismatch'],
    ['rejected', 'unknown-kind'],
    ['rejected', 'unknown-kind'],
    ['duplicate', undefined],
  ]);
});
