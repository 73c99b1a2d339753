import { type TProperties, Type } from '@fastify/type-provider-typebox';
import { BUSINESS_TYPES } from '#features/businesses/types.ts';
import { CERTIFICATE_KINDS } from '#features/certificates/types.ts';
import { COMPLAINT_KINDS } from '#features/complaints/types.ts';
import { Count, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { type Figures, PAYMENT_WAYS, PERIOD_KINDS, REPORT_FORMATS, type ReportFormat } from './types.ts';

const exampleHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const ReportNumber = Type.String({
  pattern: '^BC-\\d{4}-\\d{4,6}$',
  maxLength: 20,
  description: 'Number of a report, in sequence within the year in which it was frozen',
  examples: ['BC-2026-0007'],
});
const Hash = Text('SHA-256 of its canonical form, which is its file in the format `json`', 64, exampleHash);
const PeriodName = Type.String({
  minLength: 4,
  maxLength: 7,
  description: 'A month, quarter or year in Vietnam',
  examples: ['2026-Q3'],
});
const OneOf = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>(Type.String({ enum: [...values], description, examples: [values[0] ?? ''] }));
/** As wide as a frozen report may have been made by a later version: what it holds more is shown as it is. */
const Amount = (description: string) =>
  Type.Integer({
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: `${description}, in whole đồng`,
    examples: [12_500_000],
  });
const Group = (title: string, properties: TProperties, description: string) =>
  Type.Object(properties, { title, description, additionalProperties: true });
const Rows = (title: string, properties: TProperties, description: string, maxItems = 500) =>
  Type.Array(Type.Object(properties, { title, additionalProperties: true }), { description, maxItems });

const sellers = {
  registered: Count('Sellers at the end of the period', 90),
  selling: Count('Of these with paid orders', 41),
};
const ward = {
  wardCode: Nullable(Text('Code of the ward; null where none is known', 20, '31507')),
  ward: Nullable(Text('Its name', 120, 'Phú Lợi')),
};
const set = { setId: Count('OCOP product set', 6, 1), set: Text('Its name', 200, 'Bánh, kẹo') };
const stars = {
  star5: Count('Products of five stars', 2),
  star4: Count('Products of four stars', 60),
  star3: Count('Products of three stars', 120),
  unstarred: Count('Products without a star', 62),
};
const goods = { pieces: Count('Pieces sold', 310), goodsVnd: Amount('Price of the goods less discount') };
const ordered = { orders: Count('Paid orders', 122), totalVnd: Amount('Paid by shoppers, freight and tax included') };
const minutes = (description: string) => Nullable(Count(description, 2_880));

const figures = {
  sellers: Group(
    'ReportSellers',
    { ...sellers, joined: Count('Approved in the period', 3), suspended: Count('Suspended at its end', 1) },
    'Sellers in all',
  ),
  sellersByType: Rows(
    'ReportSellersByType',
    { type: OneOf(BUSINESS_TYPES, 'Kind of business'), ...sellers },
    'By kind of business',
  ),
  sellersByWard: Rows('ReportSellersByWard', { ...ward, ...sellers }, 'By ward'),
  products: Group(
    'ReportProducts',
    { ...stars, listed: Count('Products for sale', 244), added: Count('Of these made in the period', 12) },
    'Products in all',
  ),
  productsByWard: Rows('ReportProductsByWard', { ...ward, ...stars }, 'By ward and star'),
  productsBySet: Rows('ReportProductsBySet', { ...set, ...stars }, 'By product set and star'),
  sales: Group(
    'ReportSales',
    {
      orders: Count('Orders paid in the period', 122),
      goodsVnd: Amount('Goods'),
      discountVnd: Amount('Discount'),
      shippingVnd: Amount('Freight'),
      totalVnd: Amount('Goods less discount, and freight'),
      collectedVnd: Amount('Of this collected by the exchange'),
      directVnd: Amount('Of this paid to sellers themselves'),
      vatVnd: Amount('VAT contained in the goods'),
      refunds: Count('Refunds decided in the period', 2),
      refundedVnd: Amount('Refunds of what the exchange had collected'),
      directRefundedVnd: Amount('Refunds of what sellers had been paid themselves'),
    },
    'Sales in all; refunds are of the period in which they were decided and not taken off',
  ),
  salesByMonth: Rows(
    'ReportSalesByMonth',
    { month: Text('Month in Vietnam', 7, '2026-09'), ...ordered },
    'By month',
    12,
  ),
  salesByWard: Rows(
    'ReportSalesByWard',
    { ...ward, sellers: Count('Sellers with orders', 7), ...ordered },
    'By the seller’s ward',
  ),
  salesBySet: Rows('ReportSalesBySet', { ...set, ...goods }, 'By product set'),
  salesByStar: Rows(
    'ReportSalesByStar',
    { star: Count('Star at the end of the period, 0 for none', 4), ...goods },
    'By star',
    4,
  ),
  payments: Rows(
    'ReportPayments',
    { way: OneOf(PAYMENT_WAYS, 'How it was paid'), ...ordered },
    'By how it was paid',
    6,
  ),
  complaints: Group(
    'ReportComplaints',
    {
      filed: Count('Filed in the period', 4),
      ended: Count('Ended in the period', 5),
      open: Count('Without an end at the end of the period', 1),
      meanMinutes: minutes('Minutes to the first end, on average; null where none ended'),
      longestMinutes: minutes('The longest of them'),
    },
    'Complaints in all',
  ),
  complaintsByKind: Rows(
    'ReportComplaintsByKind',
    { kind: OneOf(COMPLAINT_KINDS, 'What is wrong'), filed: Count('Filed', 2), ended: Count('Ended', 2) },
    'By what they are about',
  ),
  certificates: Rows(
    'ReportCertificates',
    {
      kind: OneOf(CERTIFICATE_KINDS, 'Kind of certificate'),
      holding: Count('In force at the end of the period', 180),
      verified: Count('Verified in it', 12),
      lapsed: Count('Lapsed in it', 4),
      revoked: Count('Revoked in it', 0),
      ending: Count('Ending within 90 days after it', 9),
    },
    'By kind',
  ),
  endingCertificates: Rows(
    'ReportEndingCertificate',
    {
      code: Text('Code of the certificate', 12, 'ST7K3M9Q2XAB'),
      kind: OneOf(CERTIFICATE_KINDS, 'Kind of certificate'),
      star: Nullable(Count('Star, null where it is not OCOP', 4, 3)),
      product: Text('Product', 300, 'Bánh pía đậu xanh'),
      business: Text('Seller', 300, 'Cơ sở Tân Huê Viên'),
      ward: Nullable(Text('Ward of the seller', 120, 'Phú Lợi')),
      decisionNumber: Text('Decision', 120, '1234/QĐ-UBND'),
      lastDay: Type.String({ format: 'date', description: 'The last day on which it holds', examples: ['2026-12-15'] }),
    },
    'Those that end within 90 days after the period, soonest first',
  ),
  books: Group(
    'ReportBooks',
    {
      saleVnd: Amount('Deposits that became sales'),
      refundVnd: Amount('Refunds of sales'),
      commissionVnd: Amount('Commission, less what refunds took back'),
      commissionVatVnd: Amount('VAT on it'),
      promotionVnd: Amount('Discounts that the exchange bears, less what refunds took back'),
      withheldVatVnd: Amount('VAT withheld, less offsets'),
      withheldPitVnd: Amount('PIT withheld, less offsets'),
      paidOutVnd: Amount('Payouts that arrived'),
      exchangeGoodsVnd: Amount('Goods of partner exchanges sold here'),
    },
    'What the ledger says of the same period',
  ),
} satisfies Record<keyof Figures, unknown>;
const FiguresView = Type.Unsafe<Figures>(
  Group('ReportFigures', figures, 'All figures; definitions stand in each report'),
);

const periodFields = {
  period: PeriodName,
  kind: OneOf(PERIOD_KINDS, 'How long it is'),
  startsAt: Instant('Its first instant'),
  endsAt: Instant('The first instant after it'),
};
const standing = {
  replaces: Nullable({ ...ReportNumber, description: 'Number of the report in whose place it stands' }),
  replacedBy: Nullable({ ...ReportNumber, description: 'Number of the report that stands in its place now' }),
};

export const DraftQuery = Type.Object({ period: PeriodName });
export const DraftView = Type.Object(
  {
    ...periodFields,
    at: Instant('When it was worked out'),
    isOver: Type.Boolean({ description: 'Whether it can be frozen', examples: [true] }),
    standing: Nullable({ ...ReportNumber, description: 'Number of the report that stands for the period' }),
    figures: FiguresView,
  },
  { title: 'ReportDraft' },
);
export const FreezeBody = Type.Object(
  {
    period: PeriodName,
    replaces: Type.Optional(
      Type.String({
        maxLength: 40,
        description: 'The report that stands, where this one is to replace it',
        examples: ['BC-2026-0006'],
      }),
    ),
    reason: Type.Optional(Text('Why it is replaced; printed in the report', 500, 'Bổ sung hoàn tiền ghi muộn')),
  },
  { title: 'ReportFreezing', additionalProperties: false, examples: [{ period: '2026-Q3' }] },
);
export const FrozenView = Type.Object(
  { number: ReportNumber, sha256: Hash, frozenAt: Instant('When it was frozen') },
  { title: 'ReportFrozen' },
);
export const NumberParams = Type.Object({
  number: Type.String({ maxLength: 40, description: 'Number of a report', examples: ['BC-2026-0007'] }),
});
export const ReportView = Type.Object(
  {
    number: ReportNumber,
    ...periodFields,
    sha256: Hash,
    frozenAt: Instant('When it was frozen'),
    frozenByName: Nullable(Text('Who froze it; null once their account was erased', 200, 'Cán bộ Sàn')),
    reason: Nullable(Text('Why it replaces another', 500, 'Bổ sung hoàn tiền ghi muộn')),
    ...standing,
    figures: FiguresView,
  },
  { title: 'Report' },
);
export const CheckView = Type.Object(
  { number: ReportNumber, ...periodFields, sha256: Hash, frozenAt: Instant('When it was frozen'), ...standing },
  { title: 'ReportCheck' },
);
export const ListQuery = Type.Object({
  limit: Type.Optional(Limit),
  cursor: Type.Optional(
    Type.String({ maxLength: 500, description: 'nextCursor of the page before', examples: ['WyJCQyJd'] }),
  ),
});
export const ReportPage = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          number: ReportNumber,
          period: PeriodName,
          kind: periodFields.kind,
          sha256: Hash,
          frozenAt: Instant('When it was frozen'),
          ...standing,
        },
        { title: 'ReportSummary' },
      ),
      { description: 'Newest first', maxItems: 100 },
    ),
    nextCursor: Nullable(Text('Cursor of the next page; null on the last', 500, 'WyJCQyJd')),
  },
  { title: 'ReportList' },
);
export const FileQuery = Type.Object({
  format: Type.Optional(
    Type.Unsafe<ReportFormat>(
      Type.String({ enum: [...REPORT_FORMATS], description: 'As what; xlsx without it', examples: ['xlsx'] }),
    ),
  ),
  lang: Type.Optional(
    Type.Unsafe<'vi' | 'en' | 'km'>(
      Type.String({
        enum: ['vi', 'en', 'km'],
        description: 'Language of its words; Vietnamese without it',
        examples: ['vi'],
      }),
    ),
  ),
});
