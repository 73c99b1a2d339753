import { fresh } from '#test/support/people.ts';
import type { Expected, Row } from './expected.ts';

const group: Row = {
  access: 'public',
  of: async (stage) => ({ code: await stage.group() }),
  ids: { own: 200, missing: 404 },
};
const owning = 'seller:owner,manager';
const business: Row = {
  access: owning,
  of: (stage, side) => ({ businessId: stage.businesses[side].businessId }),
  ids: { own: 200, other: 404, missing: 404 },
};
/** An order that is paid to the exchange: nothing of it is a business's own to take. */
const order = async (stage: Parameters<NonNullable<Row['of']>>[0], side: Parameters<NonNullable<Row['of']>>[1]) => ({
  code: await stage.paidOrder(side),
});

export const direct: Expected = {
  'GET /thanh-toan/:code/truc-tiep': group,
  'POST /thanh-toan/:code/truc-tiep': { ...group, ids: { own: 404, missing: 404 } },
  'GET /v1/order-groups/:code/direct': group,
  'POST /v1/orders/:code/payments': {
    access: 'public',
    of: order,
    ids: { own: 409, missing: 404 },
    body: { method: 'vietqr' },
    headers: fresh,
  },
  'GET /ban-hang/nhan-truc-tiep': owning,
  'POST /ban-hang/nhan-truc-tiep': { access: owning, status: 404 },
  'GET /ban-hang/nhan-truc-tiep/:businessId': { ...business, access: 'seller:owner' },
  'POST /ban-hang/nhan-truc-tiep/:businessId': {
    ...business,
    access: 'seller:owner',
    ids: { own: 422, other: 404, missing: 404 },
  },
  'GET /quan-tri/nhan-truc-tiep': 'staff:finance,auditor',
  'POST /quan-tri/nhan-truc-tiep': { access: 'staff:finance', status: 404 },
  'GET /v1/seller/business/:businessId/settlement': business,
  'PUT /v1/seller/business/:businessId/settlement': {
    ...business,
    access: 'seller:owner',
    ids: { own: 204, other: 404, missing: 404 },
    changes: true,
    body: { mode: 'collected', holdHours: 3 },
  },
  'GET /v1/seller/direct': owning,
  'POST /v1/seller/orders/:code/received': {
    access: owning,
    of: order,
    ids: { own: 409, other: 404, missing: 404 },
    body: { amountVnd: 1_000 },
    headers: fresh,
  },
  'POST /v1/seller/direct-refunds/:refundId/sent': {
    access: owning,
    ids: { missing: 404 },
    body: { bankReference: 'FT26327123456' },
    headers: fresh,
  },
};
