import type { Expected } from './expected.ts';

export const carts: Expected = {
  'GET /gio-hang': 'public',
  'POST /gio-hang': 'public',
  'GET /thanh-toan': 'public',
  'POST /thanh-toan': 'public',
  'POST /v1/carts': 'public',
  'GET /v1/carts/:cartId': 'public',
  'POST /v1/carts/:cartId/checkout': 'public',
  'PUT /v1/carts/:cartId/delivery': 'public',
  'DELETE /v1/carts/:cartId/lines/:variantId': 'public',
  'PUT /v1/carts/:cartId/lines/:variantId': 'public',
  'PUT /v1/carts/:cartId/voucher': 'public',
};
