import { randomUUID } from 'node:crypto';
import { transact } from '#db/client.ts';
import type { Expected, Row } from './expected.ts';

const item: Row = {
  access: 'staff',
  of: async ({ node, businesses }, side) => ({
    itemId: await transact(node.db, 'test', (tx) =>
      node.services.queues.put(tx, {
        queue: 'businesses',
        subject: { kind: 'business', id: randomUUID() },
        businessId: businesses[side].businessId,
        title: 'Chờ duyệt',
        path: '/quan-tri',
      }),
    ),
  }),
  ids: { own: { all: 403, moderator: 200, admin: 200 }, missing: 404 },
  changes: true,
};

const queue: Row = {
  access: 'staff',
  of: () => ({ queue: 'businesses' }),
  ids: { own: { all: 403, moderator: 200, admin: 200 }, missing: 404 },
};

export const queues: Expected = {
  'GET /quan-tri': 'staff',
  'GET /quan-tri/hang-doi/:queue': queue,
  'POST /quan-tri/hang-doi/:queue': {
    ...queue,
    ids: { own: { all: 403, moderator: 303, admin: 303 }, missing: 404 },
    body: { do: 'save', name: 'Trễ', pace: 'late' },
  },
  'GET /v1/staff/queues': 'staff',
  'GET /v1/staff/queues/:queue': queue,
  'POST /v1/staff/review-items/:itemId/claim': item,
  'POST /v1/staff/review-items/:itemId/release': {
    ...item,
    ids: { own: { all: 403, moderator: 204, admin: 204 }, missing: 404 },
  },
};
