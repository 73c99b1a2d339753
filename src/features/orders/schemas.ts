import { Type } from '@fastify/type-provider-typebox';
import { Code, Count, CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import { FULFILMENT_STATES, GROUP_STATES, ORDER_PAYMENT_STATES, ORDER_STATES } from './types.ts';

export const CodeParams = Type.Object({ code: Text('Code of a group or an order', 40, 'ST7K3M9Q2XAB') });

const order = {
  code: Code('The order'),
  business: Type.Object({
    businessId: IdOf('Business', 'Who sells'),
    name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
  }),
  subtotalVnd: Money('Goods'),
  shippingVnd: Money('Freight'),
  totalVnd: Money('Both'),
  status: Type.Enum([...ORDER_STATES], { description: 'State of the order' }),
  paymentStatus: Type.Enum([...ORDER_PAYMENT_STATES], { description: 'State of its money' }),
  fulfilmentStatus: Type.Enum([...FULFILMENT_STATES], { description: 'State of its parcel' }),
};
const group = {
  code: Code('The group'),
  status: Type.Enum([...GROUP_STATES], { description: 'State of the group' }),
  totalVnd: Money('What there is to pay'),
  expiresAt: Instant('Until when the goods are held'),
  createdAt: Instant('When it was ordered'),
};
export const GroupBody = Type.Object(
  {
    ...group,
    orders: Type.Array(Type.Object(order), { description: 'One order a business', maxItems: 100 }),
  },
  { title: 'OrderGroup' },
);

const Line = Type.Object(
  {
    variantId: IdOf('Variant', 'What was bought'),
    sku: Text('Code of the seller', 100, 'ST-0001-A'),
    name: Text('Name as sold', 300, 'Hành tím Vĩnh Châu túi lưới'),
    label: Text('Size as sold', 200, 'túi lưới 1 kg'),
    quantity: Count('Pieces', 2, 1),
    priceVnd: Money('Price of one'),
    totalVnd: Money('Price of all'),
  },
  { title: 'OrderLine' },
);
const Delivery = Type.Object(
  {
    recipient: Type.Object({
      name: Text('Name', 200, 'Nguyễn Thị Bé'),
      phone: Text('Phone in E.164', 20, '+84912345678'),
      email: Type.Optional(Text('E-mail', 200, 'be@thu.example')),
    }),
    address: Type.Object({
      line: Text('Street', 300, '12 Đường Hai Bà Trưng'),
      provinceCode: Text('Province', 2, '92'),
      wardCode: Type.Optional(Text('Ward code', 5, '31507')),
      ward: Text('Ward', 120, 'Phường Sóc Trăng'),
    }),
  },
  { title: 'Delivery' },
);
const lines = Type.Array(Line, { description: 'What was bought', maxItems: 100 });

export const TrackBody = Type.Object(
  {
    code: Text('Code of the group or of an order', 40, 'ST7K3M9Q2XAB'),
    phone: Text('Phone number of the order', 30, '0912345678'),
  },
  { additionalProperties: false, examples: [{ code: 'ST7K3M9Q2XAB', phone: '0912345678' }] },
);
export const TrackedBody = Type.Object(
  {
    ...group,
    delivery: Delivery,
    orders: Type.Array(
      Type.Object({
        ...order,
        carrier: Nullable(Text('Carrier', 100, 'GHN')),
        trackingNumber: Nullable(Text('Number of the parcel', 100, 'GHN123456')),
        lines,
        events: Type.Array(Type.Object({ type: Text('What happened', 40, 'paid'), at: Instant('When') }), {
          description: 'Oldest first',
          maxItems: 500,
        }),
      }),
      { description: 'One order a business', maxItems: 100 },
    ),
  },
  { title: 'TrackedOrderGroup' },
);

export const SellerQuery = Type.Object({
  status: Type.Optional(
    Type.Enum([...ORDER_STATES], { description: 'Only orders in this state', examples: ['placed'] }),
  ),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});
const SellerOrder = Type.Object(
  {
    ...order,
    groupCode: Code('The group it belongs to'),
    delivery: Delivery,
    confirmBy: Nullable(Instant('Confirm by then, or it is cancelled and refunded')),
    createdAt: Instant('When it was ordered'),
    carrier: Nullable(Text('Carrier', 100, 'GHN')),
    trackingNumber: Nullable(Text('Number of the parcel', 100, 'GHN123456')),
    lines,
  },
  { title: 'SellerOrder' },
);
export const SellerOrders = Type.Object(
  {
    items: Type.Array(SellerOrder, { description: 'Newest first', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'SellerOrderList' },
);
export const ShipBody = Type.Optional(
  Type.Object(
    {
      carrier: Type.Optional(Text('Carrier', 100, 'GHN')),
      trackingNumber: Type.Optional(Text('Number of the parcel', 100, 'GHN123456')),
    },
    { additionalProperties: false, examples: [{ carrier: 'GHN', trackingNumber: 'GHN123456' }] },
  ),
);
export const CancelBody = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 500,
      pattern: '\\S',
      description: 'Why; the shopper reads it',
      examples: ['Hết hàng'],
    }),
  },
  { additionalProperties: false, examples: [{ reason: 'Hết hàng' }] },
);
