import { productIn } from './editor.ts';
import type { Expected, Row } from './expected.ts';

const own: Pick<Row, 'of'> = { of: async ({ businesses }, side) => ({ businessId: businesses[side].businessId }) };
const dated = { from: '2031-01-01', note: '' };
const rate = {
  ...{ scheme: 'zone', zone: 'far', feeVnd: 30_000, baseGrams: null, stepGrams: null, stepVnd: null },
  ...{ volumetricDivisor: null, valueFromVnd: null, valueBps: null, ...dated },
};
const point = { name: 'Thử', line: '1 Hai Bà Trưng', wardCode: '31507', hours: '8–20' };

export const shipping: Expected = {
  'GET /ban-hang/giao-hang': 'seller:owner,manager',
  'POST /ban-hang/giao-hang': {
    access: 'seller:owner,manager',
    ...own,
    ids: { own: 303, other: 404, missing: 404 },
    body: ({ businessId }: { businessId: string }) => ({ businessId, do: 'terms' }),
    changes: true,
  },
  'GET /v1/seller/delivery': 'seller:owner,manager',
  'PUT /v1/seller/delivery/:businessId': {
    access: 'seller:owner,manager',
    ...own,
    ids: { own: 204, other: 404, missing: 404 },
    body: { freeOverVnd: null },
    changes: true,
  },
  'PUT /v1/seller/products/:productId/transit-limit': {
    access: 'seller:owner,manager',
    of: productIn('listed'),
    ids: { own: 204, other: 404, missing: 404 },
    body: { maxHours: null },
    changes: true,
  },
  'GET /quan-tri/phi-giao': 'staff',
  'POST /quan-tri/phi-giao': { access: 'staff:finance', body: { do: 'rate' }, status: 422 },
  'GET /v1/staff/shipping': 'staff',
  'POST /v1/staff/shipping/rates': { access: 'staff:finance', body: rate, status: 204 },
  'POST /v1/staff/shipping/zones': {
    access: 'staff:finance',
    body: { provinceCode: '01', wardCode: null, zone: 'far', ...dated },
    status: 204,
  },
  'POST /v1/staff/shipping/times': {
    access: 'staff:finance',
    body: { zone: 'far', minHours: 48, maxHours: 96, cutOffHour: 15, ...dated },
    status: 204,
  },
  'POST /v1/staff/shipping/limits': {
    access: 'staff:finance',
    body: { storage: 'ambient', maxHours: null, ...dated },
    status: 204,
  },
  'POST /v1/staff/shipping/points': { access: 'staff:finance', body: point, status: 201 },
  'DELETE /v1/staff/shipping/points/:pickupPointId': {
    access: 'staff:finance',
    of: async ({ node }) => ({
      pickupPointId: await node.services.shipping.addPoint({ actor: 'test', address: '' }, point),
    }),
    ids: { own: 204, missing: 404 },
    changes: true,
  },
};
