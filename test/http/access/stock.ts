import type { Expected, Row } from './expected.ts';

const shelf: Row = {
  access: 'seller',
  of: ({ goods }, side) => ({ variantId: goods[side].variantId }),
  ids: { own: 204, other: 404, missing: 404 },
  body: { onHand: 5_000 },
};

export const stock: Expected = {
  'GET /ban-hang/kho': 'seller',
  'POST /ban-hang/kho': {
    ...shelf,
    ids: { own: 303, other: 404, missing: 404 },
    body: ({ variantId }: { variantId: string }) => ({ variantId, onHand: '5000' }),
  },
  'GET /v1/seller/stock': 'seller',
  'PUT /v1/seller/stock/:variantId': shelf,
};
