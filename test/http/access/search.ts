import type { Expected } from './expected.ts';

export const search: Expected = {
  'GET /tim-kiem': 'public',
  'GET /v1/search': 'public',
  'GET /v1/search/suggestions': 'public',
};
