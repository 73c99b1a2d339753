import type { Expected } from './expected.ts';

export const businesses: Expected = {
  'GET /co-so': 'public',
  'GET /co-so/:slug': 'public',
  'GET /v1/businesses': 'public',
  'GET /v1/businesses/:businessId': 'public',
};
