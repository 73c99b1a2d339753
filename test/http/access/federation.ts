import { sql } from 'drizzle-orm';
import type { ProductId } from '#features/products/types.ts';
import type { Expected } from './expected.ts';

export const federation: Expected = {
  'GET /.well-known/ocop-federation.json': 'public',
  'GET /federation/v1/audit': { access: 'partner', query: '?lane=catalogue', status: 200 },
  'GET /federation/v1/audit/:bucket': {
    access: 'partner',
    of: () => ({ bucket: '0' }),
    missing: { bucket: '256' },
    query: '?lane=catalogue',
    ids: { own: 200, missing: 400 },
  },
  'GET /feeds/dfc.jsonld': 'public',
  'GET /feeds/google-merchant.xml': 'public',
  'GET /feeds/json-ld-sitemap.xml': 'public',
  'GET /feeds/products.csv': 'public',
  'GET /federation/v1/changes': { access: 'partner', query: '?lane=catalogue', status: 200 },
  'GET /federation/v1/health': 'public',
  'GET /go/:origin/:kind/:id': {
    access: 'public',
    of: () => ({ origin: 'khong.example', kind: 'listing', id: '1' }),
    missing: { origin: 'khong.example', kind: 'listing', id: '2' },
    ids: { own: 404, missing: 404 },
  },
  'GET /quan-tri/tiep-thi-lien-ket': 'staff:finance,auditor',
  'GET /v1/staff/referrals': 'staff:finance,auditor',
  'POST /federation/v1/referrals/:jti/conversion': {
    access: 'partner',
    headers: {},
    of: () => ({ jti: 'khong-co-luot-nao-nhu-the' }),
    missing: { jti: 'cung-khong-co-luot-nay' },
    body: {
      uri: 'ocop://soctrang.example/listing/1',
      at: '2026-11-23T07:00:00Z',
      goods: { amount: 1, currency: 'VND', taxIncluded: true },
    },
    ids: { own: 404, missing: 404 },
  },
  'GET /quan-tri/thu-hoi': 'staff:moderator,certifier,auditor',
  'GET /v1/staff/recalls': 'staff:moderator,certifier,auditor',
  'POST /federation/v1/nudge': { access: 'partner', headers: {}, body: { lanes: ['offer'] }, status: 200 },
  'POST /federation/v1/inbox': { access: 'partner', headers: {}, body: { records: [{ kind: 'none' }] }, status: 200 },
  'GET /federation/v1/records/:uri': {
    access: 'partner',
    of: async ({ node, goods }) => {
      await node.services.federation.exportProducts([goods.A.product.productId as ProductId]);
      const { rows } = await node.db.execute<{ uri: string }>(
        sql`select uri from federation_changes where op = 'upsert' limit 1`,
      );
      return { uri: rows[0]?.uri ?? '' };
    },
    missing: { uri: 'ocop://soctrang.example/listing/khong-co' },
    ids: { own: 200, missing: 404 },
  },
  'POST /federation/v1/records::batch': {
    access: 'partner',
    headers: {},
    body: { uris: ['ocop://soctrang.example/listing/1'] },
    status: 200,
  },
  'POST /federation/v1/join': {
    access: 'partner',
    headers: {},
    body: { code: 'AAAA-AAAA-AAAA', challenge: 'c'.repeat(43) },
    status: 403,
  },
  'POST /federation/v1/challenge': { access: 'partner', headers: {}, body: { challenge: 'c'.repeat(43) }, status: 200 },
  'POST /federation/v1/conformance-results': {
    access: 'partner',
    headers: {},
    body: { payload: {}, signature: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'x' }, keyid: 'x', value: 'x' } },
    status: 422,
  },
  'GET /federation/v1/snapshot': { access: 'partner', query: '?lane=catalogue', status: 200 },
};
