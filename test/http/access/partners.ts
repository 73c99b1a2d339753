import { sql } from 'drizzle-orm';
import { letIn } from '#test/support/partners.ts';
import type { Expected } from './expected.ts';
import type { Stage } from './stage.ts';

const key = { key: 'ca-mau' };
const missing = { key: 'khong-co' };
const root = '/quan-tri/san-doi-tac';

/** A partner that is known by its key, and a listing of it. */
async function partnerOf({ node }: Stage) {
  await node.db.execute(sql`insert into federation_quarantine (id, partner_key, lane, source_id, reason, detail, payload, first_seen_at, last_seen_at)
    values (gen_random_uuid(), 'ca-mau', 'catalogue', 'x', 'invalid-record', '', '{"cut', now(), now()) on conflict do nothing`);
  await node.db.execute(
    sql`update partners set adapter = 'native', origin = 'ca-mau.example', keyid = 'k', jwk = '{}'::jsonb where key = 'ca-mau'`,
  );
  await letIn(node.db, 'ca-mau');
  return key;
}
export async function listingOf(stage: Stage) {
  await partnerOf(stage);
  await stage.node.db.execute(sql`insert into federation_mirrors (partner_key, uri, lane, listing_uri, rev, hash, record, received_at)
    values ('ca-mau', 'ocop://ca-mau.example/listing/1', 'catalogue', 'ocop://ca-mau.example/listing/1', 1, 'h',
      '{"kind":"listing","title":{"vi":"Khô"},"categoryCode":"x"}'::jsonb, now()) on conflict do nothing`);
  return { uri: 'ocop://ca-mau.example/listing/1' };
}

export const partners: Expected = {
  [`GET ${root}`]: 'staff',
  [`GET ${root}/:key`]: { access: 'staff', of: partnerOf, missing, ids: { own: 200, missing: 404 } },
  [`POST ${root}/:key`]: {
    access: 'staff:moderator',
    of: partnerOf,
    missing,
    ids: { own: 303, missing: 404 },
    changes: true,
    body: { do: 'suspend', reason: 'Thử' },
  },
  [`GET ${root}/:key/giu-lai`]: { access: 'staff', of: partnerOf, missing, ids: { own: 200, missing: 404 } },
  [`POST ${root}/:key/giu-lai`]: {
    access: 'staff:moderator',
    of: partnerOf,
    missing,
    ids: { own: 303, missing: 404 },
    body: { do: 'replay-all' },
  },
  [`GET ${root}/:key/xem-thu`]: { access: 'staff', of: partnerOf, missing, ids: { own: 200, missing: 404 } },
  'GET /quan-tri/hang-trung': 'staff',
  'POST /quan-tri/hang-trung': {
    access: 'staff:moderator',
    of: ({ goods }: Stage) => ({ one: goods.A.product.productId, other: goods.B.product.productId }),
    missing: { one: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b', other: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2c' },
    ids: { own: 303, missing: 404 },
    body: ({ one, other }: { one: string; other: string }) => ({ one, other, do: 'different' }),
  },
  'GET /quan-tri/vi-sao-hien-thi': 'staff',
  'POST /quan-tri/vi-sao-hien-thi': {
    access: 'staff:moderator',
    of: listingOf,
    missing: { uri: 'ocop://ca-mau.example/listing/khong' },
    ids: { own: 303, missing: 404 },
    changes: true,
    body: ({ uri }: { uri: string }) => ({ uri, nameVi: 'Khô cá' }),
  },
};
