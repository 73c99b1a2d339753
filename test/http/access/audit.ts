import type { Expected } from './expected.ts';

export const audit: Expected = {
  'GET /v1/staff/audit': 'staff:auditor',
  'GET /v1/staff/audit/export': { access: 'staff:auditor', query: '?format=csv', status: 200 },
};
