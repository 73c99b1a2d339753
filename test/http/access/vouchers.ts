import { bps, vnd } from '#core/money.ts';
import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const terms = {
  ...{ name: 'Thử', kind: 'fixed' as const, rateBps: null, amountVnd: vnd(5_000), capVnd: null, minimumVnd: vnd(0) },
  ...{ scope: 'all' as const, goods: [], firstOrder: false, stackable: false, isPublic: false, agreement: '' },
  ...{ budgetVnd: null, maxUses: null, maxUsesPerCustomer: null, code: null },
};
const timeOf = ({ node }: Stage) => {
  const validFrom = node.clock.now();
  return { validFrom, validUntil: new Date(validFrom.getTime() + 86_400_000) };
};
/** Ended at once, so that it changes no price of another test. */
const given = (whose: 'business' | 'exchange') => async (stage: Stage, side: Side) => {
  const { vouchers } = stage.node.services;
  const businessId = whose === 'business' ? stage.businesses[side].businessId : null;
  const giver = { actor: 'test', address: '', ...(businessId && { businessIds: [businessId] }) };
  const exchangeBps = bps(businessId ? 0 : 10_000);
  const voucherId = await vouchers.give(giver, { ...terms, ...timeOf(stage), businessId, exchangeBps });
  await vouchers.end(giver, voucherId);
  return { voucherId };
};
const body = {
  name: 'Thử',
  kind: 'fixed',
  amountVnd: 5_000,
  validFrom: '2031-01-01T00:00:00Z',
  validUntil: '2031-02-01T00:00:00Z',
};
const end: Pick<Row, 'body'> = { body: ({ voucherId }: { voucherId: string }) => ({ do: 'end', voucherId }) };

export const vouchers: Expected = {
  'GET /v1/vouchers': 'public',
  'GET /uu-dai': 'public',
  'GET /v1/seller/vouchers': 'seller:owner,manager',
  'POST /v1/seller/vouchers': {
    access: 'seller:owner,manager',
    of: ({ businesses }, side) => ({ businessId: businesses[side].businessId }),
    ids: { own: 201, other: 404, missing: 404 },
    changes: true,
    body: ({ businessId }: { businessId: string }) => ({ ...body, businessId }),
  },
  'POST /v1/seller/vouchers/:voucherId/end': {
    access: 'seller:owner,manager',
    of: given('business'),
    ids: { own: 204, other: 404, missing: 404 },
  },
  'GET /v1/staff/vouchers': 'staff:finance',
  'POST /v1/staff/vouchers': { access: 'staff:finance', body, status: 201 },
  'POST /v1/staff/vouchers/:voucherId/end': {
    access: 'staff:finance',
    of: given('exchange'),
    ids: { own: 204, missing: 404 },
  },
  'GET /ban-hang/uu-dai': 'seller:owner,manager',
  'POST /ban-hang/uu-dai': {
    access: 'seller:owner,manager',
    of: given('business'),
    ids: { own: 303, other: 404, missing: 404 },
    ...end,
  },
  'GET /quan-tri/uu-dai': 'staff:finance',
  'POST /quan-tri/uu-dai': { access: 'staff:finance', of: given('exchange'), ids: { own: 303, missing: 404 }, ...end },
};
