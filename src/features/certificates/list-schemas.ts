import { Type } from '@fastify/type-provider-typebox';
import { Count, IdOf, Instant, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { VerifyBody } from './desk-schemas.ts';
import { ROW_OUTCOMES } from './rules/matching.ts';
import { Day, holders, Kind, paper } from './schemas.ts';

export const ImportParams = Type.Object({ importId: IdOf('CertificateImport', 'The list') });
const decision = {
  issuer: Text('Who signed the decision', 200, 'UBND thành phố Cần Thơ'),
  decisionNumber: Text('Its number', 60, '1693/QĐ-UBND'),
  issuedOn: Day('Its date', '2026-09-15'),
};
export const ImportForm = FormBody(
  {
    ...decision,
    list: FilePart('XLSX or CSV with SKU, barcode or product name, business or tax code, stars and perhaps score'),
    evidence: FilePart('A scan of the decision: JPEG, PNG, WebP or PDF'),
  },
  { title: 'CertificateImportForm' },
);
export const ImportStarted = Type.Object(
  { importId: IdOf('CertificateImport', 'To be looked at and confirmed') },
  { title: 'CertificateImportStarted' },
);

const CandidateView = Type.Object({
  productId: IdOf('Product', 'The product'),
  sku: Text('SKU', 100, 'ST-0002'),
  name: Text('Name', 300, 'Hành tím để chùm nguyên tép'),
  business: Text('Business', 200, 'HTX Hành tím Bãi Giồng'),
});
export const ImportView = Type.Object(
  {
    importId: IdOf('CertificateImport', 'The list'),
    ...decision,
    confirmedAt: Nullable(Instant('When it was recorded; null before')),
    recordedCount: Nullable(Count('Certificates recorded', 42)),
    verified: Count('Of them verified', 0),
    waiting: Count('Of them waiting for another certifier', 42),
    rows: Type.Array(
      Type.Object({
        line: Count('Line in the file', 2, 1),
        outcome: Type.Enum([...ROW_OUTCOMES], { description: 'What the line would do, or did', examples: ['new'] }),
        name: Text('Product as typed', 300, 'Hành tím để chùm nguyên tép'),
        star: Text('Stars as typed', 300, '3 sao'),
        product: Nullable(CandidateView),
        candidates: Type.Array(CandidateView, { description: 'What may be chosen from', maxItems: 10 }),
      }),
      { description: 'Every line, in its order', maxItems: 2_000 },
    ),
  },
  { title: 'CertificateImport' },
);
export const ChoicesBody = Type.Object(
  {
    choices: Type.Array(
      Type.Object({ line: Count('Line in the file', 2, 1), productId: IdOf('Product', 'Which product it means') }),
      { description: 'For lines that fit several', minItems: 1, maxItems: 2_000 },
    ),
  },
  { title: 'CertificateImportChoices', additionalProperties: false },
);
export const RecordedView = Type.Object(
  { recorded: Count('Certificates that wait now', 42, 1) },
  { title: 'CertificatesRecorded' },
);
export const ListVerifyBody = Type.Object(
  { checked: VerifyBody.properties.checked },
  { title: 'CertificateListVerification', additionalProperties: false },
);
export const VerifiedView = Type.Object(
  { verified: Count('Certificates verified', 42, 1) },
  { title: 'CertificatesVerified' },
);

export const CalendarQuery = Type.Object({
  kind: Type.Optional(Kind),
  ward: Type.Optional(Text('Ward code of the business', 5, '31795')),
  months: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 36, default: 12, description: 'How far ahead', examples: [12] }),
  ),
});
const { code, kind, issuer, decisionNumber, star, validUntil } = paper;
export const CalendarView = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        certificateId: IdOf('Certificate', 'The certificate'),
        code,
        kind,
        issuer,
        decisionNumber,
        star,
        validUntil,
        wardCode: Nullable(Text('Ward of the business', 5, '31795')),
        ...holders,
      }),
      { description: 'The next to end first', maxItems: 2_000 },
    ),
  },
  { title: 'CertificateCalendar' },
);
