import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cake, type Desks, openDesks } from '#test/support/desks.ts';

let desks: Desks;
beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks.close());

describe('a first listing', () => {
  test('waits whole, is seen by nobody, and is for sale once an officer agreed', async () => {
    const id = await desks.create(cake);
    expect((await desks.read(id)).state).toBe('draft');
    expect((await desks.act(id, 'submit')).status).toBe(204);
    expect((await desks.read(id)).state).toBe('waiting');
    expect((await desks.node.guest.client.send('GET', `/v1/products/${id}`)).status).toBe(404);
    const set = await desks.getSet(id);
    expect(set.items.map(({ field }) => field)).toContain('nameVi');
    const verdict = { outcome: 'approved', version: set.version };
    expect(await desks.decide(set.setId, verdict)).toMatchObject({ status: 409, body: { code: 'claim-required' } });
    expect((await desks.claim(set.setId)).status).toBe(200);
    expect((await desks.decide(set.setId, verdict)).status).toBe(204);
    expect(await desks.decide(set.setId, verdict)).toMatchObject({
      status: 409,
      body: { code: 'change-set-decided' },
    });
    const product = await desks.node.guest.product(id);
    expect(product).toMatchObject({ name: 'Bánh ống lá dứa', star: null });
    expect(product.variants).toMatchObject([{ label: 'hộp 10 cái', priceVnd: 45_000, available: 20 }]);
    expect((await desks.read(id)).state).toBe('listed');
  });

  test('an officer asks, the seller mends, and it comes back; a no says why', async () => {
    const id = await desks.create(cake);
    await desks.act(id, 'submit');
    const set = await desks.getSet(id);
    await desks.claim(set.setId);
    const ask = { outcome: 'changes-requested', version: set.version };
    expect(await desks.decide(set.setId, ask)).toMatchObject({ status: 422, body: { code: 'reason-required' } });
    expect(await desks.decide(set.setId, { ...ask, reason: 'other' })).toMatchObject({ status: 422 });
    await desks.decide(set.setId, { ...ask, reasonText: 'Cần ghi thành phần.' });
    expect(await desks.read(id)).toMatchObject({
      state: 'changes-requested',
      verdict: { status: 'changes-requested', reasonText: 'Cần ghi thành phần.' },
    });
    expect(await desks.findQueued(set.setId)).toBeUndefined();
    expect((await desks.patch(id, { ingredientsVi: 'Bột gạo, lá dứa' })).status).toBe(200);
    await desks.act(id, 'submit');
    const again = await desks.getSet(id);
    expect(again.setId).toBe(set.setId);
    await desks.claim(again.setId);
    await desks.decide(again.setId, { outcome: 'rejected', version: again.version, reason: 'not-own-product' });
    expect(await desks.read(id)).toMatchObject({ state: 'rejected', verdict: { reason: 'not-own-product' } });
    expect((await desks.read(id)).fields.nameVi).toBe('Bánh ống lá dứa');
  });

  test('whose set the seller leaves open is listed in the one that the officer chose', async () => {
    const id = await desks.create({ ...cake, categoryId: null });
    await desks.act(id, 'submit');
    const set = await desks.getSet(id);
    await desks.claim(set.setId);
    const yes = { outcome: 'approved', version: set.version };
    expect(await desks.decide(set.setId, yes)).toMatchObject({ status: 422, body: { code: 'category-required' } });
    expect((await desks.decide(set.setId, { ...yes, categoryId: 6 })).status).toBe(204);
    expect((await desks.node.guest.product(id)).category.slug).toBe('che-bien-tu-gao-ngu-coc');
  });
});

describe('an edit of what is for sale', () => {
  test('holds at once where nothing can go wrong, and waits where an officer must look', async () => {
    const id = await desks.list();
    const { fields } = await desks.read(id);
    const [size] = fields.variants;
    const saved = await desks.patch(id, {
      descriptionVi: 'Bánh hấp trong ống tre.',
      variants: [{ ...size, priceVnd: 50_000, onHand: 33, maxOrder: 12 }],
    });
    const name = (member: string) => `variant.${size?.variantId}.${member}`;
    expect(saved).toMatchObject({ status: 200, body: { waiting: ['descriptionVi'] } });
    expect((saved.body as { applied: string[] }).applied.sort()).toEqual(['maxOrder', 'onHand', 'priceVnd'].map(name));
    const product = await desks.node.guest.client.expect<{ descriptionVi: string; variants: object[] }>(
      200,
      'GET',
      `/v1/products/${id}`,
    );
    expect(product).toMatchObject({ descriptionVi: '', variants: [{ priceVnd: 50_000, available: 33, maxOrder: 12 }] });
    expect((await desks.read(id)).waiting).toMatchObject([{ field: 'descriptionVi' }]);
    const automatic = await desks.findSet(id, 'approved');
    expect(automatic?.items.map(({ field }) => field).sort()).toContain(name('priceVnd'));

    const set = await desks.getSet(id);
    await desks.claim(set.setId);
    expect((await desks.decide(set.setId, { outcome: 'approved', version: set.version })).status).toBe(204);
    expect(await desks.node.guest.client.expect(200, 'GET', `/v1/products/${id}`)).toMatchObject({
      descriptionVi: 'Bánh hấp trong ống tre.',
    });
  });

  test('30 % is measured from the price of a month ago, so that small steps do not add up', async () => {
    const id = await desks.list();
    const [size] = (await desks.read(id)).fields.variants;
    const price = async (priceVnd: number) => {
      const [own] = (await desks.read(id)).fields.variants;
      return ((await desks.patch(id, { variants: [{ ...own, priceVnd }] })).body as { waiting: string[] }).waiting;
    };
    expect(await price(58_500)).toEqual([]);
    const field = `variant.${size?.variantId}.priceVnd`;
    expect(await price(58_501)).toEqual([field]);
    expect(await price(31_500)).toEqual([]);
    expect(await price(31_499)).toEqual([field]);
    desks.node.clock.advance(31 * 86_400_000);
    await desks.signInAll();
    expect(await price(24_000)).toEqual([]);
  });

  test('taken back to what it was, nothing waits any more', async () => {
    const id = await desks.list();
    await desks.patch(id, { nameEn: 'Steamed cakes' });
    const set = await desks.getSet(id);
    await desks.patch(id, { nameEn: '' });
    expect((await desks.read(id)).waiting).toEqual([]);
    expect(await desks.findQueued(set.setId)).toBeUndefined();
  });

  test('an edit based on an older version is refused, and so is one that does not say', async () => {
    const id = await desks.list();
    const etag = await desks.etagOf(id);
    expect((await desks.patch(id, { nameEn: 'One' }, etag)).status).toBe(200);
    expect((await desks.patch(id, { nameEn: 'Two' }, etag)).status).toBe(412);
    expect(
      (await desks.people.seller.send('PATCH', `/v1/seller/products/${id}`, { body: { nameEn: 'Two' } })).status,
    ).toBe(428);
  });
});

describe('two officers', () => {
  test('cannot take the same item, and the verdict of whoever does not hold it is refused', async () => {
    const id = await desks.list();
    await desks.patch(id, { nameVi: 'Bánh ống Sóc Trăng' });
    const set = await desks.getSet(id);
    const setId = set.setId;
    expect((await desks.claim(setId, 'officer')).status).toBe(200);
    expect(await desks.claim(setId, 'second')).toMatchObject({ status: 409, body: { code: 'item-claimed' } });
    const verdict = { outcome: 'approved', version: set.version };
    expect(await desks.decide(setId, verdict, 'second')).toMatchObject({
      status: 409,
      body: { code: 'claim-required' },
    });
    desks.node.clock.advance(16 * 60_000);
    expect(await desks.decide(setId, verdict, 'officer')).toMatchObject({
      status: 409,
      body: { code: 'claim-required' },
    });
    expect((await desks.claim(setId, 'second')).status).toBe(200);
    expect((await desks.decide(setId, verdict, 'second')).status).toBe(204);
  });

  test('who edits meanwhile makes them look again', async () => {
    const id = await desks.list();
    await desks.patch(id, { nameVi: 'Bánh ống A' });
    const seen = await desks.getSet(id);
    await desks.claim(seen.setId);
    await desks.patch(id, { nameVi: 'Bánh ống B' });
    const verdict = { outcome: 'approved', version: seen.version };
    expect(await desks.decide(seen.setId, verdict)).toMatchObject({ status: 409, body: { code: 'change-set-moved' } });
  });

  test('see field by field where the product moved since it was asked for', async () => {
    const id = await desks.list();
    await desks.patch(id, { descriptionVi: 'Một', descriptionEn: 'One' });
    await desks.node.db.execute(sql`update products set description_vi = 'Khác' where id = ${id}`);
    const set = await desks.getSet(id);
    expect(set.items.find(({ field }) => field === 'descriptionVi')).toMatchObject({
      moved: true,
      now: 'Khác',
      before: '',
      after: 'Một',
    });
    expect(set.items.find(({ field }) => field === 'descriptionEn')).toMatchObject({ moved: false });
    await desks.claim(set.setId);
    const verdict = { outcome: 'approved', version: set.version };
    expect(await desks.decide(set.setId, verdict)).toMatchObject({
      status: 409,
      body: { code: 'change-base-moved', fields: ['descriptionVi'] },
    });
    expect((await desks.decide(set.setId, { ...verdict, overwrite: true })).status).toBe(204);
    expect((await desks.read(id)).fields.descriptionVi).toBe('Một');
  });
});

test('what the filter marks waits like everything else, sooner, and with its place', async () => {
  const id = await desks.list();
  await desks.patch(id, { descriptionVi: 'Ăn mỗi ngày chữa khỏi tiểu đường, gọi 0912 345 678.' });
  const set = await desks.getSet(id);
  expect(set.items[0]?.flags).toMatchObject([
    { kind: 'medical-claim', text: 'chữa khỏi' },
    { kind: 'contact', text: '0912 345 678' },
  ]);
  const item = await desks.findQueued(set.setId);
  // The clock of a test goes on between the two.
  const hours = (Date.parse(item?.dueAt ?? '') - Date.parse(item?.openedAt ?? '')) / 3_600_000;
  expect(hours).toBeCloseTo(4, 3);
});
