import type { Expected, Row } from './expected.ts';

/** A parcel of one order of that side, packed a moment ago. Without a contract no carrier can be asked for it. */
const parcel: Row = {
  access: 'seller',
  of: async (stage, side) => {
    const code = await stage.paidOrder(side);
    const { orders } = stage.node.services;
    await orders.confirmOrder(code, { actor: 'test' });
    return { parcel: await orders.packOrder(code, { actor: 'test' }) };
  },
  ids: { own: 404, other: 404, missing: 404 },
};
const place = { wardCode: '31507', province: '220', district: '1560', ward: '550113' };

export const couriers: Expected = {
  'GET /ban-hang/van-chuyen': 'seller',
  'POST /ban-hang/van-chuyen': { access: 'seller', body: { do: 'cancel', parcel: 'ST0000000000' }, status: 404 },
  'GET /v1/seller/parcels': 'seller',
  'GET /v1/seller/parcels/:parcel/quote': { ...parcel, query: '?carrier=ghn' },
  'PUT /v1/seller/parcels/:parcel/booking': { ...parcel, body: { carrier: 'ghn' } },
  'DELETE /v1/seller/parcels/:parcel/booking': parcel,
  'GET /v1/seller/parcels/:parcel/label': parcel,
  'PUT /v1/staff/couriers/:carrier/places': {
    access: 'staff:support',
    of: async () => ({ carrier: 'ghn' }),
    ids: { own: 204, missing: 400 },
    missing: { carrier: 'none' },
    body: { items: [place] },
  },
  'POST /v1/webhooks/couriers/ghn': { access: 'webhook', status: 404 },
  'POST /v1/webhooks/couriers/ghtk': { access: 'webhook', status: 404 },
};
