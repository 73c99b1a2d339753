import { Type } from '@fastify/type-provider-typebox';
import { BUCKETS, bucketRoot, rootHash } from '#federation/protocol/canonical.ts';
import { MAX_CHANGES, MAX_PUSHED } from '#federation/protocol/documents.ts';
import { ORDER_LANE } from '#federation/protocol/ordering.ts';
import { LANES } from '#federation/protocol/record.ts';
import { Conversion, JTI_PATTERN } from '#federation/protocol/referral.ts';
import { URI_PATTERN } from '#federation/protocol/uri.ts';
import { Count, IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { RECALL_REASONS, REFERRAL_DIRECTIONS } from './types.ts';

const lane = Type.Enum([...LANES], {
  description: '`catalogue` holds listings, `offer` their prices and stock',
  examples: ['offer'],
});

export const ChangesQuery = Type.Object({
  lane,
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: '`next` of the page before, or cursorAtStart of a snapshot; from the beginning without it',
      examples: ['WyJhbi1naWFuZyJd.c2VhbA'],
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_CHANGES,
      default: MAX_CHANGES,
      description: 'How many changes a page holds',
      examples: [500],
    }),
  ),
});
export const SnapshotQuery = Type.Object({ lane });
export const AuditQuery = Type.Object({ lane });
export const AuditParams = Type.Object({
  bucket: Type.Integer({
    minimum: 0,
    maximum: BUCKETS - 1,
    description: 'First byte of SHA-256 of the uri',
    examples: [7],
  }),
});
export const RecordParams = Type.Object({
  uri: Type.String({
    pattern: URI_PATTERN,
    maxLength: 400,
    description: 'Address of the record, percent-encoded',
    examples: ['ocop://soctrang.example/listing/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b'],
  }),
});
export const RecordsRequest = Type.Object({
  uris: Type.Array(Type.String({ pattern: URI_PATTERN, maxLength: 400 }), {
    minItems: 1,
    maxItems: 100,
    description: 'Addresses of records',
    examples: [['ocop://soctrang.example/offer/banh-pia-400']],
  }),
});

export const InboxRequest = Type.Object({
  records: Type.Array(Type.Unknown({ description: 'listing.json, offer.json or tombstone.json of the sender' }), {
    minItems: 1,
    maxItems: MAX_PUSHED,
    description: 'Records as the feed holds them',
    examples: [[{ uri: 'ocop://soctrang.example/offer/banh-pia-400', kind: 'offer', rev: 12 }]],
  }),
});

export const NudgeRequest = Type.Object({
  lanes: Type.Array(Type.Enum([...LANES, ORDER_LANE], { description: 'Lane', examples: ['offer'] }), {
    minItems: 1,
    maxItems: LANES.length + 1,
    description: 'Lanes with news; `orders` is the feed of orders',
    examples: [['offer']],
  }),
});
export const NudgeTaken = Type.Object(
  { taken: Type.Boolean({ description: 'We will pull', examples: [true] }) },
  { title: 'NudgeTaken' },
);

/** An offer of federation/vectors/records.json. */
const offer = {
  uri: 'ocop://soctrang.example/offer/banh-pia-400',
  origin: 'soctrang.example',
  via: [],
  rev: 12,
  hash: 'd20df09d368b36776e89b5bcae93dc9b4db7954a3d74d7c615525518a2166690',
  kind: 'offer',
  at: '2026-11-23T02:30:00.000Z',
  listing: 'ocop://soctrang.example/listing/banh-pia',
  sku: 'ST-0001',
  label: 'Hộp 400 g',
  position: 0,
  price: { amount: 65_000, currency: 'VND', taxIncluded: true },
  availability: { state: 'in-stock', quantity: 40, mode: 'tracked' },
  minQty: 1,
};
const { uri, rev, hash, at } = offer;

const RecallSendDocument = Type.Object({
  partner: Text('Name of the exchange', 200, 'Sàn OCOP An Giang'),
  acknowledgedAt: Nullable(Instant('When it took the records')),
  tookSeconds: Nullable(Type.Number({ minimum: 0, description: 'From the recall until then', examples: [4.1] })),
  tries: Count('How often it was sent', 1),
  fault: Nullable(Text('What went wrong at the last try', 500, 'unreachable: connection refused')),
});
const RecallDocument = Type.Object(
  {
    recallId: IdOf('Recall', 'The recall'),
    product: Text('Name of the goods', 20_000, 'Bánh pía sầu riêng'),
    reason: Type.Enum([...RECALL_REASONS], { description: 'Why it must not wait', examples: ['taken-down'] }),
    openedAt: Instant('When partners were first told'),
    partners: Type.Array(RecallSendDocument, { description: 'Those that did not acknowledge first', maxItems: 1_000 }),
  },
  { title: 'Recall' },
);
export const RecallList = Type.Object(
  { items: Type.Array(RecallDocument, { description: 'Newest first', maxItems: 100 }) },
  { title: 'RecallList' },
);

/** Answers are described by federation/schemas, which are the protocol's own; here any object passes as it is. */
const document = (schema: string, example: object) =>
  Type.Object(
    {},
    { additionalProperties: true, description: `As federation/schemas/${schema} describes it`, examples: [example] },
  );
export const ProfileDocument = document('profile.json', {
  protocol: 'ocop-fed/1',
  versions: ['2026-11-23'],
  exchange: { origin: 'soctrang.example', name: { vi: 'Sàn Chợ Nổi Sóc Trăng', en: 'Chợ Nổi Sóc Trăng exchange' } },
  endpoints: { changes: '/federation/v1/changes', snapshot: '/federation/v1/snapshot' },
  capabilities: ['changes', 'snapshot'],
  limits: { maxChanges: 500 },
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    },
  ],
  schemas: {},
});
export const ChangesDocument = document('changes-page.json', {
  epoch: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b',
  items: [{ uri, op: 'upsert', rev, hash, at, record: offer }],
  next: 'WyJhbi1naWFuZyJd.c2VhbA',
  hasMore: false,
  watermark: '1842',
});
const point = { epoch: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b', watermark: '1842', lane: 'offer' };
const empty = Array.from({ length: BUCKETS }, () => rootHash([]));
export const AuditDocument = document('audit.json', { ...point, count: 0, root: bucketRoot(empty), buckets: empty });
export const AuditBucketDocument = document('audit-bucket.json', {
  ...point,
  bucket: 7,
  hash: rootHash([{ uri, rev, hash }]),
  members: [{ uri, rev, hash }],
});
export const RecordDocument = document('listing.json, offer.json or tombstone.json', offer);
export const InboxAnswerDocument = document('inbox-answer.json', { results: [{ uri, result: 'applied' }] });
export const RecordsDocument = document('listing.json, offer.json and tombstone.json', { records: [offer] });
export const SnapshotLines = Type.Unsafe<Buffer>(
  Type.String({
    description: 'Lines of JSON: snapshot-header.json, the records, snapshot-trailer.json',
    maxLength: 1_000_000_000,
    examples: ['{"epoch":"0199d3a0","lane":"offer","cursorAtStart":"WyJhbi1naWFuZyJd.c2VhbA","count":0}\n'],
  }),
);
export const Health = Type.Object(
  {
    status: Type.Literal('ok', { description: 'This node serves partners' }),
    time: Type.String({
      format: 'date-time',
      description: 'Our clock, to measure the skew',
      examples: ['2026-11-23T07:00:00.000Z'],
    }),
    versions: Type.Array(Type.String({ maxLength: 40 }), {
      maxItems: 20,
      description: 'Versions of the protocol',
      examples: [['2026-11-23']],
    }),
    partner: Nullable(Text('The name under which we know you, when your signature was right', 60, 'tra-vinh')),
  },
  { title: 'FederationHealth' },
);

export const ReferralParams = Type.Object({
  jti: Type.String({
    pattern: JTI_PATTERN,
    maxLength: 64,
    description: 'Of the token with which the shopper came',
    examples: ['q5mW1b0mS3m1cN5kq2f1Xw'],
  }),
});
export const ConversionRequest = Type.Object(Conversion.properties, {
  additionalProperties: true,
  title: 'Conversion',
  description: 'As federation/schemas/conversion.json describes it',
  examples: [
    {
      uri: 'ocop://soctrang.example/listing/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b',
      at: '2026-11-23T07:00:00.000Z',
      goods: { amount: 130_000, currency: 'VND', taxIncluded: true },
    },
  ],
});
export const ConversionTaken = Type.Object(
  {
    jti: Text('Of the token', 64, 'q5mW1b0mS3m1cN5kq2f1Xw'),
    result: Type.Enum(['recorded', 'duplicate'], {
      description: '`duplicate`: it was reported before, and the first report stands',
      examples: ['recorded'],
    }),
  },
  { title: 'ConversionTaken' },
);
export const ReferralDays = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          day: Text('In Vietnam', 10, '2026-11-27'),
          partnerKey: Text('Partner exchange', 60, 'tra-vinh'),
          partner: Text('Its name', 200, 'Sàn OCOP Trà Vinh'),
          direction: Type.Enum([...REFERRAL_DIRECTIONS], {
            description: '`sent`: shoppers of ours to the partner; `received`: of the partner to us',
            examples: ['sent'],
          }),
          visits: Count('Shoppers who were led over', 12),
          orders: Count('Of them, who bought', 2),
          goodsVnd: Count('What was paid for goods, without freight, in đồng', 260_000),
          unreported: Count('Orders of which the partner that sent the shopper does not know yet', 0),
        },
        { title: 'ReferralDay' },
      ),
      { description: 'The latest day first', maxItems: 1_000 },
    ),
  },
  { title: 'ReferralDays' },
);
