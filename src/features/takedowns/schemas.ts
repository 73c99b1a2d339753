import { Type } from '@fastify/type-provider-typebox';
import { CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { TAKEDOWN_STATES } from './types.ts';

export const TakedownParams = Type.Object({ takedownId: IdOf('Takedown', 'The request') });
export const TakedownQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const TakedownBody = Type.Object(
  {
    productId: IdOf('Product', 'The product that is to go'),
    requestNumber: Text("Number of the authority's paper", 200, '1123/QLTT-NV'),
    authority: Text('Who asks', 300, 'Chi cục Quản lý thị trường'),
    reason: Text('Why', 5_000, 'Ghi công dụng như thuốc chữa bệnh'),
    receivedAt: Instant('When the request came in; the 24 hours run from then'),
  },
  { additionalProperties: false },
);
export const DecisionBody = Type.Object(
  { decision: Text('Number of the paper that says so, or why', 1_000, '1140/QLTT-NV') },
  { additionalProperties: false },
);
export const TakedownCreated = Type.Object(
  { takedownId: IdOf('Takedown', 'The request') },
  { title: 'TakedownCreated' },
);
export const TakedownDocument = Type.Object(
  {
    takedownId: IdOf('Takedown', 'The request'),
    requestNumber: Text("Number of the authority's paper", 100, '1123/QLTT-NV'),
    authority: Text('Who asked', 200, 'Chi cục Quản lý thị trường'),
    reason: Text('Why', 2_000, 'Ghi công dụng như thuốc chữa bệnh'),
    status: Type.Enum([...TAKEDOWN_STATES], { description: 'What became of it', examples: ['down'] }),
    receivedAt: Instant('When the request came in'),
    dueAt: Instant('By when the product has to be gone'),
    downAt: Nullable(Instant('When it was taken down')),
    endedAt: Nullable(Instant('When it was restored or declined')),
    decision: Nullable(Text('Paper that ended it', 500, '1140/QLTT-NV')),
    product: Type.Object({
      productId: IdOf('Product', 'The product'),
      slug: Text('Name in addresses', 300, 'tra-mang-cau'),
      name: Text('Name', 20_000, 'Trà mãng cầu'),
      status: Text('State in the catalogue', 20, 'taken-down'),
    }),
    business: Type.Object({
      businessId: IdOf('Business', 'Who sells it'),
      slug: Text('Name in addresses', 200, 'co-so-tra-mang-cau'),
      name: Text('Name', 200, 'Cơ sở Trà mãng cầu'),
    }),
  },
  { title: 'Takedown' },
);
export const TakedownList = Type.Object(
  {
    items: Type.Array(TakedownDocument, { description: 'Newest first', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'TakedownList' },
);
