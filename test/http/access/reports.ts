import { fresh } from '#test/support/people.ts';
import type { Expected } from './expected.ts';
import type { Stage } from './stage.ts';

const freezing = 'staff:finance';
const reading = 'staff:finance,auditor';

/** The report of a quarter before anybody bought anything, frozen once. */
const frozen = async (stage: Stage) => {
  const { reports } = stage.node.services;
  // Several callers come at once, and the period has one report.
  await reports.freeze({ actor: 'test', address: '' }, { period: '2025-Q1' }).catch(() => undefined);
  const [known] = await reports.list(1);
  return { number: known?.number ?? '' };
};
const missing = { number: 'BC-2020-0001' };

export const reports: Expected = {
  'GET /bao-cao': 'public',
  'GET /bao-cao/:number': { access: 'public', of: frozen, missing, ids: { own: 200, missing: 404 } },
  'GET /quan-tri/bao-cao': reading,
  'GET /quan-tri/bao-cao/:number': { access: reading, of: frozen, missing, ids: { own: 200, missing: 404 } },
  'GET /quan-tri/bao-cao/ky/:period': {
    access: reading,
    of: () => ({ period: '2025-Q2' }),
    ids: { own: 200, missing: 422 },
  },
  // Nobody said to have looked at the figures.
  'POST /quan-tri/bao-cao/ky/:period': {
    access: freezing,
    of: () => ({ period: '2025-Q2' }),
    ids: { own: 422, missing: 422 },
  },
  'GET /quan-tri/tong-quan': 'staff',
  'GET /v1/reports/:number': { access: 'public', of: frozen, missing, ids: { own: 200, missing: 404 } },
  'GET /v1/staff/reports': reading,
  'GET /v1/staff/reports/:number': { access: reading, of: frozen, missing, ids: { own: 200, missing: 404 } },
  'GET /v1/staff/reports/:number/file': { access: reading, of: frozen, missing, ids: { own: 200, missing: 404 } },
  'GET /v1/staff/reports/draft': { access: reading, query: '?period=2025-Q2' },
  'POST /v1/staff/reports': {
    access: freezing,
    status: 409,
    headers: fresh,
    body: { period: '2025-Q1', replaces: 'BC-2020-0001' },
  },
};
