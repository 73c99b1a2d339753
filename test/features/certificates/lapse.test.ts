import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { ocopValidUntil } from '#features/certificates/rules/law.ts';
import type { ProductId } from '#features/products/types.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import type { Page, Product } from '#test/support/people.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

type Listed = { readonly slug: string; readonly star: number; readonly validUntil: Date; readonly code: string };
/** Of the certificates in force now, the one that lapses first, and only one for its product. */
async function firstToLapse(): Promise<Listed> {
  const { rows } = await node.db.execute<Listed & { until: string }>(
    sql`select p.slug, c.star, c.valid_until as until, c.code from certificates c join products p on p.id = c.product_id join variants v on v.product_id = p.id and v.position = 0
      join stock s on s.variant_id = v.id where c.status = 'verified' and c.valid_until > ${node.clock.now().toISOString()}::timestamptz and s.on_hand - s.held >= v.min_order
        and (select count(*) from certificates o where o.product_id = p.id) = 1 order by c.valid_until, p.slug limit 1`,
  );
  const [row] = rows;
  if (!row) throw new Error('The demonstration has no certificate in force');
  return { ...row, validUntil: new Date(row.until) };
}
const stars = async (query: string) =>
  (await node.guest.client.expect<Page<Product>>(200, 'GET', `/v1/products?limit=100&${query}`)).items;

describe('the star of a product', () => {
  test('the demonstration shows none that has lapsed, and every one that is in force', async () => {
    const shown = new Map<string, number | null>();
    for (let path: string | undefined = '/v1/products?limit=100'; path; ) {
      const page: Page<Product> = await node.guest.client.expect(200, 'GET', path);
      for (const { slug, star } of page.items) shown.set(slug, star);
      path = page.nextCursor === null ? undefined : `/v1/products?limit=100&cursor=${page.nextCursor}`;
    }
    const { rows } = await node.db.execute<{ slug: string; star: number; issued: string }>(
      sql`select p.slug, c.star, c.issued_on as issued from certificates c join products p on p.id = c.product_id where c.kind = 'ocop' and c.status in ('verified', 'expired')`,
    );
    const expected = new Map<string, number>();
    for (const { slug, star, issued } of rows)
      if (ocopValidUntil(issued) > node.clock.now()) expected.set(slug, Math.max(star, expected.get(slug) ?? 0));
    expect(shown.size).toBe(244);
    expect([...shown].filter(([slug, star]) => star !== (expected.get(slug) ?? null))).toEqual([]);
    expect(rows.some(({ issued }) => ocopValidUntil(issued) <= node.clock.now())).toBe(true);
  });

  test('is there a second before the midnight after 36 months and gone a second after; the product is still sold', async () => {
    const { slug, star, validUntil, code } = await firstToLapse();
    const certificate = () =>
      node.guest.client.expect<{ status: string; inForce: boolean }>(200, 'GET', `/v1/certificates/${code}`);
    node.clock.set(new Date(validUntil.getTime() - 1_000));
    expect((await node.guest.product(slug)).star).toBe(star);
    expect(await certificate()).toMatchObject({ status: 'verified', inForce: true });

    // No job has run: the answer is right because the star is computed, not kept.
    node.clock.set(new Date(validUntil.getTime() + 1_000));
    const product = await node.guest.product(slug);
    expect(product.star).toBeNull();
    expect(await certificate()).toMatchObject({ status: 'expired', inForce: false });
    const inList = (await stars(`stars=${star}`)).map((item) => item.slug);
    expect(inList).not.toContain(slug);
    const found = await node.guest.client.expect<{ hits: Product[] }>(200, 'GET', `/v1/search?stars=${star}&limit=100`);
    expect(found.hits.map((hit) => hit.slug)).not.toContain(slug);
    const [variant] = product.variants;
    const group = await node.guest.order([variant?.variantId ?? '', variant?.minOrder ?? 1]);
    expect(group.orders).toHaveLength(1);
  });

  test('the job marks what has lapsed once and tells of it', async () => {
    const before = (await node.countRows()).events ?? 0;
    expect(await node.services.certificates.expireDue()).toBeGreaterThan(0);
    expect(await node.services.certificates.expireDue()).toBe(0);
    expect((await node.countRows()).events).toBeGreaterThan(before);
  });
});

describe('recording a decision', () => {
  const decision = {
    kind: 'ocop' as const,
    decisionNumber: '77/QĐ-BNNMT',
    issuer: 'Bộ Nông nghiệp và Môi trường',
    issuedOn: '2026-11-01',
    star: 5,
    expiresOn: null,
  };
  const submit = (by: string, productId: ProductId) =>
    transact(node.db, 'test', (tx) => node.services.certificates.submit(tx, by, [{ ...decision, productId }]));
  const verify = (by: string, ids: Awaited<ReturnType<typeof submit>>) =>
    transact(node.db, 'test', (tx) => node.services.certificates.confirm(tx, by, ids));

  test('no star before somebody else has verified it, once; the same decision is not recorded twice', async () => {
    const product = (await stars('sort=name')).find(({ star }) => star === null);
    const productId = (product?.productId ?? '') as ProductId;
    const star = async () => (await node.guest.product(productId)).star;
    const ids = await submit('account:clerk', productId);
    expect(await star()).toBeNull();
    await expect(verify('account:clerk', ids)).rejects.toThrow();
    expect(await star()).toBeNull();
    await verify('account:certifier', ids);
    expect(await star()).toBe(5);
    await expect(verify('account:certifier', ids)).rejects.toThrow('certificate-not-submitted');
    await expect(submit('account:clerk', productId)).rejects.toThrow('decision-already-recorded');
  });
});
