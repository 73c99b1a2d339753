import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks } from '#test/support/desks.ts';
import { createVisitor } from '#test/web/visitor.ts';

let desks: Desks;
let productId: string;
beforeAll(async () => {
  desks = await openDesks();
  productId = (await desks.node.guest.product('hanh-tim-vinh-chau-tui-luoi')).productId;
});
afterAll(() => desks.close());

const add = (body: object) => desks.people.seller.send('POST', `/v1/seller/products/${productId}/batches`, { body });

test('a batch can be traced by anybody, from the page of its product too, until it is recalled and after', async () => {
  const answer = await add({
    lot: ' L-1 ',
    harvestedOn: '2026-11-01',
    packedOn: '2026-11-03',
    expiresOn: '2027-01-03',
  });
  expect(answer.status).toBe(201);
  const { code } = answer.body as { code: string };
  const batch = await desks.node.guest.client.expect<{ batchId: string }>(200, 'GET', `/v1/batches/${code}`);
  expect(batch).toMatchObject({ lot: 'L-1', recalledAt: null, product: { productId } });
  const visitor = createVisitor(desks.node.url);
  expect((await visitor.get('/san-pham/hanh-tim-vinh-chau-tui-luoi')).html).toContain(`/truy-xuat/${code}`);
  const page = await visitor.get(`/truy-xuat/${code.toLowerCase()}`);
  expect(page.text).toContain('Không có thông báo thu hồi');
  expect(page.html).toContain('<svg');

  const recall = (body: object) =>
    desks.people.seller.send('POST', `/v1/seller/batches/${batch.batchId}/recall`, { body });
  expect(await recall({ reason: ' ' })).toMatchObject({ status: 422, body: { code: 'recall-reason-missing' } });
  expect((await recall({ reason: 'Túi bị ẩm, mang trả nơi mua' })).status).toBe(204);
  expect(await recall({ reason: 'nữa' })).toMatchObject({ status: 409, body: { code: 'batch-recalled' } });
  expect((await visitor.get(`/truy-xuat/${code}`)).text).toContain('Túi bị ẩm, mang trả nơi mua');
});

test.each([
  ['lot-missing', 422, { lot: '  ' }],
  ['lot-missing', 422, { lot: 'x'.repeat(51) }],
  ['batch-dates-crossed', 422, { lot: 'a', harvestedOn: '2026-11-05', packedOn: '2026-11-01' }],
  ['batch-dates-crossed', 422, { lot: 'a', packedOn: '2030-01-01' }],
  ['batch-dates-crossed', 422, { lot: 'a', packedOn: '2026-11-05', expiresOn: '2026-11-04' }],
  ['invalid-request', 400, { lot: 'a', packedOn: '2026-02-30' }],
  ['invalid-request', 400, { lot: 'a', productId: 'x' }],
])('%s', async (code, status, body) => {
  expect(await add(body)).toMatchObject({ status, body: { code } });
});

test('a lot number is given once, and the form says so at its field', async () => {
  await add({ lot: 'L-2' });
  expect(await add({ lot: 'L-2' })).toMatchObject({ status: 409, body: { code: 'lot-taken' } });
  expect(await desks.node.guest.client.send('GET', '/v1/batches/STZZZZZZZZZZ')).toMatchObject({ status: 404 });
});
