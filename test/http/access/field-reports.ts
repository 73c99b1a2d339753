import type { Expected, Row, Values } from './expected.ts';
import type { Side, Stage, Who } from './stage.ts';

const nothing = '01900000-0000-7000-8000-00000000dead';
const words = { kind: 'other', text: 'Thử', phone: '0912345678' };
let turn = 0;

/** A report of a product of that side's business, each from another place. */
async function told(stage: Stage, side: Side): Promise<Values> {
  turn += 1;
  const reporter = { actor: 'guest', address: `10.0.0.${turn}`, accountId: undefined, phone: words.phone };
  const of = { product: stage.goods[side].product.slug };
  const { code } = await stage.node.services.fieldReports.report(reporter, { of, kind: 'other', text: 'Thử' });
  return { code };
}
/** Taken from its queue by whoever is to decide. */
async function take(stage: Stage, { code = '' }: Values, who: Who): Promise<void> {
  const { fieldReports } = stage.node.services;
  const claim = await fieldReports.findClaim(await fieldReports.getWhole(code));
  await stage.clients[who].expect(200, 'POST', `/v1/staff/review-items/${claim?.itemId}/claim`);
}
const verdict = (own: number, body: unknown): Row => ({
  access: 'staff:moderator',
  of: told,
  ids: { own, missing: 404 },
  changes: true,
  first: take,
  body,
});
const read = (access: Row['access']): Row => ({ access, of: told, ids: { own: 200, missing: 404 } });

export const fieldReports: Expected = {
  'GET /phan-anh': 'public',
  // The form comes back: no matter was chosen.
  'POST /phan-anh': { access: 'public', status: 422 },
  'GET /phan-anh/:code': read('public'),
  'GET /ban-hang/phan-anh': 'seller',
  'GET /quan-tri/phan-anh': 'staff:moderator',
  'GET /quan-tri/phan-anh/:code': read('staff:moderator'),
  'POST /quan-tri/phan-anh/:code': verdict(303, { do: 'no-finding', reason: 'Thử' }),
  // Of nothing that there is; a report that is taken counts against the hour of its place.
  'POST /v1/field-reports': { access: 'public', status: 404, body: { ...words, product: nothing } },
  'GET /v1/field-reports/:code': read('public'),
  'POST /v1/field-reports/:code/photos': { access: 'public', of: told, ids: { own: 415, missing: 415 } },
  'GET /v1/seller/field-reports': 'seller',
  'GET /v1/staff/field-reports': 'staff:moderator',
  'GET /v1/staff/field-reports/:code': read('staff:moderator'),
  'POST /v1/staff/field-reports/:code/verdict': verdict(204, { outcome: 'no-finding', reason: 'Thử' }),
};
