import type { Expected } from './expected.ts';

export const search: Expected = {
  'GET /tim-kiem': 'public',
  'GET /v1/search': { access: 'public', query: '?q=banh+pia', status: 200 },
  'GET /v1/search/suggestions': { access: 'public', query: '?q=banh', status: 200 },
};
