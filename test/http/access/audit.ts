import type { Expected } from './expected.ts';

export const audit: Expected = {
  'GET /quan-tri/nhat-ky': 'staff:auditor',
  'GET /quan-tri/nhat-ky/tai-ve': { access: 'staff:auditor', query: '?format=json', status: 200 },
  'GET /v1/staff/audit': 'staff:auditor',
  'GET /v1/staff/audit/export': { access: 'staff:auditor', query: '?format=csv', status: 200 },
};
