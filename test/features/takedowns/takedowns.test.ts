import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks } from '#test/support/desks.ts';
import type { Page, Product } from '#test/support/people.ts';
import { createVisitor } from '#test/web/visitor.ts';

let desks: Desks;
beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks.close());

const asked = {
  requestNumber: '1123/QLTT-NV',
  authority: 'Chi cục Quản lý thị trường',
  reason: 'Ghi công dụng như thuốc',
};
type Takedown = { readonly status: string; readonly dueAt: string; readonly receivedAt: string };

test('a product is gone everywhere at once, is told in neutral words, and comes back by a decision', async () => {
  const { node, people } = desks;
  const { productId, slug } = await node.guest.product('bot-hanh-tim-nguyen-chat');
  const receivedAt = new Date(node.clock.now().getTime() - 3_600_000).toISOString();
  const path = '/v1/staff/takedowns';
  const body = { productId, receivedAt, ...asked };
  const { takedownId } = await people.officer.expect<{ takedownId: string }>(201, 'POST', path, { body });
  expect(await people.officer.send('POST', path, { body })).toMatchObject({ status: 409 });
  const read = () => people.officer.expect<Takedown>(200, 'GET', `${path}/${takedownId}`);
  const { dueAt } = await read();
  // The clock of the law runs from when the request came in.
  expect(Date.parse(dueAt) - Date.parse(receivedAt)).toBe(24 * 3_600_000);
  const queue = await people.officer.expect<{ items: { subject: { id: string }; dueAt: string }[] }>(
    200,
    'GET',
    '/v1/staff/queues/takedowns',
  );
  expect(queue.items).toMatchObject([{ subject: { id: takedownId }, dueAt }]);
  expect((await node.guest.client.send('GET', `/v1/products/${productId}`)).status).toBe(200);

  expect((await people.officer.send('POST', `${path}/${takedownId}/execute`)).status).toBe(204);
  expect((await read()).status).toBe('down');
  expect(await node.guest.client.send('GET', `/v1/products/${productId}`)).toMatchObject({
    status: 410,
    body: { code: 'product-withdrawn' },
  });
  const page = await createVisitor(node.url).get(`/san-pham/${slug}`);
  expect([page.status, page.text.includes('Quản lý thị trường')]).toEqual([410, false]);
  const inLists = await node.guest.client.expect<Page<Product>>(
    200,
    'GET',
    '/v1/products?business=htx-hanh-tim-bai-giong&limit=100',
  );
  expect(inLists.items.map((item) => item.productId)).not.toContain(productId);
  await node.runJobs();
  const found = await node.guest.client.expect<{ hits: Product[] }>(200, 'GET', '/v1/search?q=bot+hanh+tim&limit=50');
  expect(found.hits.map((hit) => hit.productId)).not.toContain(productId);

  // Its seller cannot bring it back, and cannot edit it.
  expect(await desks.act(productId, 'restore')).toMatchObject({ status: 409, body: { code: 'product-taken-down' } });
  expect(await desks.patch(productId, { nameEn: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'product-taken-down' },
  });

  const restore = (decision: string) =>
    people.officer.send('POST', `${path}/${takedownId}/restore`, { body: { decision } });
  expect(await restore(' ')).toMatchObject({ status: 422, body: { code: 'decision-required' } });
  expect((await restore('1140/QLTT-NV')).status).toBe(204);
  expect(await restore('1140/QLTT-NV')).toMatchObject({ status: 409, body: { code: 'takedown-settled' } });
  expect((await node.guest.client.send('GET', `/v1/products/${productId}`)).status).toBe(200);
});

test.each([
  ['requestNumber', { requestNumber: ' ' }],
  ['authority', { authority: '' }],
  ['reason', { reason: '' }],
  ['receivedAt', { receivedAt: '2099-01-01T00:00:00Z' }],
])('a request without its %s is none', async (field, over) => {
  const { productId } = await desks.node.guest.product('hanh-tim-say-lat-gion');
  const receivedAt = desks.node.clock.now().toISOString();
  const answer = await desks.people.officer.send('POST', '/v1/staff/takedowns', {
    body: { productId, receivedAt, ...asked, ...over },
  });
  expect(answer).toMatchObject({
    status: 422,
    body: { code: 'takedown-incomplete', errors: [{ pointer: `/${field}` }] },
  });
});
