import type { Expected } from './expected.ts';

export const certificates: Expected = {
  'GET /chung-nhan': 'public',
  'GET /chung-nhan/:code': 'public',
  'GET /v1/certificates/:code': 'public',
};
