import type { Expected } from './expected.ts';

export const orders: Expected = {
  'GET /ban-hang': 'seller',
  'POST /ban-hang': 'seller',
  'GET /don-hang/:code': 'public',
  'GET /quan-tri': 'staff',
  'GET /tra-cuu': 'public',
  'POST /tra-cuu': 'public',
  'GET /v1/order-groups/:code': 'public',
  'GET /v1/orders/:code': 'public',
  'POST /v1/orders/track': 'public',
  'GET /v1/seller/orders': 'seller',
  'POST /v1/seller/orders/:code/cancel': 'seller',
  'POST /v1/seller/orders/:code/confirm': 'seller',
  'POST /v1/seller/orders/:code/deliver': 'seller',
  'POST /v1/seller/orders/:code/pack': 'seller',
  'POST /v1/seller/orders/:code/ship': 'seller',
  'GET /v1/staff/orders': 'staff',
};
