import { Type } from '@fastify/type-provider-typebox';
import { ADAPTER_KINDS } from '#federation/adapters/adapter.ts';
import { Count, Instant, Nullable, Text } from '#http/schema.ts';
import { STEP_OWNERS, STEPS } from './rules/next-step.ts';
import { SAMPLE_SIZE } from './rules/onboarding.ts';
import { CONFORMANCE_LEVELS, PARTNER_STATES, PROMOTION_OUTCOMES, REVIEW_VERDICTS, VERBS } from './types.ts';
import { WHY_CODES } from './why.ts';

const partnerKey = Text('Name of the partner', 60, 'tra-vinh');
const keyid = Text('Fingerprint of a key', 100, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
const actor = Text('Who: an account, `operator`, or a partner', 200, 'account:0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b');
const State = Type.Enum([...PARTNER_STATES], { description: 'How far it has come', examples: ['probation'] });
const Verbs = (description: string) =>
  Type.Array(Type.Enum([...VERBS], { description: 'Verb', examples: ['pull'] }), {
    maxItems: VERBS.length,
    description,
    examples: [['pull', 'push']],
  });
const reason = Text('Why; the log keeps it', 500, 'Chạy thử tốt');
const closed = { additionalProperties: false } as const;

const Next = Type.Object(
  {
    step: Type.Enum([...STEPS], { description: 'What comes next', examples: ['propose'] }),
    by: Type.Enum([...STEP_OWNERS], { description: 'Who takes it', examples: ['officer'] }),
    until: Nullable(Instant('Until when nobody can do anything, or a code is good')),
    left: Nullable(Count('Records that nobody has judged', 12)),
  },
  { description: 'The next step' },
);
export const Standing = Type.Object({ key: partnerKey, state: State, next: Next }, { title: 'PartnerStanding' });

export const Road = Type.Object(
  {
    key: partnerKey,
    state: State,
    stateSince: Instant('Since when'),
    resumesTo: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      enum: [...PARTNER_STATES, null],
      description: 'Where it goes on when its suspension ends',
      examples: ['active'],
    }),
    adapter: Type.Enum([...ADAPTER_KINDS], { description: 'How it is read', examples: ['native'] }),
    origin: Nullable(Text('Whose records it may send', 300, 'san.travinh.example')),
    next: Next,
    grants: Verbs('What it was granted'),
    keyid: Nullable(keyid),
    keyUntil: Nullable(Instant('When that key ends, if they said so')),
    nextKeyid: Nullable(keyid),
    nextKeyFrom: Nullable(Instant('From when the next key counts')),
    revokedKeys: Type.Array(Type.Object({ keyid, revokedAt: Instant('When'), reason, revokedBy: actor }), {
      maxItems: 1_000,
      description: 'Keys that never count again',
    }),
    invitation: Nullable(
      Type.Object({
        domain: Text('As the agreement says', 255, 'san.travinh.example'),
        legalEntity: Text('Who signed', 300, 'Trung tâm Xúc tiến thương mại'),
        taxCode: Text('Tax code', 14, '0100233488'),
        createdAt: Instant('Sent'),
        expiresAt: Instant('Good until'),
        redeemedAt: Nullable(Instant('Used')),
      }),
    ),
    conformance: Nullable(
      Type.Object({
        level: Type.Enum([...CONFORMANCE_LEVELS], { description: 'What was reached', examples: ['gold'] }),
        profile: Text('Which checks were run', 40, 'native'),
        ranAt: Instant('When the kit ran'),
      }),
    ),
    review: Nullable(
      Type.Object({
        total: Count('Listings drawn', SAMPLE_SIZE),
        judged: Count('Of them judged', 32),
        unfit: Count('Of them wrong', 2),
        isFit: Type.Boolean({ description: 'All judged, and at most a tenth wrong', examples: [false] }),
      }),
    ),
    probationEnds: Nullable(Instant('When it may be proposed')),
    promotions: Type.Array(
      Type.Object({
        verbs: Verbs('What was proposed'),
        reason,
        proposedBy: actor,
        proposedAt: Instant('When'),
        outcome: Type.Unsafe<'approved' | 'refused' | null>({
          type: ['string', 'null'],
          enum: [...PROMOTION_OUTCOMES, null],
          description: 'How another officer decided; null while it waits',
          examples: ['approved'],
        }),
        decidedBy: Nullable(actor),
      }),
      { maxItems: 20, description: 'The latest first' },
    ),
    transitions: Type.Array(
      Type.Object({
        from: State,
        to: State,
        actor,
        reason: Nullable(reason),
        at: Instant('When'),
      }),
      { maxItems: 100, description: 'Steps that were taken, the latest first' },
    ),
  },
  { title: 'PartnerRoad' },
);

export const InvitationRequest = Type.Object(
  {
    domain: Text('Domain of their exchange, as the agreement says', 255, 'san.travinh.example'),
    legalEntity: Text('Who signed', 300, 'Trung tâm Xúc tiến thương mại'),
    taxCode: Text('Its tax code', 20, '0100233488'),
    fingerprint: keyid,
    key: Type.Optional(partnerKey),
    name: Type.Optional(Text('Name to show, of one that is not in the list', 200, 'Sàn Trà Vinh')),
    document: Type.Optional(Text('Number of the document; the log keeps it', 300, 'Công văn 12/SCT')),
  },
  { ...closed, title: 'InvitationRequest' },
);
export const InvitationMade = Type.Object(
  {
    key: partnerKey,
    code: Text('Told this once', 40, 'ABCD-EFGH-2345-JKLM-NPQR-STUV'),
    expiresAt: Instant('Good until'),
    fingerprint: Text('Of our own key, which they compare', 100, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'),
  },
  { title: 'InvitationMade' },
);

const Verdict = Type.Enum([...REVIEW_VERDICTS], { description: 'Right or wrong', examples: ['fit'] });
const position = Count('Place in the sample, from 1', 1, 1);
export const Sample = Type.Object(
  {
    total: Count('Listings drawn', SAMPLE_SIZE),
    judged: Count('Of them judged', 32),
    unfit: Count('Of them wrong', 2),
    items: Type.Array(
      Type.Object({
        position,
        uri: Text('Address of the listing', 400, 'ocop://san.travinh.example/listing/18'),
        listing: Type.Unsafe<object>(
          Type.Object(
            {},
            {
              additionalProperties: true,
              description: 'As federation/schemas/listing.json',
              examples: [{ kind: 'listing' }],
            },
          ),
        ),
        offer: Type.Unsafe<object | null>({
          type: ['object', 'null'],
          additionalProperties: true,
          description: 'As federation/schemas/offer.json',
          examples: [{ kind: 'offer' }],
        }),
        verdict: Type.Unsafe<'fit' | 'unfit' | null>({
          type: ['string', 'null'],
          enum: [...REVIEW_VERDICTS, null],
          description: 'What an officer said',
          examples: ['fit'],
        }),
        note: Nullable(Text('What is wrong', 500, 'Giá là của thùng 24 lon')),
      }),
      { maxItems: SAMPLE_SIZE, description: 'In the order of the sample' },
    ),
  },
  { title: 'MappingSample' },
);
export const SampleDrawn = Type.Object({ sample: Count('Listings drawn', SAMPLE_SIZE) }, { title: 'SampleDrawn' });
export const Judgements = Type.Object(
  {
    judged: Type.Array(
      Type.Object(
        { position, verdict: Verdict, note: Type.Optional(Text('What is wrong', 500, 'Giá là của thùng 24 lon')) },
        closed,
      ),
      { minItems: 1, maxItems: SAMPLE_SIZE, description: 'Some of them, or all' },
    ),
  },
  { ...closed, title: 'Judgements' },
);
export const GrantRequest = Type.Object(
  { verbs: Verbs('All that it may do from then on'), reason },
  { ...closed, title: 'GrantRequest' },
);
export const RevokeRequest = Type.Object({ keyid, reason }, { ...closed, title: 'RevokeRequest' });
export const KeysAsked = Type.Object(
  { read: Type.Boolean({ description: 'False: it was read within the last minute, or cannot be', examples: [true] }) },
  { title: 'KeysAsked' },
);

export const WhyQuery = Type.Object({
  listing: Type.String({
    minLength: 1,
    maxLength: 400,
    description: 'Its address at its exchange, or here its id or name in addresses',
    examples: ['ocop://san.travinh.example/listing/18'],
  }),
});
const overlay = {
  categoryId: Nullable(Count('Product set of ours', 6)),
  nameVi: Text('Our words for its name; empty for theirs', 300, 'Dừa sáp Cầu Kè'),
  nameEn: Text('In English', 300, 'Macapuno'),
  hiddenReason: Text('Why it is not shown; empty when it may be', 500, ''),
};
export const Why = Type.Object(
  {
    partner: partnerKey,
    uri: Text('Address of the listing', 400, 'ocop://san.travinh.example/listing/18'),
    isShown: Type.Boolean({ description: 'Whether shoppers see it', examples: [true] }),
    because: Type.Enum([...WHY_CODES], { description: 'What decided', examples: ['shown'] }),
    passed: Type.Array(Type.Enum([...WHY_CODES], { description: 'Question', examples: ['no-offer'] }), {
      maxItems: WHY_CODES.length,
      description: 'Questions that were answered well before',
      examples: [['never-came']],
    }),
    notes: Type.Array(Text('`quarantined` or `prices-stale`', 40, 'prices-stale'), {
      maxItems: 2,
      description: 'What else is to be known',
      examples: [['prices-stale']],
    }),
    overlay: Nullable(Type.Object(overlay, { description: 'What is laid over it here' })),
  },
  { title: 'WhyShown' },
);
export const OverlayRequest = Type.Object(
  { listing: WhyQuery.properties.listing, ...overlay },
  { ...closed, title: 'OverlayRequest' },
);
