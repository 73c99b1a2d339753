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
const session: Row = {
  access: 'public',
  of: async (stage) => {
    const { redirectUrl = '' } = await stage.node.guest.pay(await stage.group(), 'stripe');
    return { session: new URL(redirectUrl).pathname.split('/').at(-1) ?? '' };
  },
  ids: { own: 200, missing: 404 },
};

export const payments: Expected = {
  'GET /minh-hoa/ngan-hang/:code': transfer,
  'POST /minh-hoa/ngan-hang/:code': { ...transfer, ids: { own: 400, missing: 404 } },
  'GET /minh-hoa/the/:session': session,
  'POST /minh-hoa/the/:session': { ...session, ids: { own: 303, missing: 303 }, body: { do: 'pay' }, changes: true },
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
  'POST /v1/webhooks/stripe': { access: 'webhook', status: 401 },
};
