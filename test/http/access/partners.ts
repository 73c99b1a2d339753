import { sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { PartnerState } from '#features/federation/types.ts';
import { letIn } from '#test/support/partners.ts';
import { inDatabase } from '#test/support/postgres.ts';
import type { Expected, Values } from './expected.ts';
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

/**
 * Another partner, as far along the road as a row needs it, with a sample of one listing. Whoever owns the database sets it
 * past the steps: what a row is about is who may press, not how it came so far.
 */
export const standingAt =
  (state: PartnerState, more: 'proposed' | 'bare' = 'bare', partner = 'hau-giang') =>
  async ({ node }: Stage) => {
    const origin = `${partner}.example`;
    // A new one each time: one that was revoked never counts again.
    const keyid = `key-${newId()}`;
    const uri = `ocop://${origin}/listing/1`;
    const listing = {
      ...{ kind: 'listing', uri, categoryCode: 'x', landingUrl: `https://${origin}/1` },
      title: { vi: 'Khô cá thát lát' },
      producer: { name: 'HTX Kỳ Như' },
    };
    await inDatabase(node.database.url, async (client) => {
      await client.query('alter table partners disable trigger user');
      await client.query(
        `update partners set adapter = 'native', origin = $2, keyid = $4, jwk = '{}'::jsonb, base_url = 'http://127.0.0.1:9', state = $3,
          resumes_to = case when $3 = 'suspended' then 'active' end, state_since = now() - interval '20 days', profile_asked_at = null where key = $1`,
        [partner, origin, state, keyid],
      );
      await client.query('alter table partners enable trigger user');
      await client.query(
        `insert into partner_grants (partner_key, verb, granted_by, granted_at)
          select $1, verb, 'test', now() from unnest(array['pull', 'push']) as verb on conflict do nothing`,
        [partner],
      );
      await client.query('delete from partner_promotions where partner_key = $1', [partner]);
      if (more === 'proposed')
        await client.query(
          `insert into partner_promotions (id, partner_key, verbs, reason, proposed_by, proposed_at)
            values (gen_random_uuid(), $1, '{pull}', 'Chạy thử tốt', 'operator', now())`,
          [partner],
        );
      await client.query(
        `with review as (insert into partner_reviews (id, partner_key, opened_by, opened_at) values (gen_random_uuid(), $1, 'operator', now()) returning id)
          insert into partner_review_items (review_id, position, uri, listing, verdict, judged_by, judged_at)
          select id, 1, $2, $3, 'fit', 'operator', now() from review`,
        [partner, uri, JSON.stringify(listing)],
      );
    });
    return { key: partner, keyid };
  };

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

/** An act on a partner that stands at a state, with what it answers to whom it is for. */
const step = (own: number, state: PartnerState, body: object = {}, more: 'proposed' | 'bare' = 'bare') =>
  ({
    access: 'staff:moderator',
    of: standingAt(state, more),
    missing,
    ids: { own, missing: 404 },
    changes: true,
    body,
  }) as const;
const why = { reason: 'Thử' };
const agreement = { domain: 'san.moi.example', legalEntity: 'Trung tâm', taxCode: '0100233488', key: 'tien-giang' };

const partnerRoad: Expected = {
  // Whoever is invited again is given another code.
  'POST /v1/staff/partner-invitations': {
    access: 'staff:moderator',
    status: 201,
    body: { ...agreement, fingerprint: 'A'.repeat(43) },
  },
  'GET /v1/staff/partners/:key/road': readOne,
  // Nobody answers there.
  'POST /v1/staff/partners/:key/challenge': step(502, 'invited'),
  'POST /v1/staff/partners/:key/conformance': step(422, 'proved', {
    payload: {},
    signature: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'x' }, keyid: 'h', value: 'x' },
  }),
  'POST /v1/staff/partners/:key/sandbox': step(422, 'proved'),
  'POST /v1/staff/partners/:key/review': step(409, 'sandbox'),
  'GET /v1/staff/partners/:key/review': readOne,
  'POST /v1/staff/partners/:key/review/verdicts': step(204, 'sandbox', { judged: [{ position: 1, verdict: 'fit' }] }),
  'POST /v1/staff/partners/:key/probation': step(200, 'sandbox'),
  'POST /v1/staff/partners/:key/promotion': step(200, 'probation', { verbs: ['pull'], ...why }),
  'POST /v1/staff/partners/:key/promotion/approve': step(200, 'probation', {}, 'proposed'),
  'POST /v1/staff/partners/:key/promotion/refuse': step(200, 'probation', why, 'proposed'),
  'PUT /v1/staff/partners/:key/grants': step(200, 'active', { verbs: ['pull'], ...why }),
  'POST /v1/staff/partners/:key/keys/ask': step(200, 'active'),
  'POST /v1/staff/partners/:key/keys/revoke': {
    ...step(200, 'active'),
    body: ({ keyid = '' }: Values) => ({ keyid, ...why }),
  },
  'POST /v1/staff/partners/:key/suspend': step(200, 'active', why),
  'POST /v1/staff/partners/:key/resume': step(200, 'suspended', why),
  'POST /v1/staff/partners/:key/retire': step(200, 'active', why),
  'GET /v1/staff/partner-listings/why': {
    access: 'staff',
    status: 404,
    query: '?listing=ocop://khong.example/listing/1',
  },
  'PUT /v1/staff/partner-listings/overlay': {
    access: 'staff:moderator',
    of: listingOf,
    missing: { uri: 'ocop://ca-mau.example/listing/khong' },
    ids: { own: 204, missing: 404 },
    changes: true,
    body: ({ uri }: { uri: string }) => ({
      listing: uri,
      categoryId: null,
      nameVi: 'Khô',
      nameEn: '',
      hiddenReason: '',
    }),
  },
  'GET /quan-tri/moi-san-doi-tac': 'staff:moderator',
  'POST /quan-tri/moi-san-doi-tac': {
    access: 'staff:moderator',
    status: 200,
    body: { ...agreement, key: 'vinh-long', domain: 'san.vinhlong.example', fingerprint: 'B'.repeat(43) },
  },
  [`GET ${root}/:key/duong-di`]: readOne,
  [`POST ${root}/:key/duong-di`]: step(303, 'active', { do: 'grant', 'grant-verbs': 'pull', 'grant-reason': 'Thử' }),
  [`POST ${root}/:key/duong-di/ket-qua`]: step(422, 'proved'),
  [`GET ${root}/:key/soat-hang-mau`]: { ...readOne, of: standingAt('sandbox') },
  [`POST ${root}/:key/soat-hang-mau`]: step(303, 'sandbox', { 'verdict-1': 'fit' }),
};

export const partners: Expected = {
  ...partnerRoad,
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
