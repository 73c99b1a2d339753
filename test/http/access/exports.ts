import type { Expected } from './expected.ts';

const sellers = 'seller:owner,manager' as const;

export const exports: Expected = {
  'GET /ban-hang/xuat-du-lieu': sellers,
  // The owner of two businesses has to say which.
  'GET /ban-hang/xuat-du-lieu/tep': { access: sellers, status: { all: 200, ownerB: 422 } },
  'GET /v1/seller/export': { access: sellers, status: { all: 200, ownerB: 422 } },
};
