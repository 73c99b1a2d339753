import { Type } from '@fastify/type-provider-typebox';
import { Code, IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { CERTIFICATE_KINDS, PUBLIC_STATES, REVOCATION_CAUSES, type RevocationCause } from './types.ts';

export const CertificateParams = Type.Object({ code: Text('Code beside the stars', 40, 'ST7K3M9Q2XAB') });

export const Day = (description: string, example: string) =>
  Type.String({ format: 'date', description, examples: [example] });
export const Kind = Type.Enum([...CERTIFICATE_KINDS], { description: 'Kind', examples: ['ocop'] });
const StarView = Nullable(
  Type.Integer({ minimum: 3, maximum: 5, description: 'Stars awarded; null for kinds without stars', examples: [4] }),
);

/** What stands on the paper. */
export const paper = {
  code: Text('Code of the certificate', 12, 'ST7K3M9Q2XAB'),
  kind: Kind,
  issuer: Text('Who issued it', 200, 'UBND thành phố Cần Thơ'),
  decisionNumber: Text('Number of the decision', 60, '9113/QĐ-UBND'),
  issuedOn: Day('Date of the decision', '2026-09-15'),
  legalBasis: Text('Criteria in force on that day', 60, '26/2026/QĐ-TTg'),
  star: StarView,
  validUntil: Nullable(Instant('From this instant it has lapsed; null: it has no end')),
};
export const holders = {
  product: Type.Object({
    productId: IdOf('Product', 'The product'),
    slug: Text('Name in addresses', 300, 'hanh-tim-vinh-chau-tui-luoi'),
    name: Text('Name', 300, 'Hành tím Vĩnh Châu túi lưới'),
  }),
  business: Type.Object({
    businessId: IdOf('Business', 'The holder'),
    slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
    name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
  }),
};
export const revocation = {
  revokedAt: Nullable(Instant('When it was revoked here')),
  revocationCause: Type.Unsafe<RevocationCause | null>({
    type: ['string', 'null'],
    enum: [...REVOCATION_CAUSES, null],
    description:
      'Ground of the revocation: one of the six of Decision 26/2026/QĐ-TTg art. 8, or `recorded-in-error` where this exchange had entered it wrongly',
    examples: ['criteria-lost'],
  }),
  revocationReason: Nullable(Text('Why it was revoked', 500, 'Cơ sở ngừng sản xuất')),
  revocationDecisionNumber: Nullable(Text('Number of the decision to revoke', 60, '77/QĐ-UBND')),
  revocationDecidedOn: Nullable(Day('Date of the decision to revoke', '2026-11-20')),
};

export const CertificateView = Type.Object(
  {
    ...paper,
    verifiedAt: Nullable(Instant('When a certifier of this exchange verified it')),
    ...revocation,
    status: Type.Enum([...PUBLIC_STATES], { description: 'State today' }),
    inForce: Type.Boolean({ description: 'Whether the stars may be shown today' }),
    ...holders,
  },
  { title: 'Certificate' },
);

export const StatementQuery = Type.Object({
  codes: Type.Array(Code('Code of a certificate'), {
    description: 'At most 50 codes; repeat the parameter for each',
    minItems: 1,
    maxItems: 50,
    examples: [['ST7K3M9Q2XAB']],
  }),
});
const exampleStatement =
  'eyJhbGciOiJFZERTQSIsInR5cCI6Im9jb3AtY2VydGlmaWNhdGUrand0In0.eyJzdWIiOiJTVDdLM005UTJYQUIifQ.c2lnbmF0dXJl';
export const StatementText = Type.String({
  description:
    'Compact JWS (EdDSA, `typ` `ocop-certificate+jwt`): `iss`, `sub` (the code), `iat`, `exp` within 24 hours, and `certificate` with its facts',
  maxLength: 8_000,
  examples: [exampleStatement],
});
export const Statements = Type.Object(
  {
    items: Type.Array(
      Type.Object({ code: Text('Code of the certificate', 12, 'ST7K3M9Q2XAB'), statement: StatementText }),
      { description: 'One for each code that is known', maxItems: 50 },
    ),
    unknown: Type.Array(Text('A code that no certificate has', 12, 'ST0000000000'), {
      description: 'Codes that no certificate has',
      maxItems: 50,
    }),
  },
  { title: 'Statements' },
);

export const KeySet = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Text('Key type', 3, 'OKP'),
        crv: Text('Curve', 10, 'Ed25519'),
        x: Text('The public key', 60, '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'),
        kid: Text('Its RFC 7638 thumbprint', 60, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'),
        use: Text('What it is for', 3, 'sig'),
        alg: Text('Algorithm', 10, 'EdDSA'),
      }),
      { description: 'The key that signs, and the one before or after it', maxItems: 2 },
    ),
  },
  { title: 'KeySet' },
);
