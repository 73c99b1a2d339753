import type { Expected } from './expected.ts';

export const businesses: Expected = {
  'GET /co-so': 'public',
  'GET /co-so/:slug': {
    access: 'public',
    of: ({ businesses: of }, side) => ({ slug: of[side].slug }),
    ids: { own: 200, missing: 404 },
  },
  'GET /v1/businesses': 'public',
  'GET /v1/businesses/:businessId': {
    access: 'public',
    of: ({ businesses: of }, side) => ({ businessId: of[side].businessId }),
    ids: { own: 200, missing: 404 },
  },
};
