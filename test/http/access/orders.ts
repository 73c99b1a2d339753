import { recipient } from '#test/support/people.ts';
import type { Expected, Row } from './expected.ts';

const group: Row = {
  access: 'public',
  of: async (stage) => ({ code: await stage.group() }),
  ids: { own: 200, missing: 404 },
};
const order: Row = {
  access: 'seller',
  of: async (stage, side) => ({ code: await stage.paidOrder(side) }),
  ids: { own: 204, other: 404, missing: 404 },
  changes: true,
};
/** A parcel of one order of that side, packed a moment ago. */
const parcel: Row = {
  ...order,
  of: async (stage, side) => {
    const code = await stage.paidOrder(side);
    const { orders: service } = stage.node.services;
    await service.confirmOrder(code, { actor: 'test' });
    return { code, shipment: await service.packOrder(code, { actor: 'test' }) };
  },
  missing: { code: 'ST0000000000', shipment: 'ST0000000000' },
  body: { state: 'picked_up' },
};
/** A step that comes too early: another's order is none all the same. */
const tooEarly: Row = { ...order, ids: { own: 409, other: 404, missing: 404 } };

export const orders: Expected = {
  'GET /ban-hang/don-hang': 'seller',
  'POST /ban-hang/don-hang': {
    ...order,
    ids: { own: 303, other: 404, missing: 404 },
    body: ({ code }: { code: string }) => ({ do: 'confirm', code }),
  },
  'GET /don-hang/:code': group,
  'GET /quan-tri/don-hang': 'staff',
  'GET /tra-cuu': 'public',
  'POST /tra-cuu': { access: 'public', status: 404 },
  'GET /ban-hang/nhat-hang': 'seller',
  'GET /ban-hang/nhat-hang.pdf': 'seller',
  'GET /ban-hang/nhan-kien': 'seller',
  'GET /ban-hang/nhan-kien.pdf': 'seller',
  'POST /tra-cuu/xac-nhan': { access: 'public', status: 404 },
  'POST /tra-cuu/xac-nhan.pdf': { access: 'public', status: 404 },
  'POST /tra-cuu/huy': { access: 'public', status: 404 },
  'GET /v1/order-groups/:code': group,
  'GET /v1/orders/:code': { ...group, of: async (stage) => ({ code: await stage.paidOrder('A') }) },
  'POST /v1/orders/:code/cancel': {
    access: 'public',
    of: async (stage) => ({ code: await stage.paidOrder('A') }),
    ids: { own: 200, missing: 404 },
    changes: true,
    body: { phone: recipient.phone },
  },
  'POST /v1/orders/confirmation': { access: 'public', status: 400 },
  'POST /v1/orders/track': { access: 'public', status: 400 },
  'GET /v1/seller/orders': 'seller',
  'POST /v1/seller/orders/:code/cancel': {
    ...order,
    ids: { own: 200, other: 404, missing: 404 },
    body: { reason: 'Hết hàng' },
  },
  'POST /v1/seller/orders/:code/confirm': order,
  'POST /v1/seller/orders/:code/deliver': tooEarly,
  'POST /v1/seller/orders/:code/pack': tooEarly,
  'POST /v1/seller/orders/:code/ship': tooEarly,
  'POST /v1/seller/orders/:code/shipments/:shipment/state': parcel,
  'GET /v1/staff/orders': 'staff',
};
