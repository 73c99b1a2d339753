import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { KEY_SCOPES, STAFF_ROLES } from '#core/roles.ts';
import { at, idOf, oneOf } from '#db/columns.ts';
import { sealed } from '#db/sealed.ts';
import { CEREMONIES, PURPOSES, TOKEN_KINDS } from './types.ts';

export const accounts = pgTable(
  'accounts',
  {
    id: idOf<'Account'>().primaryKey(),
    name: text().notNull(),
    phone: text(),
    email: text(),
    /** When its owner showed that what was sent there arrived. A number that nobody proved opens nothing. */
    phoneProvedAt: at(),
    emailProvedAt: at(),
    /** Null for who was invited and has not come yet, who comes by a provider of identities, and who was erased. */
    passwordHash: text(),
    staffRole: text({ enum: STAFF_ROLES }),
    disabledAt: at(),
    erasedAt: at(),
    createdAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('accounts_phone').on(table.phone),
    uniqueIndex('accounts_email').on(table.email),
    index('accounts_staff').on(table.staffRole).where(sql`${table.staffRole} is not null`),
    check('accounts_erased', sql`${table.erasedAt} is null or (${table.phone} is null and ${table.email} is null)`),
  ],
);

const accountOf = () =>
  idOf<'Account'>()
    .notNull()
    .references(() => accounts.id);

/** A session is a row, so that ending it ends it on every replica at once. Only the hash of its id is stored. */
export const sessions = pgTable(
  'sessions',
  {
    idHash: text().primaryKey(),
    /** By which its owner names it in a list; it opens nothing. */
    id: idOf<'Session'>().notNull().default(sql`gen_random_uuid()`),
    accountId: accountOf(),
    createdAt: at().notNull(),
    lastSeenAt: at().notNull(),
    expiresAt: at().notNull(),
    userAgent: text().notNull().default(''),
    address: text().notNull().default(''),
    /** When who holds it last gave a password or a factor. */
    provedAt: at(),
    /** When a second factor was given in it. */
    factorAt: at(),
  },
  (table) => [index('sessions_account').on(table.accountId), uniqueIndex('sessions_id').on(table.id)],
);

/** Browsers that signed in to an account before: a stranger's wrong guesses do not slow them down. */
export const devices = pgTable(
  'devices',
  { tokenHash: text().notNull(), accountId: accountOf(), createdAt: at().notNull(), lastUsedAt: at().notNull() },
  (table) => [
    primaryKey({ columns: [table.tokenHash, table.accountId] }),
    index('devices_account').on(table.accountId),
  ],
);

/** Counters of attempts by a key and a window, shared by all replicas. */
export const attempts = pgTable(
  'attempts',
  { key: text().notNull(), windowStart: at().notNull(), count: integer().notNull() },
  (table) => [primaryKey({ columns: [table.key, table.windowStart] })],
);

/** Wrong guesses in a row, and until when the next one has to wait. */
export const throttles = pgTable(
  'throttles',
  { key: text().primaryKey(), failures: integer().notNull(), blockedUntil: at().notNull(), updatedAt: at().notNull() },
  (table) => [index('throttles_updated').on(table.updatedAt)],
);

/** Single-use links and codes. Whoever uses one deletes it, so that of two who try at once one succeeds. */
export const accountTokens = pgTable(
  'account_tokens',
  {
    tokenHash: text().primaryKey(),
    kind: text({ enum: TOKEN_KINDS }).notNull(),
    accountId: accountOf(),
    /** The phone number or e-mail that is to be proved. */
    target: text(),
    createdAt: at().notNull(),
    expiresAt: at().notNull(),
  },
  (table) => [
    index('account_tokens_account').on(table.accountId, table.kind),
    check('account_tokens_kind', sql`${table.kind} in (${oneOf(TOKEN_KINDS)})`),
  ],
);

/** The seed of an authenticator app. */
export const totpFactors = pgTable('totp_factors', {
  accountId: idOf<'Account'>()
    .primaryKey()
    .references(() => accounts.id),
  seedSealed: sealed().notNull(),
  /** Null until a first code showed that the app has the seed. */
  confirmedAt: at(),
  /** The 30-second step of the last code that was taken: no code works twice (RFC 6238 §5.2). */
  lastStep: bigint({ mode: 'number' }).notNull().default(0),
  createdAt: at().notNull(),
});

export const recoveryCodes = pgTable(
  'recovery_codes',
  { codeHash: text().primaryKey(), accountId: accountOf() },
  (table) => [index('recovery_codes_account').on(table.accountId)],
);

export const passkeys = pgTable(
  'passkeys',
  {
    credentialId: text().primaryKey(),
    id: idOf<'Passkey'>().notNull(),
    accountId: accountOf(),
    name: text().notNull(),
    publicKey: text().notNull(),
    /** As the authenticator last told it; one that goes back was copied. */
    counter: bigint({ mode: 'number' }).notNull(),
    transports: text().array().notNull(),
    createdAt: at().notNull(),
    lastUsedAt: at(),
  },
  (table) => [index('passkeys_account').on(table.accountId), uniqueIndex('passkeys_id').on(table.id)],
);

/** What was asked of an authenticator or a provider, once, of one browser. */
export const challenges = pgTable(
  'challenges',
  {
    browserHash: text().primaryKey(),
    ceremony: text({ enum: CEREMONIES }).notNull(),
    accountId: idOf<'Account'>().references(() => accounts.id),
    sessionId: idOf<'Session'>(),
    asked: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
    expiresAt: at().notNull(),
  },
  (table) => [
    index('challenges_expires').on(table.expiresAt),
    check('challenges_ceremony', sql`${table.ceremony} in (${oneOf(CEREMONIES)})`),
  ],
);

/** Who somebody is to a provider of identities: the pair, and never an e-mail. */
export const externalIdentities = pgTable(
  'external_identities',
  { issuer: text().notNull(), subject: text().notNull(), accountId: accountOf(), createdAt: at().notNull() },
  (table) => [
    primaryKey({ columns: [table.issuer, table.subject] }),
    index('external_identities_account').on(table.accountId),
  ],
);

/** Keys by which a business's own systems call the API. The key itself is shown once and stored as a hash. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: idOf<'ApiKey'>().primaryKey(),
    /** References businesses by the migration's own hand: their tables know ours already. */
    businessId: idOf<'Business'>().notNull(),
    name: text().notNull(),
    keyHash: text().notNull(),
    /** The first characters, by which people tell keys apart. */
    prefix: text().notNull(),
    scopes: text({ enum: KEY_SCOPES }).array().notNull(),
    createdBy: accountOf(),
    createdAt: at().notNull(),
    expiresAt: at().notNull(),
    lastUsedAt: at(),
    revokedAt: at(),
  },
  (table) => [
    uniqueIndex('api_keys_hash').on(table.keyHash),
    index('api_keys_business').on(table.businessId, table.createdAt),
    check('api_keys_scopes', sql`cardinality(${table.scopes}) > 0`),
  ],
);

/** What was agreed to and taken back, with the words it was asked in. Written once; the newest of a purpose holds. */
export const accountConsents = pgTable(
  'account_consents',
  {
    id: idOf<'Consent'>().primaryKey(),
    accountId: accountOf(),
    purpose: text({ enum: PURPOSES }).notNull(),
    granted: boolean().notNull(),
    policyVersion: text().notNull(),
    happenedAt: at().notNull(),
  },
  (table) => [
    index('account_consents_account').on(table.accountId, table.purpose, table.happenedAt),
    check('account_consents_purpose', sql`${table.purpose} in (${oneOf(PURPOSES)})`),
  ],
);

/** Each reading of a personal identifier in full: who, whose, which, why. Written once. */
export const personalDataReadings = pgTable(
  'personal_data_readings',
  {
    id: idOf<'Reading'>().primaryKey(),
    happenedAt: at().notNull(),
    reader: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    subjectKind: text().notNull(),
    subjectId: text().notNull(),
    field: text().notNull(),
    reason: text().notNull(),
  },
  (table) => [index('personal_data_readings_subject').on(table.subjectKind, table.subjectId, table.happenedAt)],
);

/** Accounts that were erased, so that a backup from before can be made to forget them again. Written once. */
export const erasures = pgTable('erasures', {
  accountId: idOf<'Account'>().primaryKey(),
  erasedAt: at().notNull(),
});
