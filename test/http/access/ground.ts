import type { Expected, Row } from './expected.ts';

/** Files by names that hold their hash; the pages link to them. */
const file: Row = { access: 'operations', of: () => ({ file: 'banh-tet.svg' }), ids: { own: 200, missing: 404 } };

export const ground: Expected = {
  'GET /assets/:file': { ...file, ids: { own: 404, missing: 404 } },
  'GET /docs/': 'operations',
  'GET /docs/js/scalar.js': 'operations',
  'GET /favicon.ico': { access: 'operations', status: 302 },
  'GET /illustrations/:file': file,
  'GET /livez': 'operations',
  'GET /openapi.json': 'operations',
  'GET /problems': 'operations',
  'GET /problems/:code': { access: 'operations', of: () => ({ code: 'stock-short' }), ids: { own: 200, missing: 404 } },
  'GET /readyz': 'operations',
};
