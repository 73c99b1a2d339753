import { Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { Day, holders, Kind, paper, revocation } from './schemas.ts';
import { CERTIFICATE_STATES, CHECK_OUTCOMES, CHECKLIST, MACHINE_CHECKS, REVOCATION_CAUSES } from './types.ts';

export const CertificateIdParams = Type.Object({ certificateId: IdOf('Certificate', 'The certificate') });
const State = Type.Enum([...CERTIFICATE_STATES], {
  description: 'State; one that lapsed at midnight is expired, whether it has been marked or not',
  examples: ['submitted'],
});

export const CertificateQuery = Type.Object({
  status: Type.Optional(State),
  kind: Type.Optional(Kind),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});

const entered = {
  productId: IdOf('Product', 'A product of your own'),
  kind: Kind,
  issuer: Text('Who issued it, as on the paper', 200, 'UBND thành phố Cần Thơ'),
  decisionNumber: Text('Number, as on the paper', 60, '1693/QĐ-UBND'),
  issuedOn: Day('Date of signature', '2026-09-15'),
  star: Type.Optional(Type.Integer({ minimum: 3, maximum: 5, description: 'Of OCOP alone', examples: [4] })),
  expiresOn: Type.Optional(
    Day('Last day on which it holds, as on the paper; not for OCOP, which holds for 36 months', '2028-09-14'),
  ),
};
export const SubmissionForm = FormBody(
  { ...entered, evidence: FilePart('A photograph or scan of the paper: JPEG, PNG, WebP or PDF, 10 MB at most') },
  { title: 'CertificateSubmission' },
);
export const SubmittedView = Type.Object(
  { certificateId: IdOf('Certificate', 'Waits for a certifier') },
  { title: 'CertificateSubmitted' },
);

export const OwnCertificates = Type.Object({
  items: Type.Array(
    Type.Object(
      {
        certificateId: IdOf('Certificate', 'The certificate'),
        ...paper,
        status: State,
        submittedAt: Instant('When it was sent'),
        rejectionReason: Nullable(Text('Why it was not accepted', 500, 'Ảnh chụp không đọc được số quyết định.')),
        ...revocation,
        ...holders,
      },
      { title: 'OwnCertificate' },
    ),
    { description: 'Newest first', maxItems: 100 },
  ),
  nextCursor: Nullable(CursorText),
});

export const ReviewView = Type.Object(
  {
    certificateId: IdOf('Certificate', 'The certificate'),
    ...paper,
    score: Nullable(
      Type.Number({
        minimum: 50,
        maximum: 100,
        description: 'Points of the council; for certifiers alone',
        examples: [72.5],
      }),
    ),
    status: State,
    submittedByName: Nullable(Text('Who entered it', 200, 'Chủ HTX Hành tím Bãi Giồng')),
    submittedAt: Instant('When'),
    verifiedByName: Nullable(Text('Who verified it', 200, 'Cán bộ thẩm tra')),
    verifiedAt: Nullable(Instant('When')),
    rejectionReason: Nullable(Text('Why it was not accepted', 500, 'Ảnh chụp không đọc được số quyết định.')),
    ...revocation,
    evidence: Nullable(
      Type.Object(
        {
          fileId: IdOf('StoredFile', 'The copy of the paper'),
          name: Text('As it was called', 200, 'quyet-dinh-1693.pdf'),
          mediaType: Text('What its bytes are', 60, 'application/pdf'),
          byteLength: Count('Bytes', 184_320),
          sha256: Text('Hash of its bytes', 64, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
        },
        { description: 'The copy of the paper' },
      ),
    ),
    ...holders,
    checks: Type.Array(
      Type.Object({
        check: Type.Enum([...MACHINE_CHECKS], { description: 'What was looked at' }),
        outcome: Type.Enum([...CHECK_OUTCOMES], { description: '`unsure` is for the officer to look at' }),
        codes: Type.Array(Text('Code of another certificate', 12, 'ST7K3M9Q2XAB'), {
          description: 'Others that the outcome speaks of',
          maxItems: 20,
        }),
      }),
      { description: 'What the machine saw', maxItems: 10 },
    ),
  },
  { title: 'CertificateReview' },
);

const Reason = Type.String({
  minLength: 10,
  maxLength: 500,
  description: 'What the business will read',
  examples: ['Ảnh chụp không đọc được số quyết định.'],
});
export const VerifyBody = Type.Object(
  {
    checked: Type.Array(Type.Enum([...CHECKLIST]), {
      description: 'What you looked at; all of them',
      maxItems: CHECKLIST.length,
      examples: [[...CHECKLIST]],
    }),
    score: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100,
        multipleOf: 0.1,
        description: 'Points of the council',
        examples: [72.5],
      }),
    ),
  },
  { title: 'CertificateVerification', additionalProperties: false },
);
export const RejectBody = Type.Object(
  { reason: Reason },
  { title: 'CertificateRejection', additionalProperties: false },
);
export const RevokeBody = Type.Object(
  {
    cause: Type.Enum([...REVOCATION_CAUSES], { description: 'Ground', examples: ['criteria-lost'] }),
    reason: Reason,
    decisionNumber: Type.Optional(Text('Number of the decision to revoke', 60, '77/QĐ-UBND')),
    decidedOn: Type.Optional(Day('Its date', '2026-11-20')),
  },
  {
    title: 'CertificateRevocation',
    description: 'Number and date are needed unless the cause is `recorded-in-error`',
    additionalProperties: false,
  },
);
