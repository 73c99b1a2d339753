import type { Expected } from './expected.ts';

export const fees: Expected = {
  'GET /v1/fees': 'public',
  'GET /bieu-phi': 'public',
  'POST /v1/staff/fees': {
    access: 'staff:finance',
    // Too soon: each who may publish is told so, and nothing is.
    body: { rateBps: 400, validFrom: '2026-01-01T00:00:00Z', note: 'Thử' },
    status: 422,
  },
  'GET /quan-tri/bieu-phi': 'staff:finance',
  'POST /quan-tri/bieu-phi': { access: 'staff:finance', status: 422 },
  'GET /v1/staff/tax-files': 'staff:finance',
  'POST /v1/staff/tax-files/:month': {
    access: 'staff:finance',
    of: () => ({ month: '2020-01' }),
    missing: { month: '2999-01' },
    ids: { own: 201, missing: 409 },
  },
  'GET /v1/staff/tax-files/:month': {
    access: 'staff:finance',
    of: async ({ node }) => {
      await node.services.tax.freeze({ actor: 'test', address: '' }, '2020-02');
      return { month: '2020-02' };
    },
    missing: { month: '2019-01' },
    ids: { own: 200, missing: 404 },
  },
  'GET /quan-tri/thue': 'staff:finance',
  'POST /quan-tri/thue': { access: 'staff:finance', body: { month: '2020-03' }, status: 303 },
};
