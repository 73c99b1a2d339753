import { Type } from '@fastify/type-provider-typebox';
import { DeliveryBody } from '#features/carts/index.ts';
import { Code, Count, IdOf, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { LEG_METHODS, LEG_STATES } from './types.ts';

const cartId = Text('Secret of the cart', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA');
const partnerKey = Text('Key of the exchange', 100, 'can-tho');
const secret = Text('Secret of the leg: 128 random bits', 100, 'pQ2vS2u8Qk6h1x9L3y7ZbB');
const shippingCode = Text('One of `terms.shipping`', 100, 'standard');

export const CartParams = Type.Object({ cartId });
export const CartLineParams = Type.Object({ cartId, variantId: IdOf('Variant', 'What to buy') });
export const QuoteParams = Type.Object({ cartId, partnerKey });
export const LegParams = Type.Object({ legId: secret });
export const QuoteBody = Type.Object(
  { recipient: DeliveryBody.properties.recipient, address: DeliveryBody.properties.address },
  {
    title: 'LegQuoteRequest',
    additionalProperties: false,
    examples: [
      {
        recipient: { name: 'Nguyễn Thị Bé', phone: '0912345678' },
        address: { line: '12 Đường Hai Bà Trưng', provinceCode: '92', wardCode: '31507' },
      },
    ],
  },
);
export const AcceptBody = Type.Object(
  {
    shippingCode,
    totalVnd: Money('What the shopper was shown; another sum is refused'),
    ageConfirmed: Type.Optional(
      Type.Boolean({
        description: 'The buyer has said to be 18 or older; needed where terms.needsAge',
        examples: [true],
      }),
    ),
    method: Type.Optional(Type.Enum([...LEG_METHODS], { description: 'How it is paid; by card without it' })),
  },
  { additionalProperties: false, examples: [{ shippingCode: 'standard', totalVnd: 95_000, method: 'vietqr' }] },
);

const Terms = Type.Object({
  lines: Type.Array(
    Type.Object({
      uri: Text('The offer at its origin', 400, 'ocop://san.cantho.example/offer/0199d3a0'),
      name: Text('Name', 300, 'Bánh tét lá cẩm'),
      label: Text('Size or kind', 200, 'đòn 700 g'),
      quantity: Count('Pieces', 2, 1),
      unitVnd: Money('Price of one'),
      totalVnd: Money('Price of all'),
    }),
    { maxItems: 100, description: 'As the origin priced them' },
  ),
  shipping: Type.Array(
    Type.Object({
      code: shippingCode,
      vi: Text('Name', 200, 'Giao tận nơi'),
      en: Text('Name in English', 200, 'To the door'),
      amountVnd: Money('Freight'),
    }),
    { maxItems: 20, description: 'Ways of sending; one is chosen' },
  ),
  goodsVnd: Money('Goods'),
  expiresAt: Instant('Until when the prices hold'),
  needsAge: Type.Boolean({ description: 'Sold to adults only', examples: [false] }),
});

export const LegBody = Type.Object(
  {
    legId: secret,
    code: Code('By which people call it'),
    exchange: Type.Object({
      key: partnerKey,
      name: Text('Name', 200, 'Sàn Cần Thơ'),
      nameEn: Text('Name in English', 200, 'Cần Thơ exchange'),
      url: Text('Its address', 300, 'https://san.cantho.example'),
    }),
    state: Type.Enum([...LEG_STATES], { description: 'How far it has come' }),
    stateSince: Instant('Since when'),
    reason: Nullable(Text('Why it was not bought', 200, 'quantity-unavailable')),
    terms: Nullable(Terms),
    shippingCode: Nullable(shippingCode),
    totalVnd: Nullable(Money('Goods and freight; what was accepted, once it was')),
    captured: Type.Boolean({ description: 'Whether the money was taken', examples: [false] }),
    method: Type.Enum([...LEG_METHODS], { description: 'By card, or by a transfer while the goods are held' }),
    receivedVnd: Money('What came for it'),
    transfer: Nullable(
      Type.Object({
        payload: Text('What the code says', 600, '00020101021238'),
        memo: Text('Of the transfer', 50, 'ST0123456789'),
        bankBin: Text('NAPAS BIN', 10, '970436'),
        accountNumber: Text('Account', 40, '0123456789'),
        accountName: Text('Its holder', 100, 'SAN CHO NOI'),
        amountVnd: Money('What is still to come'),
        until: Instant('When the goods are let go'),
      }),
    ),
    redirectUrl: Nullable(
      Text('Where it is paid, while that is awaited', 2_000, 'https://checkout.stripe.com/c/pay/cs_1'),
    ),
    orderCode: Nullable(Text('Code of the order at its origin', 100, 'CT0123456789')),
    trackingNumber: Nullable(Text('Of the parcel', 200, 'VN123456789')),
    confirmBy: Nullable(Instant('Until when the origin holds the goods')),
    refundedVnd: Money('What goes back, or went'),
  },
  { title: 'ExchangeLeg' },
);

export const LegsBody = Type.Object(
  {
    baskets: Type.Array(
      Type.Object({
        partnerKey,
        name: Text('Name of the exchange', 200, 'Sàn Cần Thơ'),
        isOrderable: Type.Boolean({ description: 'Whether it takes orders now', examples: [true] }),
        goodsVnd: Money('At the prices as we know them; a quote decides'),
        lines: Type.Array(
          Type.Object({
            variantId: IdOf('Variant', 'What is bought'),
            productSlug: Text('Name of the product in addresses', 300, 'banh-tet-la-cam-can-tho-1a2b3c'),
            name: Text('Name', 300, 'Bánh tét lá cẩm'),
            label: Text('Size or kind', 200, 'đòn 700 g'),
            quantity: Count('Pieces', 2, 1),
            priceVnd: Money('Price of one, as last heard'),
          }),
          { maxItems: 100, description: 'Lines in the order they were added' },
        ),
      }),
      { maxItems: 100, description: 'Goods of other exchanges in the cart, by exchange' },
    ),
    legs: Type.Array(LegBody, { maxItems: 1_000, description: 'What was quoted or bought of this cart' }),
  },
  { title: 'ExchangeLegs' },
);
