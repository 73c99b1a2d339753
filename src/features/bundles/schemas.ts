import { Type } from '@fastify/type-provider-typebox';
import { DeliveryBody } from '#features/carts/index.ts';
import { Count, IdOf, Money, Nullable, ReferralToken, Text } from '#http/schema.ts';
import { BUNDLE_STATES, maxBoxes, maxItems } from './types.ts';

export const BundleParams = Type.Object({ bundle: Text('Id or slug of the box', 200, 'hop-qua-tet-1a2b') });
const Item = Type.Object(
  {
    variantId: IdOf('Variant', 'What is in it'),
    quantity: Type.Integer({ minimum: 1, maximum: 999, description: 'Pieces in one box', examples: [1] }),
  },
  { additionalProperties: false, title: 'BundleItem' },
);
export const BundleBody = Type.Object(
  {
    bundleId: IdOf('Bundle', 'The box'),
    slug: Text('Name in addresses', 200, 'hop-qua-tet-1a2b'),
    nameVi: Text('Name', 200, 'Hộp quà Tết Sóc Trăng'),
    nameEn: Text('Name in English', 200, 'Tết gift box of Sóc Trăng'),
    descriptionVi: Text('What it is', 2_000, 'Bánh pía, lạp xưởng và hành tím'),
    status: Type.Enum([...BUNDLE_STATES], { description: 'Whether it is sold' }),
    priceVnd: Money('Price of one box, without freight'),
    goodsVnd: Money('What its goods cost by themselves'),
    available: Count('Boxes that could be packed now', 12),
    needsAge: Type.Boolean({ description: 'Something in it is sold to adults only' }),
    items: Type.Array(
      Type.Object({
        variantId: IdOf('Variant', 'What is in it'),
        quantity: Count('Pieces in one box', 1, 1),
        name: Text('Name', 300, 'Bánh pía sầu riêng'),
        label: Text('Size', 200, 'hộp 4 cái'),
        productSlug: Text('Its product', 200, 'banh-pia-sau-rieng'),
        business: Type.Object({
          businessId: IdOf('Business', 'Who sells it'),
          name: Text('Name', 200, 'Bánh pía Tân Hưng'),
        }),
        priceVnd: Money('Price of one by itself'),
        image: Nullable(Text('Picture', 200, '/pictures/01900000-0000-7000-8000-000000000001/160')),
      }),
      { description: 'What is in a box', maxItems },
    ),
  },
  { title: 'Bundle' },
);
export const BundleListBody = Type.Object(
  { items: Type.Array(BundleBody, { description: 'Newest first', maxItems: 100 }) },
  { title: 'BundleList' },
);
export const NewBundleBody = Type.Object(
  {
    nameVi: Type.String({
      minLength: 3,
      maxLength: 200,
      pattern: '\\S',
      description: 'Name',
      examples: ['Hộp quà Tết'],
    }),
    nameEn: Type.Optional(Text('Name in English', 200, 'Tết gift box')),
    descriptionVi: Type.Optional(Text('What it is', 2_000, 'Bánh pía, lạp xưởng và hành tím')),
    priceVnd: Money('Price of one box: from 1,000 đồng up to what its goods cost'),
    items: Type.Array(Item, { minItems: 1, maxItems, description: 'What is in it, of two businesses at least' }),
  },
  {
    additionalProperties: false,
    examples: [
      {
        nameVi: 'Hộp quà Tết',
        priceVnd: 250_000,
        items: [{ variantId: '01900000-0000-7000-8000-000000000001', quantity: 1 }],
      },
    ],
  },
);
export const NewBundleCreated = Type.Object({ bundleId: IdOf('Bundle', 'The new box') }, { title: 'BundleCreated' });
export const BuyBody = Type.Object(
  {
    quantity: Type.Integer({ minimum: 1, maximum: maxBoxes, description: 'Boxes', examples: [1] }),
    ...DeliveryBody.properties,
    ageConfirmed: Type.Optional(
      Type.Boolean({ description: 'The buyer has said to be 18 or older', examples: [true] }),
    ),
    expectedTotalVnd: Type.Optional(Money('What the buyer was told it costs with freight')),
    referral: Type.Optional(ReferralToken),
  },
  {
    additionalProperties: false,
    examples: [
      {
        quantity: 1,
        recipient: { name: 'Nguyễn Thị Bé', phone: '0912345678' },
        address: { line: '12 Đường Hai Bà Trưng', provinceCode: '92', wardCode: '31507' },
      },
    ],
  },
);
