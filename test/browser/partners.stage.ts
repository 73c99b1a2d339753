import { sql } from 'drizzle-orm';
import { localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { PartnerState } from '#features/federation/types.ts';
import type { AdapterKind } from '#federation/adapters/adapter.ts';
import type { BreakerState } from '#federation/engine/breaker.ts';
import type { PullFailureCode } from '#federation/engine/failure.ts';
import { type LaneOutcome, NO_COUNTS } from '#federation/engine/store.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import type { Lane, Listing, Offer } from '#federation/protocol/record.ts';
import type { TestNode } from '#test/support/node.ts';
import { letIn } from '#test/support/partners.ts';

const minute = 60_000;
type Condition = {
  readonly state?: PartnerState;
  readonly introduced?: false;
  readonly system?: AdapterKind;
  readonly keyDays?: number;
  readonly pricesAgo?: number;
  readonly breaker?: BreakerState;
  readonly lanes?: Partial<
    Record<
      Lane,
      {
        readonly state: LaneOutcome['state'];
        readonly goodAgo?: number;
        readonly code?: PullFailureCode;
        readonly detail?: string;
        readonly counts?: Partial<LaneOutcome['counts']>;
      }
    >
  >;
  readonly quarantined?: number;
};
const ok = { state: 'ok', goodAgo: 2 } as const;

/** Eleven partners, each with a trouble of its own. */
export const conditionsAt = (now: number): Readonly<Record<string, Condition>> => ({
  'an-giang': { lanes: { catalogue: ok, offer: ok }, pricesAgo: 2 },
  'bac-lieu': {
    lanes: {
      catalogue: { state: 'held', goodAgo: 300, code: 'mass-delete', detail: '180 of 240 would be withdrawn' },
      offer: ok,
    },
    pricesAgo: 2,
  },
  'ben-tre': {
    lanes: {
      catalogue: ok,
      offer: {
        state: 'held',
        goodAgo: 500,
        code: 'money-drift',
        detail: '61 of 64 prices jumped, one 45000 became 4500000',
      },
    },
    pricesAgo: 500,
  },
  'ca-mau': {
    lanes: { catalogue: { state: 'failed', goodAgo: 3_000, code: 'unreachable', detail: 'connect ECONNREFUSED' } },
    breaker: {
      failures: 9,
      outages: 9,
      firstOutageAt: now - 20 * minute,
      isOpen: true,
      nextAttemptAt: now + 4 * minute,
    },
    pricesAgo: 3_000,
  },
  'can-tho': { lanes: { catalogue: ok, offer: ok }, quarantined: 14, pricesAgo: 3 },
  'dong-thap': { state: 'suspended', lanes: { catalogue: ok, offer: ok } },
  'hau-giang': { introduced: false, state: 'inactive' },
  'kien-giang': { state: 'sandbox', system: 'woocommerce' },
  'tien-giang': {
    lanes: {
      catalogue: {
        state: 'failed',
        goodAgo: 30,
        code: 'schema-drift',
        detail: '40 of 100 records: invalid-record /title',
      },
      offer: ok,
    },
    pricesAgo: 2,
    quarantined: 1,
  },
  'tra-vinh': {
    lanes: { catalogue: { state: 'failed', goodAgo: 20, code: 'throttled', detail: 'Retry-After 600' } },
    breaker: { failures: 2, outages: 0, firstOutageAt: 0, isOpen: false, nextAttemptAt: now + 9 * minute },
    pricesAgo: 200,
  },
  'vinh-long': {
    keyDays: 400,
    lanes: {
      catalogue: { ...ok, counts: { drifted: 7, 'origin-mismatch': 12 } },
      offer: { state: 'failed', goodAgo: 70, code: 'unverified-answer', detail: 'the answer is signed by another key' },
    },
    pricesAgo: 70,
  },
});

const hash = '0'.repeat(64);
const at = '2026-11-20T00:00:00Z';
const nameOf = (index: number): string =>
  ['Khô cá lóc đồng', 'Mắm thái Châu Đốc loại đặc biệt ủ chum sành ba năm', 'Đường thốt nốt'][index % 3] ?? '';

function recordsOf(origin: string, index: number, set: string): readonly [Listing, Offer] {
  const base = { origin, via: [], rev: 1, hash, at };
  const uri = `ocop://${origin}/listing/${index}`;
  const listing: Listing = {
    ...base,
    uri,
    kind: 'listing',
    title: { vi: `${nameOf(index)} ${index}` },
    producer: { uri: `ocop://${origin}/producer/1`, name: `Hợp tác xã ${origin}` },
    ...(index === 0
      ? { gtin: '8934673573399' }
      : { ocop: { stars: 4, decisionNo: '1470/QĐ-UBND', issuedOn: '2025-11-20' } }),
    categoryCode: index === 2 ? 'ma-la' : set,
    images: [],
    landingUrl: `https://${origin}/p/${index}`,
  };
  const price = { amount: 45_000 + index * 1_000, currency: 'VND' as const, taxIncluded: true };
  const availability = { state: 'in-stock', mode: 'tracked' as const, quantity: 5 };
  return [
    listing,
    { ...base, uri: `ocop://${origin}/offer/${index}`, kind: 'offer', listing: uri, price, availability, minQty: 1 },
  ];
}

async function fill(node: TestNode, key: string, origin: string): Promise<void> {
  const { rows } = await node.db.execute<{ id: number; slug: string }>(
    sql`select id, slug from categories order by id limit 1`,
  );
  const { businesses, products } = node.services;
  const records = [0, 1, 2].map((index) => recordsOf(origin, index, rows[0]?.slug ?? ''));
  await transact(node.db, 'test', async (tx) => {
    for (const record of records.flat()) {
      const listingUri = record.kind === 'offer' ? record.listing : record.uri;
      await tx.execute(sql`insert into federation_mirrors (partner_key, uri, lane, listing_uri, rev, hash, record, received_at)
        values (${key}, ${record.uri}, ${record.kind === 'offer' ? 'offer' : 'catalogue'}, ${listingUri}, 1, ${hash}, ${JSON.stringify(record)}::jsonb, now())`);
    }
    const name = `Hợp tác xã ${origin}`;
    const originUri = `ocop://${origin}/producer/1`;
    const producers = await businesses.mirrorProducers(tx, key, [{ originUri, name, type: 'enterprise' }]);
    const businessId = producers.get(originUri);
    if (!businessId) throw new Error('The producer was not written');
    const shown = records.slice(0, 2).map(([listing, offer]) => ({
      listing: {
        partnerKey: key,
        originUri: listing.uri,
        businessId,
        nameVi: listing.title.vi,
        nameEn: '',
        descriptionVi: '',
        categoryId: rows[0]?.id ?? 1,
        categorySlug: 'x',
        unitVi: 'gói',
        netWeightG: 200,
        gtin: listing.gtin ?? null,
        claimedStar: listing.ocop?.stars ?? null,
        claimedDecision: listing.ocop?.decisionNo ?? null,
        claimedUntil: null,
        landingUrl: listing.landingUrl,
        tags: [],
      },
      offer: { priceVnd: vnd(offer.price.amount), compareAtVnd: null, available: 5, asOf: node.clock.now() },
    }));
    await products.mirrorListings(tx, key, shown);
  });
}

/** What came and could not be taken: a script, and a line without an end. */
const payloads = ['{"title":{"vi":"<script>alert(1)</script>"}}', `{"title":"${'x'.repeat(8_000)}`];

/** Shut out, from where it stood; or as far along the road. */
async function walkTo({ db }: TestNode, key: string, state: PartnerState): Promise<void> {
  const isShut = state === 'suspended' || state === 'retired';
  await letIn(db, key, isShut ? 'active' : state);
  const resumesTo = state === 'suspended' ? 'active' : null;
  if (isShut) await db.execute(sql`update partners set state = ${state}, resumes_to = ${resumesTo} where key = ${key}`);
}

async function condition(node: TestNode, key: string, told: Condition): Promise<void> {
  const now = node.clock.now().getTime();
  const ago = (minutes: number | null | undefined) =>
    minutes === undefined || minutes === null ? null : new Date(now - minutes * minute).toISOString();
  const { keyid, jwk } = readIdentity(generatePem());
  const { state = 'active', system = 'native', lanes = {}, breaker, pricesAgo, quarantined = 0 } = told;
  const origin = `${key}.example`;
  const pinned = system === 'native' ? true : null;
  if (told.introduced !== false) {
    await node.db.execute(sql`update partners set adapter = ${system}, origin = ${origin}, keyid = ${pinned && keyid}, jwk = ${pinned && JSON.stringify(jwk)}::jsonb, base_url = 'http://127.0.0.1:9',
      cadence_seconds = 60 where key = ${key}`);
    await walkTo(node, key, state);
    await node.db.execute(sql`update partners set key_since = ${ago(pinned && (told.keyDays ?? 40) * 24 * 60)}::timestamptz, breaker = ${breaker ? JSON.stringify(breaker) : null}::jsonb,
      prices_as_of = ${ago(pricesAgo)}::timestamptz where key = ${key}`);
  }
  for (const [lane, { state: ended, goodAgo, code, detail = '', counts }] of Object.entries(lanes)) {
    const outcome = {
      state: ended,
      counts: { ...NO_COUNTS, pages: 1, ...counts },
      at: new Date(now),
      ...(code && { failure: { code, detail } }),
    };
    await node.db.execute(sql`insert into federation_days (partner_key, lane, day, visits, good, records, quarantined, drifted, down_seconds, ages)
      select ${key}, ${lane}, ${localDate(node.clock.now())}::date - n, 1440, ${ended === 'ok' ? 1440 : 1371}, 52000, ${quarantined}, ${counts?.drifted ?? 0},
        ${breaker?.isOpen ? 5400 : 0}, array[1290, 60, 15, 3, 2, 1, 0, 0, 0, 0, 0] from generate_series(0, 6) n`);
    await node.db.execute(sql`insert into federation_lanes (partner_key, lane, state, outcome, attempted_at, succeeded_at)
      values (${key}, ${lane}, ${ended}, ${JSON.stringify(outcome)}::jsonb, now(), ${ago(goodAgo)}::timestamptz)`);
  }
  for (let index = 0; index < quarantined; index += 1) {
    await node.db.execute(sql`insert into federation_quarantine (id, partner_key, lane, source_id, reason, detail, payload, first_seen_at, last_seen_at)
      values (${newId()}, ${key}, 'catalogue', ${`ocop://${origin}/listing/xau-${index}`}, ${index % 2 ? 'invalid-record' : 'foreign-link'},
        '/title/vi must not be empty', ${payloads[index % 2]}, now(), now())`);
  }
  if (key === 'can-tho' || key === 'an-giang') await fill(node, key, origin);
}

export async function stageEleven(node: TestNode): Promise<void> {
  const conditions = conditionsAt(node.clock.now().getTime());
  for (const [key, told] of Object.entries(conditions)) await condition(node, key, told);
}
