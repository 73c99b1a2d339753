import { Type } from '@fastify/type-provider-typebox';
import { ADAPTER_KINDS } from '#federation/adapters/adapter.ts';
import { PULL_FAILURE_CODES } from '#federation/engine/failure.ts';
import { LANES } from '#federation/protocol/record.ts';
import { Count, IdOf, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { FINDING_CODES, TONES } from './health.ts';
import { TWIN_BASES, TWIN_VERDICTS } from './rules.ts';
import { CONFORMANCE_LEVELS, LANE_STATES, PARTNER_STATES } from './types.ts';

/** One of these words, or null. */
const orNull = <Word extends string>(words: readonly Word[], description: string, example: Word) =>
  Type.Unsafe<Word | null>({ type: ['string', 'null'], enum: [...words, null], description, examples: [example] });

const partnerKey = Text('Name of the partner', 60, 'tra-vinh');
const Lane = Type.Enum([...LANES], {
  description: '`catalogue` holds listings, `offer` their prices and stock',
  examples: ['offer'],
});
const FailureCode = Type.Enum([...PULL_FAILURE_CODES], {
  description: 'What stood in the way',
  examples: ['unreachable'],
});
const Failure = Type.Object({ code: FailureCode, detail: Text('For technicians', 1_000, 'connect ECONNREFUSED') });

export const PartnerParams = Type.Object({ key: partnerKey });
export const HeldParams = Type.Object({ key: partnerKey, id: IdOf('Quarantine', 'The record that is held back') });
export const Reasoned = Type.Object(
  { reason: Text('Why; the log keeps it', 500, 'Hàng thử của họ') },
  { additionalProperties: false, title: 'Reasoned' },
);

const Finding = Type.Object({
  code: Type.Enum([...FINDING_CODES], { description: 'What is to be known', examples: ['lane-held'] }),
  tone: Type.Enum([...TONES], { description: 'How much it matters', examples: ['bad'] }),
  lane: Type.Optional(Lane),
  failure: Type.Optional(FailureCode),
  at: Type.Optional(Nullable(Instant('Since or until when'))),
  count: Type.Optional(Count('How many', 14)),
});
const LaneState = Type.Object({
  lane: Lane,
  state: orNull(LANE_STATES, 'How the last reading ended', 'ok'),
  attemptedAt: Nullable(Instant('Last reading')),
  succeededAt: Nullable(Instant('Last reading that came to its end')),
  comparedAt: Nullable(Instant('Last held against all that the partner has')),
  lagSeconds: Nullable(Count('Since the last good reading', 42)),
  failure: Nullable(Failure),
});
const days = (what: string) => Nullable(Type.Number({ minimum: 0, maximum: 100, description: what, examples: [99.4] }));
const Score = Type.Object(
  {
    days: Count('Days that count here, today included', 7),
    visits: Count('Readings of lanes', 20_160),
    successPercent: days('Readings that came to their end, of a hundred'),
    quarantinePercent: days('Records held back, of a hundred that came'),
    driftPerThousand: Nullable(
      Type.Number({
        minimum: 0,
        maximum: 1000,
        description: 'Records that a comparison found otherwise',
        examples: [0.2],
      }),
    ),
    downMinutes: Count('Minutes between a reading that failed and the next', 12),
    freshness: Type.Array(
      Type.Object({
        lane: Lane,
        p50Seconds: Nullable(Count('Half of the readings came sooner than this after the good one before', 60)),
        p95Seconds: Nullable(Count('So did 95 of a hundred', 300)),
      }),
      { maxItems: LANES.length, description: 'How old data became' },
    ),
    keyAgeDays: Nullable(Count('Age of the pinned key', 120)),
    orders: Type.Object(
      {
        placed: Count('Orders for which a shopper of ours had paid or set money aside', 20),
        confirmed: Count('Those that the partner confirmed', 18),
        refused: Count('Those that it would not reserve', 1),
        unanswered: Count('Those of which it said nothing until we gave up', 0),
        repriced: Count('Those for which it asked another price than was accepted', 0),
        late: Count('Those that it did not confirm by its own deadline', 1),
        cancelled: Count('Those that it called off after confirming them', 0),
        confirmMedianSeconds: Nullable(Count('Half of the confirmations came sooner than this', 4)),
      },
      { description: 'Orders placed with it in this week, by what became of them' },
    ),
    conformance: Nullable(
      Type.Object(
        {
          level: Type.Enum([...CONFORMANCE_LEVELS], { description: 'The level reached', examples: ['gold'] }),
          profile: Text('What was tested', 40, 'native'),
          ranAt: Instant('When the kit ran'),
        },
        { description: 'The latest signed result of the kit; null where none came' },
      ),
    ),
  },
  { description: 'The last week in figures; null where nothing was counted' },
);

const facts = {
  key: partnerKey,
  name: Type.Object({ vi: Text('Vietnamese', 200, 'Sàn Trà Vinh'), en: Text('English', 200, 'Tra Vinh exchange') }),
  adapter: Type.Enum([...ADAPTER_KINDS], { description: 'How it is read', examples: ['native'] }),
  state: Type.Enum([...PARTNER_STATES], { description: 'How far it has come', examples: ['active'] }),
  tone: Type.Enum([...TONES], { description: 'The worst of the findings', examples: ['good'] }),
  findings: Type.Array(Finding, { maxItems: 20, description: 'What an officer should know, the worst first' }),
  pricesAsOf: Nullable(Instant('When its prices were last confirmed')),
  listings: Count('Listings that we hold', 64),
  shown: Count('Those that shoppers see', 61),
  quarantined: Count('Records held back that wait for somebody', 3),
  lanes: Type.Array(LaneState, { maxItems: LANES.length, description: 'How each lane was read' }),
};
export const PartnerList = Type.Object(
  { items: Type.Array(Type.Object(facts), { maxItems: 1_000, description: 'Whoever needs somebody first' }) },
  { title: 'PartnerList' },
);
export const PartnerHealth = Type.Object(
  {
    ...facts,
    stateSince: Instant('Since when it stands there'),
    baseUrl: Text('Where it is read', 2_000, 'https://san.travinh.example'),
    origin: Nullable(Text('Whose records it may send', 300, 'san.travinh.example')),
    keyid: Nullable(Text('Fingerprint of its pinned key', 100, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')),
    hasSecrets: Type.Boolean({
      description: 'Whether secrets are kept for it; they are never told',
      examples: [false],
    }),
    cadenceSeconds: Count('Pause between two readings', 60),
    score: Score,
  },
  { title: 'PartnerHealth' },
);

export const HeldList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: IdOf('Quarantine', 'The record that is held back'),
        lane: Lane,
        sourceId: Text('As the partner calls it', 400, 'ocop://san.travinh.example/listing/18'),
        reason: Text('Why it could not be taken', 100, 'invalid-record'),
        detail: Text('For technicians', 2_000, '/title/vi must not be empty'),
        payload: Text('What came, its first 8,192 characters', 8_192, '{"title":{"vi":""}}'),
        firstSeenAt: Instant('First seen'),
        lastSeenAt: Instant('Last seen'),
        dismissedAt: Nullable(Instant('When an officer let it be')),
        dismissedReason: Nullable(Text('Why', 500, 'Hàng thử của họ')),
      }),
      { maxItems: 200, description: 'The latest first' },
    ),
  },
  { title: 'HeldList' },
);
export const ReplayResult = Type.Object(
  {
    verdict: Text('`applied`, `duplicate`, `stale` …, or `quarantined` when it stays', 60, 'applied'),
    reason: Type.Optional(Text('Why it stays', 100, 'invalid-record')),
    detail: Type.Optional(Text('For technicians', 2_000, '/title/vi must not be empty')),
  },
  { title: 'ReplayResult' },
);
export const ReplayAllResult = Type.Object(
  { taken: Count('Taken now', 12), left: Count('Left as they were', 2) },
  { title: 'ReplayAllResult' },
);

export const PullRequest = Type.Object(
  {
    acceptChanges: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'A person’s word that a lane that is held may shrink, or change its prices, as the partner sends',
        examples: [false],
      }),
    ),
  },
  { additionalProperties: false, title: 'PullRequest' },
);
export const PullResult = Type.Object(
  {
    lanes: Type.Array(
      Type.Object({
        lane: Lane,
        state: Type.Enum([...LANE_STATES], { description: 'How the reading ended', examples: ['ok'] }),
        applied: Count('Records taken', 12),
        withdrawn: Count('Listings or offers withdrawn', 1),
        quarantined: Count('Records held back', 0),
        failure: Nullable(Failure),
      }),
      { maxItems: LANES.length, description: 'Lanes that were read' },
    ),
  },
  { title: 'PullResult' },
);

export const DryRun = Type.Object(
  {
    lanes: Type.Array(
      Type.Object({
        lane: Lane,
        fresh: Count('New here', 64),
        changed: Count('Otherwise than here', 2),
        same: Count('As here', 0),
        gone: Nullable(Count('Here and there no longer; null where the lane was not read to its end', 0)),
        refused: Count('Would be held back', 1),
        foreign: Count('Of others, passed over', 0),
        failure: Nullable(Failure),
      }),
      { maxItems: LANES.length, description: 'Each lane, read from its beginning' },
    ),
    sample: Type.Array(
      Type.Object({
        uri: Text('Address of the listing', 400, 'ocop://san.travinh.example/listing/18'),
        name: Text('Its name', 500, 'Dừa sáp Cầu Kè'),
        producer: Text('Who makes it', 300, 'HTX Dừa sáp'),
        categoryCode: Text('Product set as its exchange names it', 100, 'nong-san'),
        price: Nullable(Money('First price')),
        isNew: Type.Boolean({ description: 'New here, or otherwise', examples: [true] }),
      }),
      { maxItems: 50, description: 'Listings to judge by' },
    ),
    refused: Type.Array(
      Type.Object({
        lane: Lane,
        sourceId: Text('As the partner calls it', 400, 'ocop://san.travinh.example/listing/18'),
        reason: Text('Why it would be held back', 100, 'invalid-record'),
        detail: Text('For technicians', 2_000, '/title/vi must not be empty'),
      }),
      { maxItems: 100, description: 'Records that would be held back' },
    ),
  },
  { title: 'DryRun' },
);

const TwinGood = Type.Object({
  productId: IdOf('Product', 'The product here'),
  name: Text('Its name', 500, 'Bánh pía sầu riêng'),
  partner: Nullable(Text('Its exchange; null for our own', 60, 'tra-vinh')),
  business: Text('Who makes it', 300, 'HTX Bánh pía'),
  unit: Text('Unit', 100, 'hộp'),
  price: Money('First price'),
  gtin: Nullable(Text('Barcode', 14, '8934673573399')),
  decisionNumber: Nullable(Text('OCOP decision', 100, '1470/QĐ-UBND')),
});
export const TwinList = Type.Object(
  {
    pairs: Type.Array(
      Type.Object({
        basis: Type.Enum([...TWIN_BASES], { description: 'Why they may be one good', examples: ['gtin'] }),
        one: TwinGood,
        other: TwinGood,
        verdict: orNull(TWIN_VERDICTS, 'What an officer said', 'same'),
        reason: Nullable(Text('Why', 500, 'Khác nhà làm')),
      }),
      { maxItems: 500, description: 'Those that nobody judged first' },
    ),
    groups: Count('Groups of one good that result', 4),
  },
  { title: 'TwinList' },
);
export const TwinJudgement = Type.Object(
  {
    one: IdOf('Product', 'One of the two'),
    other: IdOf('Product', 'The other'),
    verdict: Type.Enum([...TWIN_VERDICTS], { description: 'One good, or two', examples: ['different'] }),
    reason: Type.Optional(Text('Why; the log keeps it', 500, 'Khác nhà làm')),
  },
  { additionalProperties: false, title: 'TwinJudgement' },
);
