import type { Expected } from './expected.ts';

export const today: Expected = {
  'GET /v1/seller/today': 'seller',
  'GET /ban-hang.sw.js': 'operations',
  'GET /ban-hang/ngoai-tuyen': 'public',
  'GET /ban-hang': 'seller',
  'POST /ban-hang': {
    access: 'seller',
    of: async (stage, side) => ({ code: await stage.paidOrder(side) }),
    ids: { own: 303, other: 404, missing: 404 },
    changes: true,
    body: ({ code }: { code: string }) => ({ code }),
  },
};
