import { Type } from '@fastify/type-provider-typebox';
import { Code, IdOf, Money, Nullable, Text } from '#http/schema.ts';
import { maxQuantity } from './types.ts';

const CartId = Type.String({
  pattern: '^[A-Za-z0-9_-]{22}$',
  description: 'The secret of the cart: 128 random bits',
  examples: ['mJ0vS2u8Qk6h1x9L3y7ZaA'],
});
export const CartParams = Type.Object({ cartId: Text('Secret of the cart', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA') });
export const LineParams = Type.Object({
  cartId: Text('Secret of the cart', 100),
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
  },
  {
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
    { expectedTotalVnd: Type.Optional(Money('What the shopper was shown; another total is refused')) },
    { additionalProperties: false, examples: [{ expectedTotalVnd: 185_000 }] },
  ),
);
export const OpenBody = Type.Optional(Type.Object({}, { additionalProperties: false, examples: [{}] }));

const Recipient = Type.Object({
  name: Name,
  phone: Text('Phone in E.164', 20),
  email: Type.Optional(Text('E-mail', 200)),
});
const Address = Type.Object({
  line: Line,
  provinceCode: Text('Province', 2),
  wardCode: Type.Optional(Text('Ward code', 5)),
  ward: Text('Ward', 120),
});

export const CartBody = Type.Object({
  cartId: CartId,
  status: Type.Enum(['open', 'ordered'], { description: 'An ordered cart changes no more' }),
  groupCode: Nullable(Code('Order group it became')),
  version: Type.Integer({ minimum: 1, description: 'Grows with each change; the ETag' }),
  lines: Type.Array(
    Type.Object({
      variantId: IdOf('Variant', 'What is bought'),
      productId: IdOf('Product', 'Its product'),
      productSlug: Text('Name of the product in addresses', 300),
      businessId: IdOf('Business', 'Who sells it'),
      sku: Text('Code of the seller', 100),
      name: Text('Name', 300),
      label: Text('Size or kind', 200),
      quantity: Type.Integer({ minimum: 1, description: 'Pieces' }),
      priceVnd: Money('Price of one'),
      totalVnd: Money('Price of all'),
      available: Type.Integer({ description: 'Pieces that could be bought now' }),
      minOrder: Type.Integer({ minimum: 1, description: 'Fewest pieces' }),
      maxOrder: Type.Integer({ minimum: 1, description: 'Most pieces' }),
      forSale: Type.Boolean({ description: 'False: take it out before checkout' }),
      image: Nullable(Text('Path of a small picture', 300)),
    }),
    { description: 'Lines in the order they were added', maxItems: 100 },
  ),
  businesses: Type.Array(
    Type.Object({
      businessId: IdOf('Business', 'Who sells'),
      name: Text('Name', 200),
      slug: Text('Name in addresses', 200),
      subtotalVnd: Money('Goods'),
      shippingVnd: Money('Freight'),
    }),
    { description: 'The cart by business', maxItems: 100 },
  ),
  totalVnd: Money('Goods and freight of all'),
  delivery: Nullable(Type.Object({ recipient: Recipient, address: Address })),
});
