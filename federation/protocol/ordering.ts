import { type Static, Type } from 'typebox';
import { canonicalForm, sha256Hex } from './canonical.ts';
import type { PeerProblemCode } from './problems.ts';
import { Digest } from './record.ts';
import { URI_PATTERN } from './uri.ts';

/** The lane of the feed of orders, in cursors and nudges. Records never travel in it. */
export const ORDER_LANE = 'orders';

/** Milliseconds. Whoever has a quote has the time to show it and to be paid. */
export const MIN_QUOTE_LIFE_MS = 10 * 60_000;
/** Milliseconds. Authorisations of cards lapse, and goods that are held are sold to nobody. */
export const MAX_HOLD_MS = 24 * 3_600_000;
export const MAX_QUOTE_LINES = 100;
export const MAX_ORDER_CHANGES = 200;

/** `reserved` holds the stock until `confirmBy`; from `confirmed` on the goods are sold and the partner owes for them. */
export const REMOTE_ORDER_STATES = [
  'reserved',
  'confirmed',
  'packed',
  'shipped',
  'delivered',
  'cancelled',
  'expired',
] as const;

const open = { additionalProperties: true } as const;
const Uri = Type.String({ pattern: URI_PATTERN, maxLength: 400 });
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$' });
const Name = Type.Object(
  { vi: Type.String({ minLength: 1, maxLength: 200 }), en: Type.Optional(Type.String({ maxLength: 200 })) },
  open,
);
const Code = Type.String({ minLength: 1, maxLength: 100 });
const Revision = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const Province = Type.String({
  minLength: 1,
  maxLength: 20,
  description: 'Code of the General Statistics Office, 2025',
});
const Ward = Type.String({ minLength: 1, maxLength: 200, description: 'Its code, or its name as people write it' });

/** Whole đồng, as in offer.json, but of sums: free freight is 0, and a balance may be owed the other way round. */
const money = (minimum: number) =>
  Type.Object(
    {
      amount: Type.Integer({ minimum, maximum: 1_000_000_000_000 }),
      currency: Type.Literal('VND'),
      taxIncluded: Type.Boolean(),
    },
    open,
  );
const Price = money(1);
const Sum = money(0);
const Balance = money(-1_000_000_000_000);
export type Money = Static<typeof Sum>;
/** What the shopper pays holds the tax, and so does all money in orders. */
export const moneyOf = (amount: number): Money => ({ amount, currency: 'VND', taxIncluded: true });

export const QuoteRequest = Type.Object(
  {
    lines: Type.Array(
      Type.Object(
        {
          uri: Uri,
          rev: Type.Optional({ ...Revision, description: 'Revision of the offer that the shopper saw' }),
          quantity: Quantity,
          expectedUnit: Type.Optional({ ...Price, description: 'Another price than this is refused: price-changed' }),
        },
        open,
      ),
      { minItems: 1, maxItems: MAX_QUOTE_LINES, description: 'Offers, each once' },
    ),
    destination: Type.Object({ province: Province, ward: Type.Optional(Ward) }, open),
  },
  { ...open, $id: 'quote-request.json', title: 'What would these offers cost, sent there' },
);

const PricedLine = Type.Object({ uri: Uri, rev: Revision, quantity: Quantity, unit: Price, total: Price }, open);
const ShippingOption = Type.Object({ code: Code, title: Name, amount: Sum }, open);

export const Quote = Type.Object(
  {
    quoteId: Code,
    lines: Type.Array(PricedLine, { minItems: 1, maxItems: MAX_QUOTE_LINES }),
    shipping: Type.Array(ShippingOption, { minItems: 1, maxItems: 20, description: 'One of them is chosen' }),
    goods: Type.Unsafe<Money>({ ...Price, description: 'Sum of the lines' }),
    expiresAt: Type.String({ ...Instant, description: `At least ${MIN_QUOTE_LIFE_MS / 60_000} minutes from now` }),
    termsHash: Type.String({
      ...Digest,
      description: 'SHA-256 of the canonical form of {lines, shipping, goods, expiresAt}',
    }),
    hold: Type.Enum(['none'], { description: 'A quote holds no stock' }),
    needsAge: Type.Optional(
      Type.Boolean({ description: 'Something in it is sold only to who is 18 or older: ask, and say ageConfirmed' }),
    ),
  },
  { ...open, $id: 'quote.json', title: 'Prices that hold until expiresAt' },
);

export const OrderRequest = Type.Object(
  {
    quoteId: Code,
    termsHash: Digest,
    shippingCode: Code,
    recipient: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 200 }),
        phone: Type.String({ minLength: 1, maxLength: 30 }),
        email: Type.Optional(Type.String({ maxLength: 200 })),
        line: Type.String({ minLength: 1, maxLength: 300, description: 'House, street or hamlet' }),
        ward: Type.Optional(Ward),
        province: Province,
      },
      { ...open, description: 'Who receives the parcel: the only personal data that travel, and only here' },
    ),
    buyer: Type.Object(
      { code: Type.String({ minLength: 1, maxLength: 100, description: 'Your own code of the order' }) },
      open,
    ),
    payment: Type.Enum(['exchange'], { description: 'You collect, and settle daily' }),
    ageConfirmed: Type.Optional(Type.Boolean({ description: 'The shopper has said to be 18 or older' })),
  },
  { ...open, $id: 'order-request.json', title: 'Holds what was quoted until confirmBy' },
);

const orderMembers = {
  orderId: Code,
  code: Type.String({ minLength: 1, maxLength: 100, description: 'The code that people see at the origin' }),
  key: Type.String({ minLength: 1, maxLength: 200, description: 'The Idempotency-Key that made it' }),
  rev: { ...Revision, description: 'Grows with every change; the higher one is newer' },
  state: Type.Enum([...REMOTE_ORDER_STATES]),
  lines: Type.Array(
    Type.Object(
      {
        ...PricedLine.properties,
        cancelled: Type.Optional(Type.Integer({ minimum: 0, description: 'Pieces that were called off' })),
      },
      open,
    ),
    { minItems: 1, maxItems: MAX_QUOTE_LINES },
  ),
  shipping: ShippingOption,
  total: Type.Unsafe<Money>({ ...Price, description: 'Goods and shipping, as they were ordered' }),
  confirmBy: Type.String({
    ...Instant,
    description: `At most ${MAX_HOLD_MS / 3_600_000} hours after it was reserved`,
  }),
  confirmedAt: Type.Optional(Type.String({ ...Instant, description: 'Decides the day of its settlement' })),
  refunds: Type.Optional(
    Type.Array(Type.Object({ amount: Price, at: Instant }, open), {
      maxItems: 1000,
      description: 'What you no longer owe, and give back to the shopper',
    }),
  ),
  cancelReason: Type.Optional(Type.String({ maxLength: 500 })),
  trackingNumber: Type.Optional(Type.String({ maxLength: 200 })),
  at: Type.String({ ...Instant, description: 'When the origin made this revision' }),
};
export const RemoteOrder = Type.Object(orderMembers, {
  ...open,
  $id: 'order.json',
  title: 'An order as its origin has it',
});

export const OrderConfirm = Type.Object(
  { total: Price },
  { ...open, $id: 'order-confirm.json', title: 'The shopper has paid: the goods are bought' },
);
export const OrderCancel = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }) },
  { ...open, $id: 'order-cancel.json', title: 'The goods are not wanted any more' },
);

export const OrderChanges = Type.Object(
  {
    items: Type.Array(Type.Object(orderMembers, open), {
      maxItems: MAX_ORDER_CHANGES,
      description: 'Each as order.json has it',
    }),
    next: Type.String({ minLength: 1, maxLength: 1000, description: 'Cursor of the next page, also after the last' }),
    hasMore: Type.Boolean(),
  },
  { ...open, $id: 'order-changes.json', title: 'Orders of the asking exchange that changed, each as it is now' },
);

const SettledOrder = Type.Object(
  {
    orderId: Code,
    state: Type.Enum([...REMOTE_ORDER_STATES], { description: 'As it is now; no part of the root' }),
    goods: Type.Unsafe<Money>({ ...Sum, description: 'Of goods confirmed that day' }),
    shipping: Type.Unsafe<Money>({ ...Sum, description: 'Of freight confirmed that day' }),
    refunded: Type.Unsafe<Money>({ ...Sum, description: 'Refunded that day, whenever it was confirmed' }),
  },
  open,
);

export const Settlement = Type.Object(
  {
    day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'In Asia/Ho_Chi_Minh' }),
    currency: Type.Literal('VND'),
    orders: Type.Array(SettledOrder, { maxItems: 100_000 }),
    due: Type.Unsafe<Money>({
      ...Balance,
      description: 'Goods and shipping less what was refunded; may be below zero',
    }),
    root: Type.String({
      ...Digest,
      description: 'SHA-256 over the sorted lines `orderId goods shipping refunded`, each ended by a line feed',
    }),
  },
  {
    ...open,
    $id: 'settlement.json',
    title: 'What the asking exchange owes for one day, as the books of the origin say',
  },
);

export type QuoteRequest = Static<typeof QuoteRequest>;
export type Quote = Static<typeof Quote>;
export type OrderRequest = Static<typeof OrderRequest>;
export type RemoteOrder = Static<typeof RemoteOrder>;
export type OrderChanges = Static<typeof OrderChanges>;
export type Settlement = Static<typeof Settlement>;

/** Whatever has these members: a quote that is made or that came, or one that was only parsed. */
type Terms = Readonly<Record<'lines' | 'shipping' | 'goods' | 'expiresAt', unknown>>;
type Amount = { readonly amount: number };

/** What both sides agree on: SHA-256 of the canonical form of the four members that say what is paid, and until when. */
export const termsHashOf = ({ lines, shipping, goods, expiresAt }: Terms): string =>
  sha256Hex(canonicalForm({ lines, shipping, goods, expiresAt }));

/** One hash over a day's orders, whatever their order. Each side computes it from its own books. */
export function settlementRoot(
  orders: readonly {
    readonly orderId: string;
    readonly goods: Amount;
    readonly shipping: Amount;
    readonly refunded: Amount;
  }[],
): string {
  const lines = orders.map(
    ({ orderId, goods, shipping, refunded }) => `${orderId} ${goods.amount} ${shipping.amount} ${refunded.amount}\n`,
  );
  return sha256Hex(lines.sort((a, b) => (a < b ? -1 : 1)).join(''));
}

/** Refusals after which the same request, with the same key, may yet succeed: they settle nothing. */
export const PASSING_REFUSALS: ReadonlySet<string> = new Set<PeerProblemCode>([
  'idempotency-key-in-use',
  'clock-skew',
  'replayed',
]);

const forOne = ['unknown-order'] as const;

/** What each question may be refused with, besides what every signed question may. */
export const ORDER_REFUSALS = {
  quotes: [
    'verb-not-granted',
    'unknown-record',
    'record-withdrawn',
    'price-changed',
    'quantity-unavailable',
    'quantity-outside-limits',
    'destination-unserved',
  ],
  orders: [
    'verb-not-granted',
    'idempotency-key-missing',
    'idempotency-key-invalid',
    'idempotency-key-reused',
    'idempotency-key-in-use',
    'quote-expired',
    'terms-mismatch',
    'recipient-invalid',
    'age-not-confirmed',
    'price-changed',
    'quantity-unavailable',
    'record-withdrawn',
  ],
  confirm: [...forOne, 'total-mismatch', 'order-expired', 'order-cancelled'],
  cancel: [...forOne, 'order-under-way'],
  order: forOne,
  byKey: ['unknown-idempotency-key'],
  changes: ['invalid-cursor', 'foreign-cursor', 'epoch-changed'],
  settlement: ['settlement-not-closed'],
} as const satisfies Readonly<Record<string, readonly PeerProblemCode[]>>;
