import { Type } from '@fastify/type-provider-typebox';
import { IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { CERTIFICATE_KINDS } from './types.ts';

export const CertificateParams = Type.Object({ code: Text('Code beside the stars', 40, 'ST7K3M9Q2XAB') });
export const CertificateView = Type.Object(
  {
    code: Text('Code of the certificate', 12, 'ST7K3M9Q2XAB'),
    kind: Type.Enum([...CERTIFICATE_KINDS], { description: 'Kind' }),
    issuer: Text('Who issued it', 200, 'UBND thành phố Cần Thơ'),
    decisionNumber: Text('Number of the decision', 60, '9113/QĐ-UBND'),
    issuedOn: Type.String({ format: 'date', description: 'Date of the decision', examples: ['2026-09-15'] }),
    legalBasis: Text('Criteria in force on that day', 60, '26/2026/QĐ-TTg'),
    star: Nullable(Type.Integer({ minimum: 3, maximum: 5, description: 'Stars awarded', examples: [4] })),
    validUntil: Instant('From this instant it has lapsed'),
    status: Type.Enum(['verified', 'expired', 'revoked'], { description: 'State today' }),
    inForce: Type.Boolean({ description: 'Whether the stars may be shown today' }),
    revocationReason: Nullable(Text('Why it was revoked', 500, 'Cơ sở ngừng sản xuất')),
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
  },
  { title: 'Certificate' },
);
