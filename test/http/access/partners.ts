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
    sql`update partners set adapter = 'native', origin = 'ca-mau.example', keyid = 'k', jwk = '{}'::jsonb, base_url = 'http://127.0.0.1:9' where key = 'ca-mau'`,
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

async function heldOf(stage: Stage) {
  await partnerOf(stage);
  const { rows } = await stage.node.db.execute<{ id: string }>(
    sql`select id from federation_quarantine where partner_key = 'ca-mau' limit 1`,
  );
  return { ...key, id: rows[0]?.id ?? '' };
}
const noRecord = { ...key, id: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b' };
const readOne = { access: 'staff', of: partnerOf, missing, ids: { own: 200, missing: 404 } } as const;
const actOn = { ...readOne, access: 'staff:moderator' } as const;
const twinsOf = ({ goods }: Stage) => ({ one: goods.A.product.productId, other: goods.B.product.productId });
const noTwins = { one: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b', other: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2c' };

export const partners: Expected = {
  'GET /v1/staff/partners': 'staff',
  'GET /v1/staff/partners/:key': readOne,
  'GET /v1/staff/partners/:key/quarantine': readOne,
  'POST /v1/staff/partners/:key/pull': actOn,
  'POST /v1/staff/partners/:key/dry-run': actOn,
  'POST /v1/staff/partners/:key/quarantine/replay': actOn,
  'POST /v1/staff/partners/:key/quarantine/:id/replay': {
    access: 'staff:moderator',
    of: heldOf,
    missing: noRecord,
    // What came was cut, so it cannot be read again.
    ids: { own: 409, missing: 404 },
  },
  'POST /v1/staff/partners/:key/quarantine/:id/dismiss': {
    access: 'staff:moderator',
    of: heldOf,
    missing: noRecord,
    ids: { own: 204, missing: 404 },
    body: { reason: 'Hàng thử' },
  },
  'GET /v1/staff/twins': 'staff',
  'POST /v1/staff/twins': {
    access: 'staff:moderator',
    of: twinsOf,
    missing: noTwins,
    ids: { own: 204, missing: 404 },
    body: ({ one, other }: { one: string; other: string }) => ({ one, other, verdict: 'different' }),
  },
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
    of: twinsOf,
    missing: noTwins,
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
