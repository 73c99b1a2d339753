import type { Expected } from './expected.ts';

export const places: Expected = {
  'GET /v1/places/provinces': 'public',
  'GET /v1/places/provinces/:code/wards': {
    access: 'public',
    of: () => ({ code: '92' }),
    missing: { code: '00' },
    ids: { own: 200, missing: 404 },
  },
  'GET /v1/places/wards': { access: 'public', query: '?q=vinh+tan', status: 200 },
};
