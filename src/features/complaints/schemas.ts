import { type Static, Type } from '@fastify/type-provider-typebox';
import { Code, Count, CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import {
  AUTHORS,
  COMPLAINT_EVENTS,
  COMPLAINT_KINDS,
  COMPLAINT_STATES,
  COMPLAINT_SUBJECTS,
  COMPLAINT_VERDICTS,
  COMPLAINT_WISHES,
  OFFER_KINDS,
  REPORT_FORMATS,
} from './types.ts';

const Phone = Type.Optional(
  Text('Phone number of the order or of the complaint; the account that it belongs to needs none', 30, '0912345678'),
);
const Words = (description: string, example: string) => Text(description, 8_000, example);
const Said = Words('In your own words', 'Hàng giao trễ ba ngày, cá đã có mùi');
const Subject = Type.Enum([...COMPLAINT_SUBJECTS], { description: 'What it is about', examples: ['order'] });
const Kind = Type.Enum([...COMPLAINT_KINDS], { description: 'What is wrong', examples: ['damaged'] });
const Wish = Type.Enum([...COMPLAINT_WISHES], { description: 'What the shopper wishes', examples: ['refund-part'] });
const State = Type.Enum([...COMPLAINT_STATES], { description: 'Where it stands', examples: ['open'] });
const Verdict = Type.Enum([...COMPLAINT_VERDICTS], {
  description: 'What the officer decides; `uphold` only where a decision is reviewed',
  examples: ['refund'],
});
const OfferKind = Type.Enum([...OFFER_KINDS], { description: 'What the business offers', examples: ['refund'] });
const MaybeVerdict = Type.Union([Verdict, Type.Null()], { description: 'What was decided', examples: ['refund'] });
const MaybeOffer = Type.Union([OfferKind, Type.Null()], { description: 'What was offered', examples: ['refund'] });
const closed = { additionalProperties: false } as const;

export const ComplaintParams = Type.Object({ code: Text('The complaint', 40, 'ST7K3M9Q2XAB') });
export const ComplaintPhotoParams = Type.Object({
  code: Text('The complaint', 40, 'ST7K3M9Q2XAB'),
  fileId: IdOf('StoredFile', 'The photo'),
  width: Type.Integer({ minimum: 1, maximum: 4_096, description: 'Pixels', examples: [640] }),
});
export type PhotoParams = Static<typeof ComplaintPhotoParams>;

export const ComplaintBody = Type.Object(
  {
    phone: Phone,
    subject: Subject,
    about: Text('Code of the order, or the name in the address of the business or product', 200, 'ST7K3M9Q2XAB'),
    kind: Kind,
    wish: Wish,
    wishVnd: Type.Optional(Money('How much of it, where part of the money is wished back')),
    text: Said,
  },
  closed,
);
export const TrackComplaintBody = Type.Object(
  { code: Text('The complaint', 40, 'ST7K3M9Q2XAB'), phone: Phone },
  closed,
);
export const ComplaintProofBody = Type.Object({ phone: Phone }, closed);
export const ComplaintSayBody = Type.Object({ phone: Phone, text: Said }, closed);
export const ComplaintAskBody = Type.Object({ phone: Phone, text: Type.Optional(Said) }, closed);
export const ComplaintPhotoBody = FormBody(
  { phone: Phone, text: Said, photo: FilePart('A JPEG, PNG or WebP picture') },
  { title: 'ComplaintPhoto' },
);
export const ComplaintWordsBody = Type.Object({ text: Said }, closed);
export const OfferBody = Type.Object(
  {
    kind: OfferKind,
    amountVnd: Type.Optional(Money('What goes back, for a refund')),
    text: Words('What the shopper reads with it', 'Chúng tôi xin lỗi và hoàn một nửa tiền hàng'),
  },
  closed,
);
export const DecisionBody = Type.Object(
  {
    verdict: Verdict,
    amountVnd: Type.Optional(Money('What goes back, for a refund')),
    text: Words('The reasons, which both sides read', 'Ảnh cho thấy hàng hỏng khi giao'),
    warn: Type.Optional(Type.Boolean({ description: 'The business is warned', examples: [true] })),
    takeDown: Type.Optional(IdOf('Product', 'A product that must not be sold meanwhile')),
    reportTo: Type.Optional(Text('The authority to which it was reported', 200, 'Sở Công Thương Cần Thơ')),
  },
  closed,
);

export const ComplaintQuery = Type.Object({
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
  state: Type.Optional(State),
  called: Type.Optional(Type.Boolean({ description: 'Only those that an officer has to decide', examples: [true] })),
});
export const OwnComplaintQuery = Type.Omit(ComplaintQuery, ['called']);

export const ReportQuery = Type.Object({
  period: Type.Optional(Text('A month or a quarter; this month without it', 10, '2026-11')),
  format: Type.Optional(Type.Enum([...REPORT_FORMATS], { description: 'How it is written', examples: ['csv'] })),
});

const head = {
  code: Code('The complaint'),
  subject: Subject,
  orderCode: Nullable(Code('Its order')),
  productId: Nullable(IdOf('Product', 'The product that it is about')),
  business: Type.Object({
    businessId: IdOf('Business', 'Who is complained of'),
    name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
  }),
  kind: Kind,
  wish: Wish,
  wishVnd: Nullable(Money('How much is wished back')),
  state: State,
  answerBy: Nullable(Instant('Until when the business is to answer; null where an officer was called at once')),
  answeredAt: Nullable(Instant('When it answered')),
  dueAt: Nullable(Instant('When the clock of this step runs out')),
  escalatedAt: Nullable(Instant('Since when an officer has had it')),
  overdue: Type.Boolean({ description: 'An officer was later than the published time', examples: [false] }),
  offerKind: MaybeOffer,
  offerVnd: Nullable(Money('What the business offers to give back')),
  verdict: MaybeVerdict,
  refundVnd: Money('What went back in all'),
  warned: Type.Boolean({ description: 'The business was warned', examples: [false] }),
  reportedTo: Nullable(Text('The authority to which it was reported', 200, 'Sở Công Thương Cần Thơ')),
  createdAt: Instant('When it was filed'),
};
export const ComplaintDocument = Type.Object(
  {
    ...head,
    messages: Type.Array(
      Type.Object({
        author: Type.Enum([...AUTHORS], { description: 'Who says it', examples: ['shopper'] }),
        text: Words('What is said', 'Hàng giao trễ ba ngày'),
        photoCount: Count('Photos that go with it', 2),
        at: Instant('When'),
      }),
      { description: 'Oldest first', maxItems: 1_000 },
    ),
    events: Type.Array(
      Type.Object({
        type: Type.Enum([...COMPLAINT_EVENTS], { description: 'What happened', examples: ['filed'] }),
        at: Instant('When'),
      }),
      { description: 'Oldest first', maxItems: 1_000 },
    ),
  },
  { title: 'Complaint' },
);
export const ComplaintList = Type.Object(
  {
    items: Type.Array(Type.Object(head), { description: 'Newest first, without what was said', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'ComplaintList' },
);
export const ComplaintDecided = Type.Object(
  { code: head.code, state: State, verdict: head.verdict, refundVnd: head.refundVnd },
  { title: 'ComplaintDecided' },
);
