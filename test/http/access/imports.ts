import { randomUUID } from 'node:crypto';
import type { Expected, Row } from './expected.ts';

const sellers = 'seller:owner,manager,assistant' as const;
const one: Row = {
  access: sellers,
  of: async ({ node, businesses }, side) => {
    const { businessId } = businesses[side];
    const bytes = Buffer.from(`sku,name\n${randomUUID()},x\n`);
    const importer = { actor: 'test', businessIds: [businessId] };
    return { importId: await node.services.imports.start(importer, businessId, { bytes, name: 'x.csv' }) };
  },
  ids: { own: 200, other: 404, missing: 404 },
};

export const imports: Expected = {
  'GET /ban-hang/nhap-hang': sellers,
  'POST /ban-hang/nhap-hang': { access: sellers, status: 422 },
  'GET /ban-hang/nhap-hang/mau.csv': sellers,
  'GET /ban-hang/nhap-hang/:importId': one,
  'POST /ban-hang/nhap-hang/:importId': {
    ...one,
    ids: { own: 303, other: 404, missing: 404 },
    body: { do: 'cancel' },
    changes: true,
  },
  'GET /ban-hang/nhap-hang/:importId/ket-qua': one,
  'GET /v1/seller/imports': sellers,
  'POST /v1/seller/imports': { access: sellers, status: 415 },
  'GET /v1/seller/imports/:importId': one,
  'DELETE /v1/seller/imports/:importId': { ...one, ids: { own: 204, other: 404, missing: 404 }, changes: true },
  'POST /v1/seller/imports/:importId/confirmation': {
    ...one,
    ids: { own: 409, other: 404, missing: 404 },
    body: { version: 0, mode: 'all' },
  },
  'PUT /v1/seller/imports/:importId/mapping': {
    ...one,
    ids: { own: 409, other: 404, missing: 404 },
    body: { version: 0, mapping: { sku: 0, nameVi: 1 } },
  },
  'GET /v1/seller/imports/:importId/result': one,
  'GET /v1/seller/imports/:importId/rows': one,
};
