import type { Expected } from './expected.ts';

export const places: Expected = {
  'GET /v1/places/provinces': 'public',
  'GET /v1/places/provinces/:code/wards': 'public',
};
