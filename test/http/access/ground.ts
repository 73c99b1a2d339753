import type { Expected } from './expected.ts';

export const ground: Expected = {
  'GET /assets/:file': 'operations',
  'GET /docs/': 'operations',
  'GET /docs/js/scalar.js': 'operations',
  'GET /favicon.ico': 'operations',
  'GET /illustrations/:file': 'operations',
  'GET /livez': 'operations',
  'GET /openapi.json': 'operations',
  'GET /problems': 'operations',
  'GET /problems/:code': 'operations',
  'GET /readyz': 'operations',
};
