import { type Static, Type } from '@fastify/type-provider-typebox';
import { Code, Count, CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { RETURN_EVENTS, RETURN_REASONS, RETURN_STATES, RETURN_VERDICTS } from './types.ts';

const AnyCode = (description: string) => Text(description, 40, 'ST7K3M9Q2XAB');
/** With it the code opens what is a person's own; a session with that number proved needs none. */
const Phone = Type.Optional(
  Text('Phone number of the order; not needed by the account whose proved number it is', 30, '0912345678'),
);
const Words = (description: string, example: string) => Text(description, 5_000, example);
const Reason = Type.Enum([...RETURN_REASONS], { description: 'Why it goes back', examples: ['damaged'] });
const State = Type.Enum([...RETURN_STATES], { description: 'Where the return stands', examples: ['requested'] });

export const CareOrderParams = Type.Object({ code: AnyCode('The order') });
export const ReturnParams = Type.Object({ code: AnyCode('The return') });
export const ReturnPhotoParams = Type.Object({
  code: AnyCode('The return'),
  fileId: IdOf('StoredFile', 'The photo'),
  width: Type.Integer({ minimum: 1, maximum: 4_096, description: 'Pixels', examples: [640] }),
});

export type PhotoParams = Static<typeof ReturnPhotoParams>;

export const ReturnBody = Type.Object(
  {
    phone: Phone,
    reason: Reason,
    note: Type.Optional(Words('What is wrong, in the shopper’s words', 'Hai hũ bị vỡ nắp')),
    lines: Type.Array(
      Type.Object(
        { variantId: IdOf('Variant', 'The line'), quantity: Count('Pieces that go back', 2, 1) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 200, description: 'What goes back' },
    ),
  },
  { additionalProperties: false },
);
export const ProofBody = Type.Object({ phone: Phone }, { additionalProperties: false });
export const TrackReturnBody = Type.Object(
  { code: AnyCode('The return'), phone: Phone },
  { additionalProperties: false },
);
export const AppealBody = Type.Object(
  { phone: Phone, note: Words('Why the refusal is not right', 'Hàng vỡ trước khi tôi mở hộp') },
  { additionalProperties: false },
);
export const SendBackBody = Type.Object(
  {
    phone: Phone,
    carrier: Type.Optional(Text('Who carries it', 100, 'Bưu điện')),
    trackingNumber: Type.Optional(Text('Number of the parcel', 100, 'EB123456789VN')),
  },
  { additionalProperties: false },
);
export const PhotoBody = FormBody(
  { phone: Phone, photo: FilePart('A JPEG, PNG or WebP picture') },
  { title: 'ReturnPhoto' },
);

export const AcceptBody = Type.Object(
  {
    keepGoods: Type.Optional(
      Type.Boolean({ description: 'Nothing has to be sent back: the money goes back at once', examples: [false] }),
    ),
  },
  { additionalProperties: false },
);
export const WordsBody = Type.Object(
  { note: Words('Why, in words that the shopper reads', 'Ảnh cho thấy hũ đã mở và dùng') },
  { additionalProperties: false },
);
export const ReceiveBody = Type.Object(
  { restock: Type.Boolean({ description: 'Whether the pieces go back on the shelf', examples: [false] }) },
  { additionalProperties: false },
);
export const VerdictBody = Type.Object(
  {
    verdict: Type.Enum([...RETURN_VERDICTS], {
      description: 'The goods are sent back first, the money goes back now, or nothing goes back',
      examples: ['refund'],
    }),
    note: Words('The reasons, which both sides read', 'Ảnh cho thấy hàng vỡ khi giao'),
  },
  { additionalProperties: false },
);

export const ReturnQuery = Type.Object({
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
  state: Type.Optional(State),
  called: Type.Optional(Type.Boolean({ description: 'Only those for which an officer was called', examples: [true] })),
});
export const OwnReturnQuery = Type.Omit(ReturnQuery, ['called']);

export const ReturnDocument = Type.Object(
  {
    code: Code('The return'),
    orderCode: Code('Its order'),
    business: Type.Object({
      businessId: IdOf('Business', 'Who sold it'),
      name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
    }),
    state: State,
    reason: Reason,
    note: Words('What is wrong, in the shopper’s words', 'Hai hũ bị vỡ nắp'),
    lines: Type.Array(
      Type.Object({
        variantId: IdOf('Variant', 'The line'),
        name: Text('Name of the product', 300, 'Hành tím sấy'),
        label: Text('Which size', 200, 'Túi 500 g'),
        quantity: Count('Pieces that go back', 2, 1),
      }),
      { description: 'What goes back', maxItems: 200 },
    ),
    photoCount: Count('Photos that were sent with it', 2),
    expectedVnd: Money('What was paid for the pieces'),
    refundVnd: Nullable(Money('What went back in the end')),
    dueAt: Nullable(Instant('When the clock of this step runs out')),
    escalatedAt: Nullable(Instant('Since when an officer has been called')),
    sellerNote: Nullable(Words('What the seller says', 'Hũ đã mở')),
    appealNote: Nullable(Words('What the shopper says to that', 'Hũ vỡ trước khi mở')),
    officerNote: Nullable(Words('What the officer decided and why', 'Hoàn tiền')),
    carrier: Nullable(Text('Who carries it back', 100, 'Bưu điện')),
    trackingNumber: Nullable(Text('Number of that parcel', 100, 'EB123456789VN')),
    restock: Nullable(Type.Boolean({ description: 'Whether the pieces went back on the shelf', examples: [false] })),
    createdAt: Instant('When it was asked for'),
    events: Type.Array(
      Type.Object({
        type: Type.Enum([...RETURN_EVENTS], { description: 'What happened', examples: ['requested'] }),
        at: Instant('When'),
      }),
      { description: 'Oldest first', maxItems: 1_000 },
    ),
  },
  { title: 'Return' },
);
export const ReturnList = Type.Object(
  {
    items: Type.Array(ReturnDocument, { description: 'Newest first', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'ReturnList' },
);
