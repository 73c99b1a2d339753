import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Id } from '#core/ids.ts';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { sealed } from '#db/sealed.ts';
import { ADAPTER_KINDS } from '#federation/adapters/adapter.ts';
import type { BreakerState } from '#federation/engine/breaker.ts';
import type { LaneOutcome } from '#federation/engine/store.ts';
import type { PublicJwk } from '#federation/protocol/keys.ts';
import { type FedRecord, LANES } from '#federation/protocol/record.ts';
import { categories, products } from '../products/tables.ts';
import { TWIN_VERDICTS } from './rules.ts';
import { LANE_STATES, PARTNER_STATES, RECALL_REASONS, REFERRAL_DIRECTIONS } from './types.ts';

/** A full 64-bit transaction id. Text in code: it exceeds 2^53 one day, and only the database compares it. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** The exchanges that we know. Their manifests are loaded as inactive rows. */
export const partners = pgTable(
  'partners',
  {
    key: text().primaryKey(),
    nameVi: text().notNull(),
    nameEn: text().notNull(),
    provinceSlug: text(),
    adapter: text({ enum: ADAPTER_KINDS }).notNull(),
    baseUrl: text().notNull(),
    cadenceSeconds: integer().notNull(),
    state: text({ enum: PARTNER_STATES }).notNull().default('inactive'),
    stateSince: at().notNull().default(sql`now()`),
    /** Where it goes on when its suspension ends. */
    resumesTo: text({ enum: PARTNER_STATES }),
    note: text().notNull().default(''),
    /** The domain whose records it may send. Null until its profile was read. */
    origin: text(),
    /** The pinned key and its fingerprint, as the signed agreement prints it. */
    keyid: text(),
    jwk: jsonb().$type<PublicJwk>(),
    /** When that key ends, if its exchange has said so. */
    keyUntil: at(),
    /** The key that follows, endorsed by the present one, and from when it counts. */
    nextKeyid: text(),
    nextJwk: jsonb().$type<PublicJwk>(),
    nextKeyFrom: at(),
    /** When its profile was last asked for: whatever strangers send, it is asked once a minute at most. */
    profileAskedAt: at(),
    /** Since when; a trigger keeps it, by whatever way the key came. */
    keySince: at(),
    /** What a foreign system's adapter was told of it, in the adapter's own shape. */
    settings: jsonb().$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    /** Its secrets by name, as JSON under a data key of this partner alone. */
    secretsSealed: sealed(),
    breaker: jsonb().$type<BreakerState>(),
    /** When its prices were last confirmed by a pull of the whole offer lane. */
    pricesAsOf: at(),
    /** Each pull is a turn. Only the job that carries the current number pulls, so there is one chain of jobs a partner. */
    turn: integer().notNull().default(0),
    turnedAt: at(),
    /** It has told us of news that no pull has looked for yet. */
    nudgedAt: at(),
    /** Since when a pull is going on. */
    pullingSince: at(),
    createdAt: at().notNull().default(sql`now()`),
    updatedAt: at().notNull().default(sql`now()`),
  },
  (table) => [
    uniqueIndex('partners_origin').on(table.origin),
    uniqueIndex('partners_keyid').on(table.keyid),
    uniqueIndex('partners_next_keyid').on(table.nextKeyid),
    check(
      'partners_next_key',
      sql`(${table.nextKeyid} is null) = (${table.nextJwk} is null) and (${table.nextKeyid} is null) = (${table.nextKeyFrom} is null)`,
    ),
    check('partners_state', sql`${table.state} in (${oneOf(PARTNER_STATES)})`),
    check('partners_adapter', sql`${table.adapter} in (${oneOf(ADAPTER_KINDS)})`),
    check('partners_cadence', sql`${table.cadenceSeconds} >= 1`),
    check(
      'partners_introduced',
      sql`${table.state} in ('inactive', 'retired') or (${table.origin} is not null and (${table.adapter} <> 'native' or (${table.keyid} is not null and (${table.state} = 'invited' or ${table.jwk} is not null))))`,
    ),
    check('partners_resumes', sql`${table.resumesTo} is null or ${table.state} = 'suspended'`),
  ],
);

/** How far each lane of a partner was read, and how the last reading ended. */
export const federationLanes = pgTable(
  'federation_lanes',
  {
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    lane: text({ enum: LANES }).notNull(),
    checkpoint: text(),
    state: text({ enum: LANE_STATES }),
    outcome: jsonb().$type<LaneOutcome>(),
    attemptedAt: at(),
    succeededAt: at(),
    /** When the whole lane was last held against what the partner has: by a snapshot, a sweep or an audit. */
    comparedAt: at(),
  },
  (table) => [primaryKey({ columns: [table.partnerKey, table.lane] })],
);

/** Each day's readings of a lane, in Vietnam, for the partner's figures (`score.ts`). */
export const federationDays = pgTable(
  'federation_days',
  {
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    lane: text({ enum: LANES }).notNull(),
    day: date().notNull(),
    visits: integer().notNull(),
    good: integer().notNull(),
    records: bigint({ mode: 'number' }).notNull(),
    quarantined: integer().notNull(),
    drifted: integer().notNull(),
    downSeconds: integer().notNull(),
    ages: integer().array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.partnerKey, table.lane, table.day] })],
);

/** What partners sent, as they sent it: the source from which products are mirrored, tombstones included. */
export const federationMirrors = pgTable(
  'federation_mirrors',
  {
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    uri: text().notNull(),
    lane: text({ enum: LANES }).notNull(),
    /** The listing that the record is of or about; null for the tombstone of an offer that we never had. */
    listingUri: text(),
    rev: bigint({ mode: 'number' }).notNull(),
    hash: text().notNull(),
    record: jsonb().$type<FedRecord>().notNull(),
    receivedAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partnerKey, table.uri] }),
    index('federation_mirrors_listing').on(table.partnerKey, table.listingUri),
  ],
);

/** Records that could not be taken, for a person to look at. Gone when the origin sends a good revision. */
export const federationQuarantine = pgTable(
  'federation_quarantine',
  {
    id: idOf<'Quarantine'>().primaryKey(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    lane: text({ enum: LANES }).notNull(),
    sourceId: text().notNull(),
    reason: text().notNull(),
    detail: text().notNull(),
    payload: text().notNull(),
    firstSeenAt: at().notNull(),
    lastSeenAt: at().notNull(),
    /** An officer looked and lets it be; until the same record comes otherwise. */
    dismissedAt: at(),
    dismissedReason: text(),
  },
  (table) => [uniqueIndex('federation_quarantine_source').on(table.partnerKey, table.lane, table.sourceId)],
);

/** What officers of ours say of a partner's listing. It is laid over what the partner sends, whenever that comes. */
export const federationOverlays = pgTable(
  'federation_overlays',
  {
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    uri: text().notNull(),
    /** Our product set instead of theirs. */
    categoryId: integer().references(() => categories.id),
    nameVi: text(),
    nameEn: text(),
    /** Why it is not shown, whatever the partner sends. */
    hiddenReason: text(),
    updatedBy: text().notNull(),
    updatedAt: at().notNull(),
  },
  (table) => [primaryKey({ columns: [table.partnerKey, table.uri] })],
);

/** What officers said of two listings of different exchanges: one good, or two. The ids in their order. */
export const federationTwins = pgTable(
  'federation_twins',
  {
    one: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    other: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    verdict: text({ enum: TWIN_VERDICTS }).notNull(),
    reason: text().notNull(),
    judgedBy: text().notNull(),
    judgedAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.one, table.other] }),
    check('federation_twins_verdict', sql`${table.verdict} in (${oneOf(TWIN_VERDICTS)})`),
    check('federation_twins_ordered', sql`${table.one} < ${table.other}`),
  ],
);

/**
 * What we tell partners: one live row a uri. Read below the oldest transaction still running and in the order (tx, seq):
 * a serial alone loses the row of a slow transaction that commits behind a fast one.
 */
export const federationChanges = pgTable(
  'federation_changes',
  {
    uri: text().primaryKey(),
    lane: text({ enum: LANES }).notNull(),
    /** The record's revision too: it grows for ever, so a listing that returns after its tombstone was thrown away is newer. */
    seq: bigserial({ mode: 'number' }).notNull(),
    tx: xid8().notNull().default(sql`pg_current_xact_id()`),
    productId: idOf<'Product'>().notNull(),
    op: text({ enum: ['upsert', 'delete'] }).notNull(),
    hash: text().notNull(),
    record: jsonb().$type<FedRecord>().notNull(),
    at: at().notNull(),
  },
  (table) => [
    index('federation_changes_feed').on(table.lane, table.tx, table.seq),
    index('federation_changes_product').on(table.productId),
  ],
);

/** The life of a feed: its epoch ends with a restore, and below its horizon tombstones were thrown away. */
export const federationFeeds = pgTable('federation_feeds', {
  lane: text({ enum: LANES }).primaryKey(),
  epoch: uuid().$type<Id<'Epoch'>>().notNull(),
  horizonTx: xid8().notNull().default('0'),
  horizonSeq: bigint({ mode: 'number' }).notNull().default(0),
});

/** Nonces of verified requests, until their signatures have lapsed. */
export const federationNonces = pgTable(
  'federation_nonces',
  {
    keyid: text().notNull(),
    nonce: text().notNull(),
    expiresAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.keyid, table.nonce] }),
    index('federation_nonces_expiry').on(table.expiresAt),
  ],
);

/** What must be gone from partners, or say less there, before they pull: see `recalls.ts`. */
export const federationRecalls = pgTable(
  'federation_recalls',
  {
    id: idOf<'Recall'>().primaryKey(),
    productId: idOf<'Product'>().notNull(),
    reason: text({ enum: RECALL_REASONS }).notNull(),
    openedAt: at().notNull(),
  },
  (table) => [
    index('federation_recalls_opened').on(table.openedAt.desc().nullsFirst()),
    check('federation_recalls_reason', sql`${table.reason} in (${oneOf(RECALL_REASONS)})`),
  ],
);

/** Whether each partner has acknowledged a recall. */
export const federationRecallSends = pgTable(
  'federation_recall_sends',
  {
    recallId: idOf<'Recall'>()
      .notNull()
      .references(() => federationRecalls.id),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    tries: integer().notNull().default(0),
    triedAt: at(),
    acknowledgedAt: at(),
    fault: text(),
  },
  (table) => [primaryKey({ columns: [table.recallId, table.partnerKey] })],
);

/**
 * Shoppers led from one exchange to another, and what they bought there: the ledger of affiliate marketing on either side.
 * It says nothing of who they are.
 */
export const federationReferrals = pgTable(
  'federation_referrals',
  {
    id: idOf<'Referral'>().primaryKey(),
    direction: text({ enum: REFERRAL_DIRECTIONS }).notNull(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    /** Of the token, by which both sides name it. */
    jti: text().notNull(),
    uri: text().notNull(),
    at: at().notNull(),
    /** Of a received one: the order that its visit placed. */
    groupCode: text(),
    convertedAt: at(),
    /** What was paid for goods, without freight. */
    goodsVnd: money(),
    /** When the partner that had sent the shopper took our report of it. */
    reportedAt: at(),
  },
  (table) => [
    uniqueIndex('federation_referrals_jti').on(table.direction, table.partnerKey, table.jti),
    uniqueIndex('federation_referrals_group').on(table.groupCode),
    index('federation_referrals_at').on(table.at),
    index('federation_referrals_unreported')
      .on(table.convertedAt)
      .where(sql`${table.direction} = 'received' and ${table.convertedAt} is not null and ${table.reportedAt} is null`),
    check('federation_referrals_direction', sql`${table.direction} in (${oneOf(REFERRAL_DIRECTIONS)})`),
    check('federation_referrals_goods', sql`(${table.convertedAt} is null) = (${table.goodsVnd} is null)`),
    check('federation_referrals_group_received', sql`${table.groupCode} is null or ${table.direction} = 'received'`),
  ],
);
