import type { VariantId } from '#features/products/types.ts';
import type { Expected, Row, Values } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const sellers = 'seller:owner,manager' as const;
const shelf: Row = {
  access: 'seller',
  of: ({ goods }, side) => ({ variantId: goods[side].variantId }),
  ids: { own: 204, other: 404, missing: 404 },
  body: { onHand: 5_000 },
};
const reading: Row = {
  access: 'seller',
  ...(shelf.of ? { of: shelf.of } : {}),
  ids: { own: 200, other: 404, missing: 404 },
};

/** A save of the table that can still be taken back. */
let count = 4_000;
async function editOf({ node, businesses, goods }: Stage, side: Side): Promise<Values> {
  const { businessId } = businesses[side];
  count += 1;
  const wish = { variantId: goods[side].variantId as VariantId, onHand: count };
  const { editId } = await node.services.priceTable.save({ actor: 'test', businessIds: [businessId] }, [wish], 'count');
  return { editId: editId ?? '' };
}

export const stock: Expected = {
  'GET /ban-hang/bang-gia': sellers,
  'POST /ban-hang/bang-gia': { access: sellers, status: 303 },
  'POST /ban-hang/bang-gia/hoan-tac': {
    access: sellers,
    of: editOf,
    ids: { own: 303, other: 404, missing: 404 },
    body: ({ editId }: Values) => ({ editId }),
    changes: true,
  },
  'GET /ban-hang/kho': 'seller',
  'POST /ban-hang/kho': {
    ...shelf,
    ids: { own: 303, other: 404, missing: 404 },
    body: ({ variantId }: { variantId: string }) => ({ variantId, onHand: '5000' }),
  },
  'GET /ban-hang/kho/:variantId': reading,
  'POST /ban-hang/kho/:variantId': {
    ...shelf,
    ids: { own: 303, other: 404, missing: 404 },
    body: { do: 'low', lowAt: '3' },
  },
  'GET /v1/seller/stock': 'seller',
  'PUT /v1/seller/stock': { access: 'seller', status: 400 },
  'PUT /v1/seller/prices': { access: sellers, status: 400 },
  'POST /v1/seller/table-edits/:editId/undo': {
    access: 'seller',
    of: editOf,
    ids: { own: 200, other: 404, missing: 404 },
    changes: true,
  },
  'PUT /v1/seller/stock/:variantId': shelf,
  'PUT /v1/seller/stock/:variantId/alert': { ...shelf, body: { lowAt: 3 } },
  'GET /v1/seller/stock/:variantId/movements': reading,
  'POST /v1/seller/stock/:variantId/movements': {
    ...shelf,
    ids: { own: 201, other: 404, missing: 404 },
    body: { reason: 'received', quantity: 1 },
  },
};
