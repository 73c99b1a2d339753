import type { Expected } from './expected.ts';

export const queues: Expected = {
  'GET /v1/staff/queues': 'staff',
  'GET /v1/staff/queues/:queue': 'staff',
  'POST /v1/staff/review-items/:itemId/claim': 'staff',
  'POST /v1/staff/review-items/:itemId/release': 'staff',
};
