import { delivery } from './bodies.ts';
import type { Expected, Row } from './expected.ts';

const cart: Row = {
  access: 'public',
  of: async (stage) => ({ cartId: await stage.cart() }),
  ids: { own: 200, missing: 404 },
};
/** Goods of our own: no exchange sells them to us. */
const line: Row = {
  ...cart,
  of: async (stage) => ({ cartId: await stage.cart(), variantId: stage.goods.A.variantId }),
  ids: { own: 404, missing: 404 },
};
const secret = { legId: 'aaaaaaaaaaaaaaaaaaaaaa' };
const leg: Row = { access: 'public', of: () => secret, ids: { missing: 404 }, missing: secret };

export const exchangeOrders: Expected = {
  'POST /gio-hang/lien-san': { access: 'public', status: 400 },
  'GET /dat-lien-san/:partnerKey': {
    access: 'public',
    of: () => ({ partnerKey: 'can-tho' }),
    missing: { partnerKey: 'khong-co' },
    ids: { own: 303, missing: 303 },
  },
  'POST /dat-lien-san/:partnerKey': {
    access: 'public',
    of: () => ({ partnerKey: 'can-tho' }),
    missing: { partnerKey: 'khong-co' },
    ids: { own: 303, missing: 303 },
  },
  'GET /mua-lien-san/:legId': leg,
  'GET /v1/carts/:cartId/legs': cart,
  'PUT /v1/carts/:cartId/exchange-lines/:variantId': { ...line, body: { quantity: 1 } },
  'DELETE /v1/carts/:cartId/exchange-lines/:variantId': line,
  'PUT /v1/carts/:cartId/legs/:partnerKey': {
    ...cart,
    of: async (stage) => ({ cartId: await stage.cart(), partnerKey: 'can-tho' }),
    missing: { cartId: 'aaaaaaaaaaaaaaaaaaaaaa', partnerKey: 'can-tho' },
    ids: { own: 409, missing: 404 },
    body: { recipient: delivery.recipient, address: delivery.address },
  },
  'GET /v1/exchange-legs/:legId': leg,
  'POST /v1/exchange-legs/:legId/accept': { ...leg, body: { shippingCode: 'standard', totalVnd: 1 } },
};
