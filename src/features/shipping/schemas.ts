import { Type } from '@fastify/type-provider-typebox';
import { STORAGE } from '#features/products/types.ts';
import { Count, IdOf, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { DELIVERY_METHODS, maxHours, maxRateNote, RATE_SCHEMES, ZONES } from './types.ts';

const Zone = Type.Enum([...ZONES], { description: 'How far it is', examples: ['region'] });
/** One of some words or null, as a list of types: a union of both would have no example of its own. */
const OneOrNull = <Word extends string>(words: readonly Word[], description: string, example: Word) =>
  Type.Unsafe<Word | null>({ type: ['string', 'null'], enum: [...words, null], description, examples: [example] });
const Hours = (description: string) => Type.Integer({ minimum: 1, maximum: maxHours, description, examples: [48] });
const Spoiling = Type.Object(
  {
    productId: IdOf('Product', 'What would spoil'),
    name: Text('Its name', 300, 'Chả cá thát lát tươi'),
    maxHours: Count('Hours that it bears', 24, 1),
    transitHours: Count('Hours that the way takes at its longest', 48, 1),
  },
  { title: 'Spoiling' },
);
export const Point = Type.Object(
  {
    pickupPointId: IdOf('PickupPoint', 'The point'),
    name: Text('Name', 200, 'Kho HTX Hành tím Bãi Giồng'),
    line: Text('House number, street or hamlet', 300, 'Tổ 3, ấp Giồng Nổi'),
    ward: Text('Ward', 120, 'Xã Vĩnh Hải'),
    hours: Text('When it is open', 200, '7 giờ đến 17 giờ, trừ Chủ nhật'),
  },
  { title: 'PickupPoint' },
);

/** What a business of a cart says of its deliveries. */
export const FreightParts = {
  deliveryMethod: Type.Enum([...DELIVERY_METHODS], { description: 'How the goods are to be had' }),
  deliveryOptions: Type.Array(
    Type.Object({
      method: Type.Enum([...DELIVERY_METHODS], { description: 'Sent, or collected by the buyer' }),
      feeVnd: Money('What it costs'),
      available: Type.Boolean({ description: 'False where goods would spoil on the way', examples: [true] }),
      spoiling: Type.Array(Spoiling, { maxItems: 100, description: 'What would spoil' }),
      pickupPoint: Nullable(Point),
    }),
    { maxItems: 2, description: 'Ways to have the goods; none where there is nothing to send' },
  ),
  freight: Type.Object(
    {
      zone: Zone,
      grams: Count('Weight that is charged: the scale’s, or what the size counts as', 1_040),
      shareBps: Count('Freight as a share of the goods, in basis points', 4_545),
      toFreeVnd: Nullable(Money('What there is to add for free delivery')),
      advice: OneOrNull(
        ['add-for-free', 'combine'],
        'Where freight is out of proportion: add until it is free, or buy more of this seller at once',
        'combine',
      ),
    },
    { title: 'Freight' },
  ),
} as const;

const PointDraft = {
  name: Text('Name', 200, 'Kho HTX Hành tím Bãi Giồng'),
  line: Text('House number, street or hamlet', 300, 'Tổ 3, ấp Giồng Nổi'),
  wardCode: Type.String({ pattern: '^\\d{5}$', description: 'Its ward', examples: ['31795'] }),
  hours: Text('When it is open', 200, '7 giờ đến 17 giờ'),
};
export const OwnTermsBody = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        businessId: IdOf('Business', 'The business'),
        name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
        freeOverVnd: Nullable(Money('Goods of so much travel for nothing')),
        pickup: Nullable(Point),
      }),
      { maxItems: 100, description: 'Businesses of the caller' },
    ),
    points: Type.Array(Point, { maxItems: 200, description: 'Points of the exchange that any business may use' }),
  },
  { title: 'OwnDeliveryTerms' },
);
export const TermsParams = Type.Object({ businessId: IdOf('Business', 'The business') });
export const TermsBody = Type.Object(
  {
    freeOverVnd: Nullable(
      Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Null for never', examples: [300_000] }),
    ),
    pickupPointId: Type.Optional(IdOf('PickupPoint', 'A point of the exchange')),
    ownPoint: Type.Optional(Type.Object(PointDraft, { additionalProperties: false })),
  },
  { title: 'DeliveryTerms', additionalProperties: false, examples: [{ freeOverVnd: 300_000 }] },
);
export const LimitParams = Type.Object({ productId: IdOf('Product', 'The product') });
export const ProductLimitBody = Type.Object(
  { maxHours: Nullable(Hours('Hours that it bears to be on its way; null leaves it to its kind of storage')) },
  { additionalProperties: false, examples: [{ maxHours: 24 }] },
);

const dated = {
  from: Type.String({ format: 'date', description: 'First day on which it holds', examples: ['2027-01-01'] }),
  note: Text('Where it comes from', maxRateNote, 'Hợp đồng GHN 12/2026'),
};
const grams = (description: string, example: number) =>
  Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000, description, examples: [example] }));
const rate = {
  scheme: Type.Enum([...RATE_SCHEMES], { description: 'What it is for', examples: ['zone'] }),
  zone: OneOrNull(ZONES, 'Of scheme zone', 'region'),
  feeVnd: Money('Fee of a parcel'),
  baseGrams: grams('Grams that the fee covers', 2_000),
  stepGrams: grams('Grams of a step', 500),
  stepVnd: Nullable(Money('Price of a step')),
  volumetricDivisor: grams('Cubic centimetres that count as a kilogram', 6_000),
  valueFromVnd: Nullable(Money('Goods worth more than this pay for what is above it')),
  valueBps: Nullable(Type.Integer({ minimum: 0, maximum: 10_000, description: 'Basis points', examples: [50] })),
};
const rateExample = {
  ...{ scheme: 'zone', zone: 'region', feeVnd: 30_000, baseGrams: 2_000, stepGrams: 500, stepVnd: 5_000 },
  ...{ volumetricDivisor: 6_000, valueFromVnd: 1_000_000, valueBps: 50, from: '2027-01-01', note: 'GHN 2027' },
};
export const RateBody = Type.Object({ ...rate, ...dated }, { additionalProperties: false, examples: [rateExample] });
const place = {
  provinceCode: Type.String({ pattern: '^\\d{2}$', description: 'Province', examples: ['96'] }),
  wardCode: Nullable(Type.String({ pattern: '^\\d{5}$', description: 'One ward of it', examples: ['31795'] })),
  zone: Zone,
};
export const ZoneBody = Type.Object(
  { ...place, ...dated },
  {
    additionalProperties: false,
    examples: [{ provinceCode: '96', wardCode: null, zone: 'region', from: '2027-01-01', note: '' }],
  },
);
const times = {
  zone: Zone,
  minHours: Hours('At its shortest'),
  maxHours: Hours('At its longest'),
  cutOffHour: Type.Integer({
    minimum: 0,
    maximum: 23,
    description: 'Packed later leaves the next day',
    examples: [15],
  }),
};
export const TimesBody = Type.Object(
  { ...times, ...dated },
  {
    additionalProperties: false,
    examples: [{ zone: 'region', minHours: 24, maxHours: 48, cutOffHour: 15, from: '2027-01-01', note: '' }],
  },
);
const limit = {
  storage: Type.Enum([...STORAGE], { description: 'Kind of storage', examples: ['chilled'] }),
  maxHours: Nullable(Hours('Hours that such goods bear; null for any')),
};
export const LimitBody = Type.Object(
  { ...limit, ...dated },
  { additionalProperties: false, examples: [{ storage: 'chilled', maxHours: 24, from: '2027-01-01', note: '' }] },
);
export const PointBody = Type.Object(PointDraft, {
  additionalProperties: false,
  examples: [{ name: 'Trung tâm OCOP', line: '12 Hai Bà Trưng', wardCode: '31507', hours: '7 giờ đến 17 giờ' }],
});
export const PointParams = Type.Object({ pickupPointId: IdOf('PickupPoint', 'The point') });
export const PointAdded = Type.Object({ pickupPointId: IdOf('PickupPoint', 'The point') });

const since = { validFrom: Instant('Since when, or from when on'), note: dated.note };
const rows = <T extends Parameters<typeof Type.Object>[0]>(members: T, description: string) =>
  Type.Array(Type.Object({ ...members, ...since }), { maxItems: 500, description });
export const TariffBook = Type.Object(
  {
    rates: rows(rate, 'Rates, newest first'),
    zones: rows(place, 'Zones of provinces and wards, newest first'),
    times: rows(times, 'Hours on the way, newest first'),
    limits: rows(limit, 'What goods bear, newest first'),
    points: Type.Array(Point, { maxItems: 200, description: 'Open points of the exchange' }),
  },
  { title: 'ShippingTariff' },
);
