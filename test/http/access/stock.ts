import type { Expected } from './expected.ts';

export const stock: Expected = {
  'GET /ban-hang/kho': 'seller',
  'POST /ban-hang/kho': 'seller',
  'GET /v1/seller/stock': 'seller',
  'PUT /v1/seller/stock/:variantId': 'seller',
};
