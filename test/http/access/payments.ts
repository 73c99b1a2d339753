import type { Expected } from './expected.ts';

export const payments: Expected = {
  'GET /minh-hoa/ngan-hang/:code': 'public',
  'POST /minh-hoa/ngan-hang/:code': 'public',
  'GET /minh-hoa/the/:session': 'public',
  'POST /minh-hoa/the/:session': 'public',
  'GET /thanh-toan/:code': 'public',
  'POST /thanh-toan/:code': 'public',
  'GET /thanh-toan/:code/qr.png': 'public',
  'POST /v1/order-groups/:code/payments': 'public',
  'GET /v1/payments/:paymentId': 'public',
  'GET /v1/payments/:paymentId/events': 'public',
  'GET /v1/staff/refunds': 'staff',
  'GET /v1/staff/unmatched-transfers': 'staff',
  'POST /v1/webhooks/bank/sepay': 'webhook',
  'POST /v1/webhooks/stripe': 'webhook',
};
