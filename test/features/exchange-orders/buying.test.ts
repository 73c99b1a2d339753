import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchangeOrders } from '#features/exchange-orders/index.ts';
import type { LegId } from '#features/exchange-orders/types.ts';
import { createClient } from '#test/support/client.ts';
import { home, recipient } from '#test/support/people.ts';
import { type Legs, openLegs } from './stage.ts';

/** Goods of another exchange as a program buys them, with each thing that it may be told. */
let stage: Legs;
let cartId: string;
beforeAll(async () => {
  stage = await openLegs();
  await stage.fresh();
  cartId = (await stage.node.services.carts.openCart()).cartId;
});
afterAll(() => stage.close());

const refused = async (status: number, method: string, path: string, body?: object): Promise<string> =>
  (await createClient(stage.node.url).expect<{ code: string }>(status, method, path, body ? { body } : {})).code;
const line = () => `/v1/carts/${cartId}/exchange-lines/${stage.variantId}`;
const leg = () => `/v1/carts/${cartId}/legs/can-tho`;
const where = { recipient, address: home };
const quoted = () =>
  createClient(stage.node.url).expect<{ legId: LegId; totalVnd: number }>(200, 'PUT', leg(), { body: where });
const accept = (legId: string, totalVnd: number) =>
  [`/v1/exchange-legs/${legId}/accept`, { shippingCode: 'standard', totalVnd }] as const;

test('a cart without goods of the exchange, an exchange that takes no orders, and too many pieces', async () => {
  const { partner } = stage;
  expect(await refused(409, 'PUT', leg(), where)).toBe('leg-empty');
  expect(await refused(422, 'PUT', line(), { quantity: 1_001 })).toBe('leg-limits');
  partner.set.isOrderable = false;
  expect(await refused(409, 'PUT', line(), { quantity: 1 })).toBe('not-orderable');
  partner.set.isOrderable = true;
  await createClient(stage.node.url).expect(200, 'PUT', line(), { body: { quantity: 2 } });
  partner.set.isOrderable = false;
  expect(await refused(409, 'PUT', leg(), where)).toBe('not-orderable');
  partner.set.isOrderable = true;
});

test('an exchange that is silent, has too little, or refuses', async () => {
  const { partner } = stage;
  partner.trouble('quote', 'silent');
  expect(await refused(503, 'PUT', leg(), where)).toBe('origin-silent');
  partner.set.refusal = { code: 'quantity-unavailable', extra: { lines: [{ uri: 'x', available: 1 }] } };
  expect(await refused(409, 'PUT', leg(), where)).toBe('leg-quantity-unavailable');
  partner.set.refusal = { code: 'destination-unserved', extra: {} };
  expect(await refused(409, 'PUT', leg(), where)).toBe('leg-refused');
  partner.set.refusal = undefined;
});

test('what was not seen is not accepted, nor by a minor, nor twice, nor where no card can be charged', async () => {
  const { partner, node, stripe } = stage;
  partner.set.needsAge = true;
  const shown = await quoted();
  expect(await refused(422, 'POST', ...accept(shown.legId, shown.totalVnd))).toBe('leg-age-not-confirmed');
  partner.set.needsAge = false;
  const { legId, totalVnd } = await quoted();
  expect(await refused(409, 'POST', ...accept(legId, totalVnd - 1))).toBe('leg-terms-changed');
  const closed = createExchangeOrders({ ...stage.deps, gateway: undefined });
  const yes = { legId, shippingCode: 'standard', totalVnd, ageConfirmed: false };
  await expect(closed.acceptLeg(yes)).rejects.toMatchObject({ code: 'leg-payment-closed' });
  const [path, body] = accept(legId, totalVnd);
  await createClient(node.url).expect(200, 'POST', path, { body });
  stripe.pay(await stage.sessionOf(legId));
  await stage.legs.refresh(legId);
  expect(await refused(409, 'POST', path, body)).toBe('leg-under-way');
  expect(await refused(404, 'GET', '/v1/exchange-legs/aaaaaaaaaaaaaaaaaaaaaa')).toBe('leg-not-found');
});

test('only what was bought leaves the cart', async () => {
  const { legs } = stage;
  const bought = await stage.quote(2);
  await legs.setLine(bought.cartId, stage.variantId, 5);
  const yes = { legId: bought.legId, shippingCode: 'standard', totalVnd: bought.totalVnd ?? 0, ageConfirmed: false };
  await legs.acceptLeg(yes);
  stage.stripe.pay(await stage.sessionOf(bought.legId));
  await legs.refresh(bought.legId);
  expect((await legs.listBaskets(bought.cartId))[0]?.lines.map(({ quantity }) => quantity)).toEqual([3]);
});

test('a new cart takes along what lies in an ordered one, with the legs of it', async () => {
  const { legs, node } = stage;
  const bought = await stage.quote();
  const next = await node.services.carts.openCart();
  await legs.carry(bought.cartId, next.cartId);
  expect(await legs.countPieces(bought.cartId)).toBe(0);
  expect(await legs.countPieces(next.cartId)).toBe(1);
  expect((await legs.listLegs(next.cartId)).map(({ legId }) => legId)).toEqual([bought.legId]);
});
