import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localDate, startOfLocalDay } from '#core/clock.ts';
import { cake, type Desks, openDesks, size } from '#test/support/desks.ts';

let desks: Desks;
beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks.close());

describe('a seller', () => {
  test("cannot touch another's product by any door", async () => {
    const id = await desks.list();
    const missing = '01900000-0000-7000-8000-00000000dead';
    const notFound = { status: 404, body: { code: 'product-not-found' } };
    for (const path of [id, missing]) {
      expect(await desks.people.other.send('GET', `/v1/seller/products/${path}`)).toMatchObject(notFound);
      const change = { body: { nameVi: 'x' }, headers: { 'if-match': await desks.etagOf(id) } };
      expect(await desks.people.other.send('PATCH', `/v1/seller/products/${path}`, change)).toMatchObject(notFound);
      for (const verb of ['submit', 'withdraw', 'restore', 'take-back'])
        expect(await desks.act(path, verb, 'other'), verb).toMatchObject(notFound);
      expect(await desks.people.other.send('DELETE', `/v1/seller/products/${path}/draft`)).toMatchObject(notFound);
    }
    const theirs = { body: { businessId: desks.businessId, fields: cake } };
    expect(await desks.people.other.send('POST', '/v1/seller/products', theirs)).toMatchObject(notFound);
  });

  test.each([
    ['status', { status: 'listed' }],
    ['businessId', { businessId: '01900000-0000-7000-8000-00000000dead' }],
    ['star', { star: 5 }],
    ['version', { version: 99 }],
    ['slug', { slug: 'x' }],
    ['a negative price', { variants: [{ ...size, priceVnd: -1 }] }],
    ['a fraction of a đồng', { variants: [{ ...size, priceVnd: 1.5 }] }],
    ['a price in words', { variants: [{ ...size, priceVnd: '125k' }] }],
  ])('may not set %s', async (_name, body) => {
    const id = await desks.create(cake);
    expect((await desks.patch(id, body)).status).toBe(400);
  });

  test.each([
    ['nameVi', { nameVi: '' }, 'missing'],
    ['nameVi', { nameVi: 'á'.repeat(201) }, 'too-long'],
    ['descriptionVi', { descriptionVi: 'x'.repeat(10_000) }, 'too-long'],
    ['gtin', { gtin: '8930002000018' }, 'gtin-check-digit'],
    ['gtin', { gtin: '893' }, 'gtin-length'],
    ['categoryId', { categoryId: 77 }, 'unknown'],
    ['vatBps', { vatBps: 700 }, 'vat-not-in-force'],
    ['vatBps', { categoryId: 14, vatBps: 800 }, 'vat-alcohol'],
    ['variants/0/priceVnd', { variants: [{ ...size, priceVnd: 0 }] }, 'not-positive'],
    ['variants/0/priceVnd', { variants: [{ ...size, priceVnd: null }] }, 'missing'],
    ['variants/0/priceVnd', { variants: [{ ...size, priceVnd: 10_000_000_001 }] }, 'too-large'],
    ['variants/0/compareAtVnd', { variants: [{ ...size, compareAtVnd: 90_000 }] }, 'never-charged'],
    ['variants/0/minOrder', { variants: [{ ...size, minOrder: 9, maxOrder: 3 }] }, 'limits-crossed'],
    ['variants/0/next', { variants: [{ ...size, next: { priceVnd: 50_000, from: '2020-01-01' } }] }, 'not-in-future'],
    [
      'variants/1/sku',
      {
        variants: [
          { ...size, sku: 'A 1' },
          { ...size, sku: 'a1', label: 'b' },
        ],
      },
      'sku-twice',
    ],
    ['variants', { variants: [{ ...size, variantId: '01900000-0000-7000-8000-00000000dead' }] }, 'not-own'],
    [
      'pictures',
      { pictures: [{ pictureId: null, fileId: '01900000-0000-7000-8000-00000000dead', altVi: '' }] },
      'not-own',
    ],
  ])('hears what is wrong with %s', async (field, body, code) => {
    const id = await desks.create({ ...cake, ...body });
    const answer = await desks.act(id, 'submit');
    expect(answer).toMatchObject({ status: 422, body: { code: 'product-invalid' } });
    expect((answer.body as { errors: object[] }).errors).toContainEqual({ pointer: `/${field}`, code });
    // Nothing that was typed is lost.
    expect((await desks.read(id)).fields).toMatchObject(body);
  });

  test('a code that another product of the business has is refused when it would be listed', async () => {
    const id = await desks.list({ ...cake, variants: [{ ...size, sku: 'TRUNG-1' }] });
    expect(id).toBeTruthy();
    const twice = await desks.create({ ...cake, variants: [{ ...size, sku: 'TRUNG-1' }] });
    await desks.act(twice, 'submit');
    const set = await desks.getSet(twice);
    await desks.claim(set.setId);
    expect(await desks.decide(set.setId, { outcome: 'approved', version: set.version })).toMatchObject({
      status: 409,
      body: { code: 'sku-taken' },
    });
  });

  test('withdraws and brings back; the page is gone meanwhile', async () => {
    const id = await desks.list();
    expect((await desks.act(id, 'withdraw')).status).toBe(204);
    expect(await desks.node.guest.client.send('GET', `/v1/products/${id}`)).toMatchObject({ status: 410 });
    expect(await desks.act(id, 'withdraw')).toMatchObject({ status: 409, body: { code: 'product-state-refused' } });
    expect((await desks.act(id, 'restore')).status).toBe(204);
    expect((await desks.node.guest.client.send('GET', `/v1/products/${id}`)).status).toBe(200);
  });

  test('sets a price for a day to come, which holds from its beginning and leaves the old one in the history', async () => {
    const id = await desks.list();
    const [size] = (await desks.read(id)).fields.variants;
    const day = localDate(new Date(desks.node.clock.now().getTime() + 2 * 86_400_000));
    expect(await desks.patch(id, { variants: [{ ...size, next: { priceVnd: 49_000, from: day } }] })).toMatchObject({
      status: 200,
    });
    const price = async () => (await desks.node.guest.product(id)).variants[0]?.priceVnd;
    await desks.node.runScheduled('products.prices');
    expect(await price()).toBe(45_000);
    desks.node.clock.set(startOfLocalDay(day));
    await desks.node.runScheduled('products.prices');
    expect(await price()).toBe(49_000);
    const { rows } = await desks.node.db.execute<{ n: number }>(
      sql`select count(*)::int as n from price_history where variant_id = ${size?.variantId}`,
    );
    expect(rows[0]?.n).toBe(2);
    // 45,000 stood for two days, so it may be struck out; 60,000 never did.
    const [own] = (await desks.read(id)).fields.variants;
    expect((await desks.patch(id, { variants: [{ ...own, priceVnd: 44_000, compareAtVnd: 49_000 }] })).status).toBe(
      422,
    );
    expect((await desks.patch(id, { variants: [{ ...own, priceVnd: 44_000, compareAtVnd: 45_000 }] })).status).toBe(
      200,
    );
    expect((await desks.node.guest.product(id)).variants).toMatchObject([{ priceVnd: 44_000, compareAtVnd: 45_000 }]);
  });
});
