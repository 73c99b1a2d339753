import { type Static, Type } from 'typebox';
import { BUCKETS } from './canonical.ts';
import { ORDER_LANE } from './ordering.ts';
import { Digest, LANES } from './record.ts';
import { ORIGIN_PATTERN } from './uri.ts';

/** Versions of the protocol are dates. */
export const PROTOCOL_VERSION = '2026-11-23';
export const WELL_KNOWN_PATH = '/.well-known/ocop-federation.json';
export const MAX_CHANGES = 500;
export const MAX_PUSHED = 100;

const open = { additionalProperties: true } as const;
const Name = Type.Object(
  { vi: Type.String({ maxLength: 200 }), en: Type.Optional(Type.String({ maxLength: 200 })) },
  open,
);
const Count = Type.Integer({ minimum: 0 });

const ProfileKey = Type.Object(
  {
    kty: Type.Literal('OKP'),
    crv: Type.Literal('Ed25519'),
    x: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    kid: Type.String({
      pattern: '^[A-Za-z0-9_-]{43}$',
      description: 'RFC 7638 thumbprint, the fingerprint in agreements',
    }),
    nbf: Type.Optional(Type.Integer({ description: 'Not before, in seconds since 1970' })),
    exp: Type.Optional(Type.Integer({ description: 'Not after, in seconds since 1970' })),
    endorsement: Type.Optional(
      Type.Object(
        {
          by: Type.String({ maxLength: 43, description: 'kid of the key that it follows' }),
          signature: Type.String({
            maxLength: 100,
            description:
              'Base64 of the Ed25519 signature of that key over the RFC 8785 form of {statement: "ocop-fed/1 next key", origin, by, kid, x, nbf}',
          }),
        },
        open,
      ),
    ),
  },
  open,
);

export const Profile = Type.Object(
  {
    protocol: Type.Literal('ocop-fed/1'),
    versions: Type.Array(Type.String(), { minItems: 1, maxItems: 20 }),
    exchange: Type.Object({ origin: Type.String({ pattern: ORIGIN_PATTERN }), name: Name }, open),
    endpoints: Type.Record(Type.String(), Type.String({ maxLength: 400 }), {
      description: 'Paths on the host of the profile',
    }),
    capabilities: Type.Array(Type.String({ maxLength: 100 }), {
      maxItems: 100,
      description: 'Used is what both sides name',
    }),
    limits: Type.Object(
      { maxChanges: Type.Integer({ minimum: 1 }), maxPushed: Type.Optional(Type.Integer({ minimum: 1 })) },
      open,
    ),
    keys: Type.Array(ProfileKey, { minItems: 1, maxItems: 10 }),
    schemas: Type.Record(Type.String(), Digest, { description: 'SHA-256 of the canonical form of each schema' }),
    contact: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { ...open, $id: 'profile.json', title: 'What an exchange says about itself at /.well-known/ocop-federation.json' },
);

/** A record is left unparsed here: one bad record is quarantined alone and must not spoil its page. */
export const Change = Type.Object(
  {
    uri: Type.String({ maxLength: 400 }),
    op: Type.Union([Type.Literal('upsert'), Type.Literal('delete')]),
    rev: Type.Integer({ minimum: 1 }),
    hash: Type.String({ maxLength: 64 }),
    at: Type.String({ maxLength: 40 }),
    record: Type.Optional(Type.Unknown({ description: 'listing.json, offer.json or tombstone.json' })),
  },
  open,
);

export const ChangesPage = Type.Object(
  {
    epoch: Type.String({ minLength: 1, maxLength: 100, description: 'Changes when the exchange restores a backup' }),
    items: Type.Array(Change, { maxItems: MAX_CHANGES }),
    next: Type.String({ minLength: 1, maxLength: 1000, description: 'Cursor of the next page, also after the last' }),
    hasMore: Type.Boolean(),
    watermark: Type.String({ maxLength: 100, description: 'Every change below this point was given' }),
  },
  { ...open, $id: 'changes-page.json', title: 'A page of the log-compacted change feed' },
);

export const SnapshotHeader = Type.Object(
  {
    epoch: Type.String({ minLength: 1, maxLength: 100 }),
    lane: Type.Enum([...LANES]),
    cursorAtStart: Type.String({ minLength: 1, maxLength: 1000, description: 'Where to go on in the change feed' }),
    count: Count,
  },
  { ...open, $id: 'snapshot-header.json', title: 'First line of a snapshot' },
);

export const SnapshotTrailer = Type.Object(
  { count: Count, root: Digest },
  {
    ...open,
    $id: 'snapshot-trailer.json',
    title: 'Last line of a snapshot: without it, or unequal, nothing is swapped',
  },
);

const Named = Type.Object(
  { uri: Type.String({ maxLength: 400 }), rev: Type.Integer({ minimum: 1 }), hash: Digest },
  open,
);
const point = {
  epoch: Type.String({ minLength: 1, maxLength: 100 }),
  watermark: Type.String({ maxLength: 100, description: 'The point of the change feed at which the lane was hashed' }),
  lane: Type.Enum([...LANES]),
};

export const Audit = Type.Object(
  {
    ...point,
    count: Count,
    root: Type.String({ ...Digest, description: 'SHA-256 over the bucket hashes, each ended by a line feed' }),
    buckets: Type.Array(Digest, {
      minItems: BUCKETS,
      maxItems: BUCKETS,
      description: 'SHA-256 over the sorted lines `uri rev hash` of each bucket, the first byte of SHA-256 of the uri',
    }),
  },
  { ...open, $id: 'audit.json', title: 'The live records of a lane as 256 hashes' },
);

export const AuditBucket = Type.Object(
  { ...point, bucket: Type.Integer({ minimum: 0, maximum: BUCKETS - 1 }), hash: Digest, members: Type.Array(Named) },
  { ...open, $id: 'audit-bucket.json', title: 'The records of one bucket by name, revision and hash' },
);

export const Inbox = Type.Object(
  {
    records: Type.Array(Type.Unknown({ description: 'listing.json, offer.json or tombstone.json of the sender' }), {
      minItems: 1,
      maxItems: MAX_PUSHED,
    }),
  },
  {
    ...open,
    $id: 'inbox.json',
    title: 'Records that their origin sends by itself, since they must not wait for a pull',
  },
);

/** `stale`, `duplicate` and `applied` are all good: the receiver says what was sent, or something newer. */
export const PUSH_RESULTS = ['applied', 'duplicate', 'stale', 'quarantined', 'rejected'] as const;

export const InboxAnswer = Type.Object(
  {
    results: Type.Array(
      Type.Object(
        {
          uri: Type.String({ maxLength: 400 }),
          result: Type.Enum([...PUSH_RESULTS]),
          code: Type.Optional(Type.String({ maxLength: 100, description: 'Why it was quarantined or rejected' })),
        },
        open,
      ),
      { maxItems: MAX_PUSHED },
    ),
  },
  { ...open, $id: 'inbox-answer.json', title: 'What became of each record, in the order in which they were sent' },
);

export const Nudge = Type.Object(
  { lanes: Type.Array(Type.Enum([...LANES, ORDER_LANE]), { minItems: 1, maxItems: LANES.length + 1 }) },
  { ...open, $id: 'nudge.json', title: 'A hint that lanes of the sender have news' },
);

export type InboxAnswer = Static<typeof InboxAnswer>;
export type Audit = Static<typeof Audit>;
export type AuditBucket = Static<typeof AuditBucket>;
export type Profile = Static<typeof Profile>;
export type Change = Static<typeof Change>;
export type ChangesPage = Static<typeof ChangesPage>;
export type SnapshotHeader = Static<typeof SnapshotHeader>;
export type SnapshotTrailer = Static<typeof SnapshotTrailer>;
