import { type Static, Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { maxPhotos, maxWords } from './rules.ts';
import { REVIEW_SORTS, REVIEW_STATES, REVIEW_VERDICTS } from './types.ts';

const OrderCode = Text('The order', 40, 'ST7K3M9Q2XAB');
export const ReviewOrderParams = Type.Object({ code: OrderCode });
export const ReviewParams = Type.Object({ reviewId: IdOf('Review', 'The review') });
export const OwnReviewParams = Type.Object({ code: OrderCode, reviewId: IdOf('Review', 'The review') });
export const ReviewProductParams = Type.Object({
  productId: Text('Id or slug of the product', 300, 'hanh-tim-vinh-chau-tui-luoi'),
});
export const ReviewPhotoParams = Type.Object({
  fileId: IdOf('StoredFile', 'The photo'),
  width: Type.Integer({ minimum: 1, maximum: 4_096, description: 'Pixels', examples: [640] }),
});
export type PhotoParams = Static<typeof ReviewPhotoParams>;

const Points = Type.Integer({ minimum: 1, maximum: 5, description: 'Points of five', examples: [5] });
const Words = (description: string) => Text(description, maxWords, 'Hành thơm, củ chắc, gói cẩn thận.');
const State = Type.Enum([...REVIEW_STATES], { description: 'Whether everybody reads it', examples: ['published'] });
const Phone = Type.Optional(
  Text('Phone number of the order; not needed by the account whose proved number it is', 30, '0912345678'),
);

export const ReviewBody = Type.Object(
  {
    phone: Phone,
    variantId: IdOf('Variant', 'A line of the order; the review is of its product'),
    points: Points,
    text: Type.Optional(Words('What there is to say')),
    named: Type.Optional(
      Type.Boolean({ description: 'Whether the shortened name is shown', default: true, examples: [true] }),
    ),
  },
  { additionalProperties: false },
);
export const ReviewPhotoBody = FormBody(
  { phone: Phone, photo: FilePart('A JPEG, PNG or WebP picture') },
  { title: 'ReviewPhoto' },
);
export const ReplyBody = Type.Object({ text: Words('The answer') }, { additionalProperties: false });
export const FlagBody = Type.Object({ reason: Words('What is wrong with it') }, { additionalProperties: false });
export const VerdictBody = Type.Object(
  {
    verdict: Type.Enum([...REVIEW_VERDICTS], { description: 'What becomes of it', examples: ['hide'] }),
    reason: Type.Optional(Words('Why it is hidden; needed for that')),
  },
  { additionalProperties: false },
);

export const PageQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const ProductReviewQuery = Type.Object({
  ...PageQuery.properties,
  sort: Type.Optional(
    Type.Enum([...REVIEW_SORTS], {
      description: 'Newest first, or those with photos and many words first',
      examples: ['newest'],
    }),
  ),
});
export const StaffReviewQuery = Type.Object({
  ...PageQuery.properties,
  state: Type.Optional(State),
  flagged: Type.Optional(
    Type.Boolean({ description: 'Only those that a seller flagged and nobody answered', examples: [true] }),
  ),
});

const shown = {
  reviewId: IdOf('Review', 'The review'),
  points: Points,
  text: Words('What the buyer says; may be empty'),
  name: Text('The buyer, shortened; empty where they are not named', 60, 'Nguyễn T. B.'),
  photos: Type.Array(Text('Address of a photo', 200, '/danh-gia/anh/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b/640'), {
    description: 'Photos of the buyer, without what the camera wrote into them',
    maxItems: maxPhotos,
  }),
  cameBack: Type.Boolean({ description: 'Whether goods or money of it went back', examples: [false] }),
  reply: Nullable(Words('What the seller answers')),
  createdAt: Instant('When it was written'),
  editedAt: Nullable(Instant('When it was changed')),
};
const Rating = Type.Object(
  {
    count: Count('Buyers who gave points', 12),
    average: Nullable(
      Type.Number({ minimum: 1, maximum: 5, description: 'Of five, with one decimal', examples: [4.6] }),
    ),
    distribution: Type.Array(Count('Buyers', 2), {
      description: 'How many gave one point, two, … five',
      minItems: 5,
      maxItems: 5,
      examples: [[0, 0, 1, 2, 9]],
    }),
  },
  { title: 'Rating' },
);
export const ProductReviews = Type.Object(
  {
    rating: Rating,
    items: Type.Array(Type.Object(shown, { title: 'ShownReview' }), {
      description: 'In the order asked for',
      maxItems: 100,
    }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'ProductReviews' },
);
export const ReviewDocument = Type.Object(
  {
    ...shown,
    state: State,
    reason: Nullable(Words('Why an officer hid it')),
    replyState: Nullable(Text('Of the answer: waiting, published or hidden', 20, 'published')),
    flagReason: Nullable(Words('What the seller has against it')),
    flagAnsweredAt: Nullable(Instant('When an officer answered that')),
    product: Type.Object({ productId: IdOf('Product', 'The product'), name: Text('Name', 300, 'Hành tím sấy') }),
  },
  { title: 'Review' },
);
export const ReviewList = Type.Object(
  {
    items: Type.Array(ReviewDocument, { description: 'Newest first', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'ReviewList' },
);
