import { Type } from '@fastify/type-provider-typebox';
import { Point } from '#features/shipping/index.ts';
import { DELIVERY_METHODS } from '#features/shipping/types.ts';
import { Code, Count, CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import type { Confirmation } from './rules/confirmation.ts';
import {
  FULFILMENT_STATES,
  GROUP_STATES,
  ORDER_PAYMENT_STATES,
  ORDER_STATES,
  SETTLEMENTS,
  SHIPMENT_STATES,
} from './types.ts';

export const CodeParams = Type.Object({ code: Text('Code of a group or an order', 40, 'ST7K3M9Q2XAB') });

const order = {
  code: Code('The order'),
  business: Type.Object({
    businessId: IdOf('Business', 'Who sells'),
    name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
  }),
  subtotalVnd: Money('Goods, VAT included'),
  discountVnd: Money('What vouchers take off the goods'),
  vatVnd: Money('VAT that the goods contain'),
  shippingVnd: Money('Freight'),
  deliveryMethod: Type.Enum([...DELIVERY_METHODS], { description: 'Sent, or collected by the buyer' }),
  pickupPoint: Nullable(Point),
  totalVnd: Money('Goods less discount, and freight'),
  status: Type.Enum([...ORDER_STATES], { description: 'State of the order' }),
  paymentStatus: Type.Enum([...ORDER_PAYMENT_STATES], { description: 'State of its money' }),
  fulfilmentStatus: Type.Enum([...FULFILMENT_STATES], { description: 'State of its parcel' }),
  settlement: Type.Enum([...SETTLEMENTS], {
    description: 'Whom its money is paid to: the exchange, or the business itself',
  }),
};
const group = {
  code: Code('The group'),
  status: Type.Enum([...GROUP_STATES], { description: 'State of the group' }),
  totalVnd: Money('What there is to pay'),
  expiresAt: Instant('Until when the goods are held'),
  createdAt: Instant('When it was ordered'),
  bundle: Nullable(
    Type.Object(
      { name: Text('Its name', 200, 'Hộp quà Tết'), quantity: Count('Boxes', 1, 1) },
      { description: 'The gift boxes that the group is; it is called off as a whole' },
    ),
  ),
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
    totalVnd: Money('Price of all, VAT included'),
    discountVnd: Money('What vouchers take off them'),
    vatBps: Count('Rate of VAT, in basis points', 800),
    vatVnd: Money('VAT contained'),
    cancelledQuantity: Count('Pieces that were called off', 0),
    returnedQuantity: Count('Pieces that came back', 0),
  },
  { title: 'OrderLine' },
);
const Pieces = Type.Object(
  { variantId: IdOf('Variant', 'What was bought'), quantity: Count('Pieces', 1, 1) },
  { title: 'Pieces', additionalProperties: false },
);
const Shipment = Type.Object(
  {
    code: Code('The parcel'),
    state: Type.Enum([...SHIPMENT_STATES], { description: 'Where it is' }),
    carrier: Nullable(Text('Carrier', 100, 'GHN')),
    trackingNumber: Nullable(Text('Its number at the carrier', 100, 'GHN123456')),
    createdAt: Instant('When it was packed'),
    updatedAt: Instant('When it last changed'),
    lines: Type.Array(Pieces, { description: 'What is in it', maxItems: 100 }),
  },
  { title: 'Shipment' },
);
const parcel = {
  carrier: Nullable(Text('Carrier of the last parcel', 100, 'GHN')),
  trackingNumber: Nullable(Text('Number of the last parcel', 100, 'GHN123456')),
  shipments: Type.Array(Shipment, { description: 'Parcels, oldest first', maxItems: 1_000 }),
};
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
      province: Type.Optional(Text('Name of the province', 120, 'Thành phố Cần Thơ')),
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
        ...parcel,
        version: Count('Grows with each change', 3, 1),
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

export const ConfirmationBody = Type.Object(
  {
    content: Type.Unsafe<Confirmation>(
      Type.Object(
        {
          version: Count('Of this form', 1, 1),
          group: Code('The group'),
        },
        {
          additionalProperties: true,
          description: 'Seller, goods, prices, taxes, freight, payment and terms of that day',
        },
      ),
    ),
    sha256: Text(
      'SHA-256 of the canonical JSON of content, in hex',
      64,
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ),
    delivery: Nullable(Delivery),
    madeAt: Instant('When it was made'),
  },
  { title: 'OrderConfirmation' },
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
    partner: Nullable(
      Type.Object(
        {
          key: Text('Our name for it', 60, 'an-giang'),
          name: Text('Name of the exchange', 200, 'Sàn OCOP An Giang'),
        },
        { description: 'The exchange that sold it to a shopper of its own; it has collected the price' },
      ),
    ),
    version: Count('Grows with each change', 3, 1),
    promotionVnd: Money('What of the discount the exchange pays the business for'),
    commissionVnd: Money('Fee of the exchange, frozen on the sale'),
    commissionVatVnd: Money('VAT on the fee'),
    delivery: Delivery,
    sendBy: Nullable(Instant('Send by then; the public figures of the business count it')),
    confirmBy: Nullable(Instant('Confirm by then, or it is cancelled and refunded')),
    createdAt: Instant('When it was ordered'),
    ...parcel,
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
const somePieces = Type.Optional(
  Type.Array(Pieces, {
    minItems: 1,
    maxItems: 100,
    description: 'Some pieces only; all that is open without it',
  }),
);
export const PackBody = Type.Optional(
  Type.Object(
    { lines: somePieces },
    {
      additionalProperties: false,
      examples: [{ lines: [{ variantId: '01900000-0000-7000-8000-000000000001', quantity: 1 }] }],
    },
  ),
);
export const ShipBody = Type.Optional(
  Type.Object(
    {
      carrier: Type.Optional(Text('Carrier', 100, 'GHN')),
      trackingNumber: Type.Optional(Text('Number of the parcel', 100, 'GHN123456')),
      lines: somePieces,
    },
    { additionalProperties: false, examples: [{ carrier: 'GHN', trackingNumber: 'GHN123456' }] },
  ),
);
export const ShipmentParams = Type.Object({
  code: Text('Code of the order', 40, 'ST7K3M9Q2XAB'),
  shipment: Text('Code of the parcel', 40, 'ST7K3M9Q2XAC'),
});
export const ShipmentBody = Type.Object(
  { state: Type.Enum([...SHIPMENT_STATES], { description: 'Where it is now', examples: ['delivered'] }) },
  { additionalProperties: false, examples: [{ state: 'delivered' }] },
);
const cancelling = {
  lines: Type.Optional(
    Type.Array(Pieces, { minItems: 1, maxItems: 100, description: 'Some pieces only; all that is left without it' }),
  ),
  version: Type.Optional(Count('The version of the order that was looked at; 409 when it has changed since', 2, 1)),
};
export const ShopperCancelBody = Type.Object(
  {
    phone: Type.Optional(
      Text('Phone number of the order; not needed where one is signed in and has proved it', 30, '0912345678'),
    ),
    reason: Type.Optional(
      Type.String({ maxLength: 500, description: 'Why; the seller reads it', examples: ['Đặt nhầm'] }),
    ),
    ...cancelling,
  },
  { additionalProperties: false, examples: [{ phone: '0912345678', reason: 'Đặt nhầm' }] },
);
export const CancelledBody = Type.Object(
  {
    code: Code('The order'),
    status: Type.Enum([...ORDER_STATES], { description: 'Its state: cancelled when no piece is left' }),
    paymentStatus: Type.Enum([...ORDER_PAYMENT_STATES], { description: 'State of its money' }),
    refundVnd: Money('What goes back'),
  },
  { title: 'CancelledOrder' },
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
    ...cancelling,
  },
  { additionalProperties: false, examples: [{ reason: 'Hết hàng' }] },
);
