import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { type Group, type Product, signIn } from '#test/support/people.ts';

let node: TestNode;
let moderator: Client;
let product: Product;
let business: BusinessId;
const slug = 'htx-hanh-tim-bai-giong';
const hour = 3_600_000;
const day = 24 * hour;

beforeAll(async () => {
  node = await startNode();
  moderator = await signIn(node.url, 'kiemduyet@cho-noi.example', demoPassword);
  const { items } = await node.guest.products(`limit=100&inStock=true&business=${slug}`);
  if (!items[0]) throw new Error('The demonstration has changed');
  product = items[0];
  business = product.business.businessId as BusinessId;
});
afterAll(() => node.close());

const measures = (body: object) => moderator.send('POST', `/v1/staff/businesses/${business}/measures`, { body });
const line = () => [product.variants[0]?.variantId ?? '', product.variants[0]?.minOrder ?? 1] as const;
const isListed = async (): Promise<boolean> =>
  (await node.guest.products(`limit=100&business=${slug}`)).items.length > 0;
const isFound = async (): Promise<boolean> => {
  await node.runJobs();
  const { hits } = await node.guest.client.expect<{ hits: { business: { slug: string } }[] }>(
    200,
    'GET',
    '/v1/search?q=h%C3%A0nh+t%C3%ADm&limit=100',
  );
  return hits.some((hit) => hit.business.slug === slug);
};
/** Lists as bytes are at most a second old, by the clock of the test too. */
const aSecondLater = () => node.clock.set(new Date(node.clock.now().getTime() + 2_000));
const openMeasure = async (): Promise<string> => {
  const { rows } = await node.db.execute<{ id: string }>(
    sql`select id from business_measures where business_id = ${business} and lifted_at is null`,
  );
  return rows[0]?.id ?? '';
};
const lift = async () =>
  moderator.expect(204, 'POST', `/v1/staff/measures/${await openMeasure()}/lift`, { body: { reason: 'Đã khắc phục' } });
const authority = {
  kind: 'suspension',
  ground: 'authority',
  reason: 'Hàng không rõ nguồn gốc',
  authority: 'Quản lý thị trường',
  requestNumber: '45/QLTT',
};

describe('on an authority’s request', () => {
  test.each(['authority', 'requestNumber', 'requestedAt'])(
    'the request is named: not without its %s',
    async (missing) => {
      const body = { ...authority, requestedAt: node.clock.now().toISOString(), [missing]: undefined };
      expect(await measures(body)).toMatchObject({ status: 422, body: { code: 'measure-invalid' } });
      const future = { ...authority, requestedAt: new Date(node.clock.now().getTime() + hour).toISOString() };
      expect((await measures(future)).status).toBe(422);
      expect(await isListed()).toBe(true);
    },
  );

  let group: Group;
  test('goods are gone at once from list, search, page and cart; orders that are open go on', async () => {
    group = await node.guest.order(line());
    const requestedAt = new Date(node.clock.now().getTime() - hour).toISOString();
    expect((await measures({ ...authority, requestedAt })).status).toBe(201);
    aSecondLater();
    expect(await isListed()).toBe(false);
    expect(await isFound()).toBe(false);
    expect((await node.guest.client.send('GET', `/v1/products/${product.slug}`)).status).toBe(404);
    const { cartId } = await node.guest.openCart();
    const put = await node.guest.client.send('PUT', `/v1/carts/${cartId}/lines/${line()[0]}`, {
      body: { quantity: line()[1] },
    });
    expect(put).toMatchObject({ status: 409, body: { code: 'not-for-sale' } });
    const page = await node.guest.client.send('GET', `/co-so/${slug}`);
    expect([page.status, page.text.includes('đang tạm ngừng bán'), page.text.includes('nguồn gốc')]).toEqual([
      200,
      true,
      false,
    ]);
    expect((await node.guest.pay(group.code, 'vietqr')).status).toBe('pending');
    const partners = await node.db.execute<{ count: number }>(
      sql`select count(*)::int as count from federation_changes c join products p on p.id = c.product_id where p.business_id = ${business} and c.op <> 'delete'`,
    );
    expect(partners.rows[0]?.count).toBe(0);
  });

  test('lifted, everything is there again', async () => {
    await lift();
    aSecondLater();
    expect(await isListed()).toBe(true);
    expect(await isFound()).toBe(true);
  });
});

describe('after notice', () => {
  test('it takes effect after five days at the earliest, by the clock, and can be taken back before', async () => {
    const early = {
      kind: 'suspension',
      ground: 'notice',
      reason: 'Giao chậm',
      effectiveAt: new Date(node.clock.now().getTime() + 4 * day).toISOString(),
    };
    expect(await measures(early)).toMatchObject({ status: 422, body: { code: 'measure-invalid' } });
    const notice = { kind: 'suspension', ground: 'notice', reason: 'Giao chậm' };
    expect((await measures(notice)).status).toBe(201);
    expect((await measures(notice)).status).toBe(409);
    node.clock.set(new Date(node.clock.now().getTime() + 5 * day - hour));
    await node.runScheduled('businesses.measures');
    expect(await isListed()).toBe(true);
    await lift();
    expect((await measures(notice)).status).toBe(201);
    node.clock.set(new Date(node.clock.now().getTime() + 5 * day + hour));
    await node.runScheduled('businesses.measures');
    aSecondLater();
    expect(await isListed()).toBe(false);
    await lift();
  });
});

describe('a holiday', () => {
  const owner = () => signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const dayAfter = (days: number): string =>
    new Date(node.clock.now().getTime() + days * day + 7 * hour).toISOString().slice(0, 10);
  const set = async (body: object) => (await owner()).send('PUT', `/v1/seller/business/${business}/holiday`, { body });

  test.each([
    ['backwards', 3, 1],
    ['over already', -3, -1],
    ['too long', 0, 90],
  ])('is refused when it is %s', async (_why, from, to) => {
    expect(await set({ from: dayAfter(from), to: dayAfter(to) })).toMatchObject({
      status: 422,
      body: { code: 'holiday-invalid' },
    });
  });

  test('shows the goods with the day of return and takes no order; the day after, all is as before', async () => {
    expect((await set({ from: dayAfter(0), to: dayAfter(2) })).status).toBe(204);
    aSecondLater();
    const shown = await node.guest.product(product.slug);
    expect(shown.business).toMatchObject({ holidayUntil: dayAfter(2) });
    const page = await node.guest.client.send('GET', `/san-pham/${product.slug}`);
    expect(page.text).toContain('Nghỉ đến');
    const { cartId } = await node.guest.openCart();
    const put = () =>
      node.guest.client.send('PUT', `/v1/carts/${cartId}/lines/${line()[0]}`, { body: { quantity: line()[1] } });
    expect((await put()).status).toBe(409);
    node.clock.set(new Date(node.clock.now().getTime() + 3 * day));
    await node.runScheduled('businesses.holidays');
    expect((await put()).status).toBe(200);
  });
});

describe('a closure', () => {
  test('is for good: 410 by page and API, and nothing opens it again', async () => {
    expect((await measures({ kind: 'closure', ground: 'own-wish', reason: 'Nghỉ hẳn' })).status).toBe(201);
    expect(await node.guest.client.send('GET', `/v1/businesses/${slug}`)).toMatchObject({
      status: 410,
      body: { code: 'business-closed' },
    });
    expect((await node.guest.client.send('GET', `/co-so/${slug}`)).status).toBe(410);
    const body = { reason: 'x' };
    expect((await moderator.send('POST', `/v1/staff/measures/${await openMeasure()}/lift`, { body })).status).toBe(409);
    aSecondLater();
    expect(await isListed()).toBe(false);
  });
});

describe('papers near their end', () => {
  test('are told of once at each distance, to the business and the officers', async () => {
    await node.db.execute(
      sql`update business_papers set verdict = 'accepted', verdict_reason = null, reviewed_by = 'test', reviewed_at = now(), expires_on = ${new Date(node.clock.now().getTime() + 25 * day).toISOString().slice(0, 10)}::date where id = (select id from business_papers limit 1)`,
    );
    const told = async () =>
      (
        await node.db.execute<{ count: number }>(
          sql`select count(*)::int as count from notices where kind = 'paper.expiring'`,
        )
      ).rows[0]?.count;
    await node.runScheduled('businesses.papers');
    await node.runScheduled('businesses.papers');
    expect(await told()).toBe(2);
  });
});
