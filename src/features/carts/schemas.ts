import { Type } from '@fastify/type-provider-typebox';
import { FreightParts } from '#features/shipping/index.ts';
import { DELIVERY_METHODS } from '#features/shipping/types.ts';
import { NOT_APPLIED } from '#features/vouchers/types.ts';
import { Code, Count, IdOf, Instant, Money, Nullable, ReferralToken, Text } from '#http/schema.ts';
import { LOCALES } from '#web/locale.ts';
import { maxQuantity } from './types.ts';

const CartId = Type.String({
  pattern: '^[A-Za-z0-9_-]{22}$',
  description: 'The secret of the cart: 128 random bits',
  examples: ['mJ0vS2u8Qk6h1x9L3y7ZaA'],
});
export const CartParams = Type.Object({ cartId: Text('Secret of the cart', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA') });
export const LineParams = Type.Object({
  cartId: Text('Secret of the cart', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA'),
  variantId: IdOf('Variant', 'What to buy'),
});
export const LineBody = Type.Object(
  { quantity: Type.Integer({ minimum: 1, maximum: maxQuantity, description: 'Pieces', examples: [2] }) },
  { additionalProperties: false, examples: [{ quantity: 2 }] },
);

const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'Who receives the parcel',
  examples: ['Nguyễn Thị Bé'],
});
const Line = Type.String({
  minLength: 1,
  maxLength: 300,
  pattern: '\\S',
  description: 'House number, street or hamlet',
  examples: ['12 Đường Hai Bà Trưng'],
});
export const DeliveryBody = Type.Object(
  {
    recipient: Type.Object(
      {
        name: Name,
        phone: Text('Vietnamese phone number', 30, '0912345678'),
        email: Type.Optional(
          Type.String({
            format: 'email',
            maxLength: 200,
            description: 'For the confirmation',
            examples: ['be@thu.example'],
          }),
        ),
      },
      { additionalProperties: false },
    ),
    address: Type.Object(
      {
        line: Line,
        provinceCode: Type.String({
          pattern: '^\\d{2}$',
          description: 'Code of /v1/places/provinces',
          examples: ['92'],
        }),
        wardCode: Type.Optional(
          Type.String({ pattern: '^\\d{5}$', description: 'Ward code, where wards are loaded', examples: ['31507'] }),
        ),
        ward: Type.Optional(Text('Name of the ward, elsewhere', 120, 'Phường Ninh Kiều')),
      },
      { additionalProperties: false },
    ),
    language: Type.Optional(
      Type.Enum([...LOCALES], { description: 'In which the buyer is told of the order; Vietnamese without it' }),
    ),
    choices: Type.Optional(
      Type.Array(
        Type.Object(
          {
            businessId: IdOf('Business', 'A business of the cart'),
            method: Type.Enum([...DELIVERY_METHODS], {
              description: 'One of its `delivery.options`',
              examples: ['pickup'],
            }),
          },
          { additionalProperties: false },
        ),
        { maxItems: 100, description: 'How the goods of a business are to be had; sent where nothing is said' },
      ),
    ),
  },
  {
    title: 'DeliveryRequest',
    additionalProperties: false,
    examples: [
      {
        recipient: { name: 'Nguyễn Thị Bé', phone: '0912345678' },
        address: { line: '12 Đường Hai Bà Trưng', provinceCode: '92', wardCode: '31507' },
      },
    ],
  },
);
export const VoucherBody = Type.Object(
  { code: Text('Voucher; empty to take it off', 40, '') },
  { additionalProperties: false, examples: [{ code: '' }] },
);
export const CheckoutBody = Type.Optional(
  Type.Object(
    {
      expectedTotalVnd: Type.Optional(Money('What the shopper was shown; another total is refused')),
      ageConfirmed: Type.Optional(
        Type.Boolean({
          description: 'The buyer has said to be 18 or older; needed where needsAge of the cart is true',
          examples: [true],
        }),
      ),
      referral: Type.Optional(ReferralToken),
    },
    { additionalProperties: false, examples: [{ expectedTotalVnd: 185_000 }] },
  ),
);
export const OpenBody = Type.Optional(Type.Object({}, { additionalProperties: false, examples: [{}] }));

const Recipient = Type.Object({
  name: Name,
  phone: Text('Phone in E.164', 20, '+84912345678'),
  email: Type.Optional(Text('E-mail', 200, 'be@thu.example')),
});
const Address = Type.Object({
  line: Line,
  provinceCode: Text('Province', 2, '92'),
  wardCode: Type.Optional(Text('Ward code', 5, '31507')),
  ward: Text('Ward', 120, 'Phường Sóc Trăng'),
  province: Type.Optional(Text('Name of the province', 120, 'Thành phố Cần Thơ')),
});

const offer = {
  voucherId: IdOf('Voucher', 'The voucher'),
  code: Nullable(Text('Its code; null applies by itself', 20, 'TET2027')),
  name: Text('What it promises', 200, 'Giảm 10% bánh pía'),
  minimumVnd: Money('For goods of at least'),
  validUntil: Instant('Until when'),
  stackable: Type.Boolean({ description: 'May be combined with others', examples: [false] }),
};

export const CartBody = Type.Object(
  {
    cartId: CartId,
    status: Type.Enum(['open', 'ordered'], { description: 'An ordered cart changes no more' }),
    groupCode: Nullable(Code('Order group it became')),
    version: Count('Grows with each change; the ETag', 3, 1),
    lines: Type.Array(
      Type.Object({
        variantId: IdOf('Variant', 'What is bought'),
        productId: IdOf('Product', 'Its product'),
        productSlug: Text('Name of the product in addresses', 300, 'hanh-tim-vinh-chau-tui-luoi'),
        businessId: IdOf('Business', 'Who sells it'),
        sku: Text('Code of the seller', 100, 'ST-0001-A'),
        name: Text('Name', 300, 'Hành tím Vĩnh Châu túi lưới'),
        label: Text('Size or kind', 200, 'túi lưới 1 kg'),
        quantity: Count('Pieces', 2, 1),
        priceVnd: Money('Price of one'),
        totalVnd: Money('Price of all, VAT included'),
        discountVnd: Money('What vouchers take off them'),
        vatBps: Count('Rate of VAT, in basis points', 800),
        vatVnd: Money('VAT contained'),
        available: Type.Integer({ description: 'Pieces that could be bought now', examples: [118] }),
        minOrder: Count('Fewest pieces', 1, 1),
        maxOrder: Count('Most pieces', 20, 1),
        forSale: Type.Boolean({ description: 'False: take it out before checkout' }),
        image: Nullable(Text('Path of a small picture', 300, '/pictures/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b/160')),
      }),
      { description: 'Lines in the order they were added', maxItems: 100 },
    ),
    businesses: Type.Array(
      Type.Object({
        businessId: IdOf('Business', 'Who sells'),
        name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
        slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
        subtotalVnd: Money('Goods, VAT included'),
        discountVnd: Money('What vouchers take off'),
        vatVnd: Money('VAT that the goods contain'),
        shippingVnd: Money('Freight'),
        ...FreightParts,
        totalVnd: Money('Goods less discount, and freight'),
      }),
      { description: 'The cart by business', maxItems: 100 },
    ),
    discountVnd: Money('What vouchers take off in all'),
    vatVnd: Money('VAT that the goods contain'),
    totalVnd: Money('Goods less discounts, and freight, of all'),
    voucherCode: Nullable(Text('Voucher that was typed', 20, 'TET2027')),
    vouchers: Type.Array(Type.Object({ ...offer, amountVnd: Money('What it takes off') }), {
      description: 'Vouchers that take something off',
      maxItems: 20,
    }),
    vouchersNotApplied: Type.Array(
      Type.Object({
        ...offer,
        reason: Type.Enum([...NOT_APPLIED], { description: 'Why it takes nothing off' }),
        missingVnd: Money('How much goods are missing to its minimum'),
      }),
      {
        description: 'The typed voucher where it takes nothing off, and public ones that need a bit more',
        maxItems: 100,
      },
    ),
    needsAge: Type.Boolean({ description: 'Something in it is sold to adults only', examples: [false] }),
    delivery: Nullable(Type.Object({ recipient: Recipient, address: Address })),
  },
  { title: 'Cart' },
);
