import { delivery } from './bodies.ts';
import type { Expected, Row } from './expected.ts';

const cart: Row = {
  access: 'public',
  of: async (stage) => ({ cartId: await stage.cart() }),
  ids: { own: 200, missing: 404 },
};
const line: Row = {
  ...cart,
  of: async (stage) => ({ cartId: await stage.cart(), variantId: stage.goods.A.variantId }),
};

export const carts: Expected = {
  'GET /gio-hang': 'public',
  'POST /gio-hang': { access: 'public', status: 303 },
  'GET /thanh-toan': { access: 'public', status: 303 },
  'POST /thanh-toan': { access: 'public', status: 303 },
  'POST /v1/carts': { access: 'public', status: 201 },
  'GET /v1/carts/:cartId': cart,
  'POST /v1/carts/:cartId/checkout': { ...cart, ids: { own: 201, missing: 404 }, changes: true },
  'PUT /v1/carts/:cartId/delivery': { ...cart, body: delivery },
  'DELETE /v1/carts/:cartId/lines/:variantId': { ...line, changes: true },
  'PUT /v1/carts/:cartId/lines/:variantId': { ...line, body: { quantity: 2 } },
  'PUT /v1/carts/:cartId/voucher': { ...cart, ids: { own: 422, missing: 404 }, body: { code: 'TET2027' } },
};
