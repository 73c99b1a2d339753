import { Type } from '@fastify/type-provider-typebox';
import { Code, IdOf, Instant, Nullable, Text } from '#http/schema.ts';

const day = (description: string) => Nullable(Type.String({ format: 'date', description, examples: ['2026-11-20'] }));

export const BatchCodeParams = Type.Object({ code: Text('Code on the package', 20, 'ST7K3M9Q2XAB') });
export const BatchProductParams = Type.Object({ productId: IdOf('Product', 'The product') });
export const BatchParams = Type.Object({ batchId: IdOf('Batch', 'The batch') });

export const BatchDocument = Type.Object(
  {
    batchId: IdOf('Batch', 'The batch'),
    code: Code('Code on the package'),
    lot: Text("The business's own number of the lot", 50, 'L2611-03'),
    harvestedOn: day('Day of harvest'),
    packedOn: day('Day of packing'),
    expiresOn: day('Best before'),
    quantityNote: Text('How much of it there is', 200, '120 túi'),
    reportNumber: Text('Number of the test report', 100, 'KN-2026-118'),
    reportSha256: Nullable(
      Text('SHA-256 of the test report', 64, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
    ),
    recalledAt: Nullable(Instant('When it was recalled')),
    recallReason: Nullable(Text('Why, and what buyers are to do', 1_000, 'Ngừng dùng, mang trả nơi mua')),
    product: Type.Object({
      productId: IdOf('Product', 'The product'),
      slug: Text('Name in addresses', 300, 'hanh-tim-vinh-chau-tui-luoi'),
      name: Text('Name', 300, 'Hành tím Vĩnh Châu túi lưới'),
    }),
    business: Type.Object({
      businessId: IdOf('Business', 'Who made it'),
      slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
      name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
    }),
  },
  { title: 'Batch' },
);
export const BatchList = Type.Object(
  { items: Type.Array(BatchDocument, { description: 'Newest first', maxItems: 100 }) },
  { title: 'BatchList' },
);
export const BatchBody = Type.Object(
  {
    lot: Text("The business's own number of the lot", 200, 'L2611-03'),
    harvestedOn: Type.Optional(day('Day of harvest')),
    packedOn: Type.Optional(day('Day of packing')),
    expiresOn: Type.Optional(day('Best before')),
    quantityNote: Type.Optional(Text('How much of it there is', 1_000, '120 túi')),
    reportNumber: Type.Optional(Text('Number of the test report', 1_000, 'KN-2026-118')),
  },
  { additionalProperties: false },
);
export const BatchCreated = Type.Object({ code: Code('Code for the package') }, { title: 'BatchCreated' });
export const RecallBody = Type.Object(
  { reason: Text('Why, and what buyers are to do', 2_000, 'Ngừng dùng, mang trả nơi mua') },
  { additionalProperties: false },
);
