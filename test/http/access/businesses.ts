import { newId } from '#core/ids.ts';
import { transact } from '#db/client.ts';
import type { Expected, Row, Rule } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const describing: Rule = 'seller:owner,manager,assistant';
const business = ({ businesses: of }: Stage, side: Side) => ({ businessId: of[side].businessId });

/** Of a seller: another's business is no business. */
const ofSeller = (access: Rule, own: number, more: Partial<Row> = {}): Row => ({
  access,
  of: business,
  ids: { own, other: 404, missing: 404 },
  ...more,
});
const ofStaff = (access: Rule, own: number, body?: unknown): Row => ({
  access,
  of: business,
  ids: { own, missing: 404 },
  ...(body === undefined ? {} : { body }),
});
const nothing = (access: Rule, status: number, body?: unknown): Row => ({
  access,
  ids: { missing: status },
  ...(body === undefined ? {} : { body }),
});

const who = { name: 'Hộ thử', type: 'household', representative: 'Trần Thị Thử', taxCode: '', phone: '0912345678' };
const where = { provinceCode: '92', wardCode: '31804', addressLine: 'Ấp 1' };
const account = { bankBin: '970436', number: '0123456789', holderName: 'TRAN THI THU' };

const invitation = async (stage: Stage, side: Side) => {
  const { businessId } = stage.businesses[side];
  const { businesses } = stage.node.services;
  const invitationId = await businesses.invite({ actor: 'test' }, businessId, 'packer', 'moi@thu.example');
  return { businessId, invitationId };
};
const member = async (stage: Stage, side: Side) => {
  const { businessId } = stage.businesses[side];
  const accountId = newId<'Account'>();
  await transact(stage.node.db, 'test', (tx) =>
    stage.node.services.businesses.addMember(tx, businessId, accountId, 'packer'),
  );
  return { businessId, accountId };
};

export const businesses: Expected = {
  'GET /co-so': 'public',
  'GET /co-so/:slug': {
    access: 'public',
    of: ({ businesses: of }, side) => ({ slug: of[side].slug }),
    ids: { own: 200, missing: 404 },
  },
  'GET /ban-do': 'public',
  'GET /xa-phuong/:code': { access: 'public', of: () => ({ code: '31795' }), ids: { own: 200, missing: 404 } },
  'GET /v1/businesses': 'public',
  'GET /v1/businesses/:businessId': { access: 'public', of: business, ids: { own: 200, missing: 404 } },
  'POST /v1/invitations/:token/accept': nothing('shopper', 410),
  'GET /v1/seller/business': describing,
  'POST /v1/seller/business': { access: 'shopper', status: 400 },
  'GET /v1/seller/business/:businessId': ofSeller(describing, 200),
  'GET /v1/seller/business/:businessId/bank-account': ofSeller('seller:owner', 200),
  'PUT /v1/seller/business/:businessId/bank-account': ofSeller('seller:owner', 204, { body: account }),
  'PUT /v1/seller/business/:businessId/holiday': ofSeller(describing, 204, { body: { from: null, to: null } }),
  'POST /v1/seller/business/:businessId/invitations': ofSeller('seller:owner', 201, {
    body: { role: 'packer', to: 'moi@thu.example' },
  }),
  'DELETE /v1/seller/business/:businessId/invitations/:invitationId': ofSeller('seller:owner', 204, {
    of: invitation,
    changes: true,
  }),
  'GET /v1/seller/business/:businessId/members': ofSeller('seller:owner,manager', 200),
  'DELETE /v1/seller/business/:businessId/members/:accountId': ofSeller('seller:owner', 204, {
    of: member,
    changes: true,
  }),
  'PUT /v1/seller/business/:businessId/members/:accountId': ofSeller('seller:owner', 204, {
    of: member,
    body: { role: 'packer' },
  }),
  'POST /v1/seller/business/:businessId/papers': {
    access: describing,
    of: business,
    // What is no form with a file in it is refused before anything is looked for.
    ids: { own: 415, other: 415, missing: 415 },
  },
  'POST /v1/seller/business/:businessId/submit': ofSeller(describing, 409),
  'PUT /v1/seller/business/:businessId/where': ofSeller(describing, 409, { body: where }),
  'PUT /v1/seller/business/:businessId/who': ofSeller(describing, 409, { body: who }),
  'GET /v1/staff/businesses': 'staff',
  'GET /v1/staff/businesses/:businessId': ofStaff('staff:moderator', 200),
  'POST /v1/staff/businesses/:businessId/measures': ofStaff('staff:moderator', 422, {
    kind: 'suspension',
    ground: 'authority',
    reason: 'x',
  }),
  // An organisation has no number of a person.
  'POST /v1/staff/businesses/:businessId/personal-number': ofStaff('staff:moderator', 404, { reason: 'x' }),
  'POST /v1/staff/businesses/:businessId/review': ofStaff('staff:moderator', 409, {
    verdict: 'rejected',
    reason: 'x',
  }),
  'PUT /v1/staff/businesses/:businessId/withholding': ofStaff('staff:moderator,finance', 204, {
    mode: 'none',
    validFrom: '2027-01-01',
    reason: 'x',
  }),
  'POST /v1/staff/measures/:measureId/lift': nothing('staff:moderator', 404, { reason: 'x' }),
  'POST /v1/staff/papers/:paperId/verdict': nothing('staff:moderator', 404, { verdict: 'accepted' }),
  'GET /ban-hang/dang-ky': 'shopper',
  'POST /ban-hang/dang-ky': { access: 'shopper', status: 422 },
  'GET /ban-hang/dang-ky/:businessId': ofSeller(describing, 303),
  'GET /ban-hang/dang-ky/:businessId/ai': ofSeller(describing, 200),
  'POST /ban-hang/dang-ky/:businessId/ai': ofSeller(describing, 409, { body: who }),
  'GET /ban-hang/dang-ky/:businessId/o-dau': ofSeller(describing, 200),
  'POST /ban-hang/dang-ky/:businessId/o-dau': ofSeller(describing, 409, { body: where }),
  'GET /ban-hang/dang-ky/:businessId/giay-to': ofSeller(describing, 200),
  'POST /ban-hang/dang-ky/:businessId/giay-to': ofSeller(describing, 303),
  'GET /ban-hang/dang-ky/:businessId/tai-khoan': ofSeller('seller:owner', 200),
  'POST /ban-hang/dang-ky/:businessId/tai-khoan': ofSeller('seller:owner', 303, { body: account }),
  'GET /ban-hang/dang-ky/:businessId/san-pham': ofSeller(describing, 200),
  'POST /ban-hang/dang-ky/:businessId/san-pham': ofSeller(describing, 422),
  'GET /ban-hang/dang-ky/:businessId/xem-lai': ofSeller(describing, 200),
  'POST /ban-hang/dang-ky/:businessId/xem-lai': ofSeller(describing, 409, { body: { do: 'submit' } }),
  'GET /ban-hang/co-so': describing,
  'POST /ban-hang/co-so': ofSeller(describing, 303, {
    body: ({ businessId }: { businessId: string }) => ({ businessId, do: 'open' }),
  }),
  'GET /ban-hang/thanh-vien': 'seller:owner,manager',
  'POST /ban-hang/thanh-vien': ofSeller('seller:owner', 303, {
    body: ({ businessId }: { businessId: string }) => ({
      businessId,
      do: 'invite',
      [`to-${businessId}`]: 'moi@thu.example',
    }),
  }),
  'GET /moi/:token': { access: 'public', ids: { missing: 410 } },
  'POST /moi/:token': nothing('shopper', 410),
  'GET /quan-tri/co-so': 'staff:moderator',
  'GET /quan-tri/co-so/:businessId': ofStaff('staff:moderator', 200),
  'POST /quan-tri/co-so/:businessId': ofStaff('staff:moderator', 409, { do: 'rejected', reason: 'x' }),
};
