import type { Expected } from './expected.ts';

export const federation: Expected = {
  'GET /.well-known/ocop-federation.json': 'public',
  'GET /federation/v1/changes': 'partner',
  'GET /federation/v1/health': 'public',
  'GET /federation/v1/records/:uri': 'partner',
  'POST /federation/v1/records::batch': 'partner',
  'GET /federation/v1/snapshot': 'partner',
};
