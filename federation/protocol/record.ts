import { type Static, Type } from 'typebox';
import { ORIGIN_PATTERN, URI_PATTERN } from './uri.ts';

/** Two lanes, because prices and stock change by the minute and texts by the month (`catalogue` is large, `offer` fast). */
export const LANES = ['catalogue', 'offer'] as const;
export type Lane = (typeof LANES)[number];

/** Members that we do not know are kept and covered by the hash: a newer peer must not be refused for saying more. */
const open = { additionalProperties: true } as const;
const Uri = Type.String({ pattern: URI_PATTERN, maxLength: 400 });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$' });
const WebUrl = Type.String({ pattern: '^https?://', maxLength: 2000 });
export const Digest = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hexadecimal' });

const words = (maxLength: number) =>
  Type.Object(
    { vi: Type.String({ minLength: 1, maxLength }), en: Type.Optional(Type.String({ minLength: 1, maxLength })) },
    open,
  );

/** `rev`, `hash`, `at` and `via` travel with a record but are no part of what it says, so the hash leaves them out. */
const envelope = {
  uri: Uri,
  origin: Type.String({ pattern: ORIGIN_PATTERN, description: 'Domain of the exchange that owns the record' }),
  via: Type.Array(Type.String({ pattern: ORIGIN_PATTERN }), { maxItems: 3, description: 'Exchanges that relayed it' }),
  rev: Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Grows with every change at the origin',
  }),
  hash: Digest,
  at: Type.String({
    ...Instant,
    description: 'When the origin made this revision; for an offer, when the price was set',
  }),
};

/** đồng as a whole number: VND has no minor unit, and nothing is ever multiplied by 100. Ten billion is a slip, not a price. */
const Money = Type.Object(
  {
    amount: Type.Integer({ minimum: 1, maximum: 10_000_000_000 }),
    currency: Type.Literal('VND'),
    taxIncluded: Type.Boolean(),
  },
  open,
);

export const Listing = Type.Object(
  {
    ...envelope,
    kind: Type.Literal('listing'),
    title: words(300),
    description: Type.Optional(words(20_000)),
    producer: Type.Object(
      {
        uri: Uri,
        name: Type.String({ minLength: 1, maxLength: 300 }),
        taxCode: Type.Optional(Type.String({ maxLength: 20 })),
        province: Type.Optional(Type.String({ maxLength: 100 })),
        commune: Type.Optional(Type.String({ maxLength: 100 })),
      },
      open,
    ),
    ocop: Type.Optional(
      Type.Object(
        {
          stars: Type.Integer({ minimum: 3, maximum: 5 }),
          decisionNo: Type.String({ minLength: 1, maxLength: 100 }),
          issuer: Type.Optional(Type.String({ maxLength: 200 })),
          issuedOn: Day,
          expiresOn: Type.Optional(Day),
        },
        open,
      ),
    ),
    gtin: Type.Optional(Type.String({ pattern: '^\\d{8,14}$' })),
    netContent: Type.Optional(
      Type.Object(
        { value: Type.Number({ exclusiveMinimum: 0 }), unit: Type.String({ minLength: 1, maxLength: 20 }) },
        open,
      ),
    ),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Sales unit, as people say it' })),
    categoryCode: Type.String({ minLength: 1, maxLength: 100, description: 'Code of the OCOP product set' }),
    images: Type.Array(
      Type.Object(
        {
          url: WebUrl,
          sha256: Type.Optional(Digest),
          w: Type.Optional(Type.Integer({ minimum: 1 })),
          h: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        open,
      ),
      { maxItems: 20 },
    ),
    landingUrl: WebUrl,
    certifications: Type.Optional(Type.Array(Type.Object({}, open), { maxItems: 20 })),
    shelfLife: Type.Optional(Type.Object({ days: Type.Integer({ minimum: 1 }) }, open)),
    origins: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 })),
  },
  { ...open, $id: 'listing.json', title: 'A product as its exchange lists it' },
);

export const Offer = Type.Object(
  {
    ...envelope,
    kind: Type.Literal('offer'),
    listing: Uri,
    sku: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Pack or size, as people say it' })),
    position: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: 'The lowest is shown first' })),
    price: Money,
    listPrice: Type.Optional(Money),
    saleWindow: Type.Optional(Type.Object({ from: Instant, to: Instant }, open)),
    availability: Type.Object(
      {
        state: Type.String({
          maxLength: 40,
          description: 'in-stock, out-of-stock or pre-order; others read as unknown',
        }),
        quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
        mode: Type.Union([Type.Literal('tracked'), Type.Literal('on-demand')]),
      },
      open,
    ),
    minQty: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    maxQty: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
    shipsTo: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })),
    validUntil: Type.Optional(Instant),
  },
  { ...open, $id: 'offer.json', title: 'Price and stock of one pack of a listing' },
);

export const Tombstone = Type.Object(
  { ...envelope, kind: Type.Literal('tombstone'), of: Type.Union([Type.Literal('listing'), Type.Literal('offer')]) },
  { ...open, $id: 'tombstone.json', title: 'Withdrawn by its origin; a higher revision brings it back' },
);

export type Listing = Static<typeof Listing>;
export type Offer = Static<typeof Offer>;
export type Tombstone = Static<typeof Tombstone>;
export type FedRecord = Listing | Offer | Tombstone;

/** The lane by which a record travels; a tombstone takes the lane of what died. */
export function laneOf(record: FedRecord): Lane {
  const kind = record.kind === 'tombstone' ? record.of : record.kind;
  return kind === 'listing' ? 'catalogue' : 'offer';
}
