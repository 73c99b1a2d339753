import { fresh } from '#test/support/people.ts';
import type { Expected, Row } from './expected.ts';

const group: Row = {
  access: 'public',
  of: async (stage) => ({ code: await stage.group() }),
  ids: { own: 200, missing: 404 },
};
/** A group that is being paid by transfer. */
const transfer: Row = {
  ...group,
  of: async (stage) => {
    const code = await stage.group();
    await stage.node.guest.pay(code, 'vietqr');
    return { code };
  },
};
const payment: Row = {
  access: 'public',
  of: async (stage) => {
    const { paymentId } = await stage.node.guest.pay(await stage.group(), 'vietqr');
    return { paymentId };
  },
  ids: { own: 200, missing: 404 },
};
const session = (method: 'stripe' | 'vnpay'): Row => ({
  access: 'public',
  of: async (stage) => {
    const { redirectUrl = '' } = await stage.node.guest.pay(await stage.group(), method);
    return { session: new URL(redirectUrl).pathname.split('/').at(-1) ?? '' };
  },
  ids: { own: 200, missing: 404 },
});
const played: Partial<Row> = { ids: { own: 303, missing: 303 }, body: { do: 'pay' }, changes: true };

export const payments: Expected = {
  'GET /minh-hoa/ngan-hang/:code': transfer,
  'POST /minh-hoa/ngan-hang/:code': { ...transfer, ids: { own: 400, missing: 404 } },
  'GET /minh-hoa/the/:session': session('stripe'),
  'POST /minh-hoa/the/:session': { ...session('stripe'), ...played },
  'GET /minh-hoa/vnpay/:session': session('vnpay'),
  'POST /minh-hoa/vnpay/:session': { ...session('vnpay'), ...played },
  'GET /thanh-toan/:code': group,
  'POST /thanh-toan/:code': { ...group, ids: { own: 400, missing: 404 } },
  'GET /thanh-toan/:code/qr.png': transfer,
  'POST /v1/order-groups/:code/payments': {
    ...group,
    ids: { own: 201, missing: 404 },
    changes: true,
    body: { method: 'vietqr' },
    headers: fresh,
  },
  'GET /v1/payments/:paymentId': payment,
  'GET /v1/payments/:paymentId/events': { ...payment, ids: { missing: 404 } },
  'GET /quan-tri/tien-cho': 'staff',
  'GET /v1/staff/refunds': 'staff',
  'GET /v1/staff/unmatched-transfers': 'staff',
  'POST /v1/webhooks/bank/sepay': { access: 'webhook', status: 401 },
  // Without a key these are closed.
  'POST /v1/webhooks/bank/payos': { access: 'webhook', status: 404 },
  'POST /v1/webhooks/bank/casso': { access: 'webhook', status: 404 },
  'POST /v1/webhooks/stripe': { access: 'webhook', status: 401 },
  // VNPAY reads its own codes and no statuses.
  'GET /v1/webhooks/vnpay': 'webhook',
};
