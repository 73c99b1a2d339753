import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const business = ({ businesses: of }: Stage, side: Side) => ({ businessId: of[side].businessId });
const read: Row = { access: 'seller:owner,manager', of: business, ids: { own: 200, other: 404, missing: 404 } };
const nowhere = '01900000-0000-7000-8000-00000000dead';

export const assistance: Expected = {
  'GET /v1/assist/consents': 'shopper',
  'POST /v1/assist/consents': { access: 'shopper', status: 400 },
  'POST /v1/assist/consents/:consentId/confirm': { access: 'shopper', ids: { missing: 404 }, body: { code: '000000' } },
  'GET /v1/seller/business/:businessId/assisted-acts': read,
  'GET /v1/seller/business/:businessId/consents': read,
  'DELETE /v1/seller/business/:businessId/consents/:consentId': {
    access: 'seller:owner,manager',
    of: (stage, side) => ({ ...business(stage, side), consentId: nowhere }),
    ids: { own: 404, other: 404, missing: 404 },
  },
  'GET /v1/staff/assist-teams': 'staff:moderator',
  'POST /v1/staff/assist-teams': { access: 'staff:moderator', status: 400 },
  'POST /v1/staff/assist-teams/:teamId/members': {
    access: 'staff:moderator',
    ids: { missing: 404 },
    body: { login: 'ai@thu.example' },
  },
  'DELETE /v1/staff/assist-teams/:teamId/members/:accountId': { access: 'staff:moderator', ids: { missing: 404 } },
  'DELETE /v1/staff/consents/:consentId': { access: 'staff:moderator', ids: { missing: 404 } },
  'GET /ho-tro': 'shopper',
  // Nobody here is in a team, consent or not.
  'POST /ho-tro': { access: 'shopper', status: 403 },
  'GET /uy-quyen/:token': { access: 'public', ids: { missing: 404 } },
  'POST /uy-quyen/:token': { access: 'public', ids: { missing: 404 } },
  'GET /quan-tri/to-ho-tro': 'staff:moderator',
  'POST /quan-tri/to-ho-tro': { access: 'staff:moderator', status: 303 },
};
