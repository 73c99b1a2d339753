import type { MessageKey } from '#web/i18n/messages.ts';
import { cashlessBps, differences } from './rules.ts';
import type { Figures } from './types.ts';
import { certificateNames, complaintNames, type Tongue, typeNames, wayNames } from './words.ts';

/** How a column is written. */
type CellKind = 'text' | 'count' | 'vnd' | 'day' | 'figure';
export type Cell = string | number | null;
export type SheetColumn = { readonly title: string; readonly kind: CellKind; readonly weight: number };
/** One table of a report: what pages, workbooks, papers and programs are all made of. */
export type Sheet = {
  readonly key: string;
  readonly group: SheetGroup;
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly total?: readonly Cell[];
  /** Which column names the bars of a drawing and which one measures them. */
  readonly bars?: { readonly label: number; readonly value: number };
};
export const SHEET_GROUPS = ['summary', 'sellers', 'products', 'sales', 'complaints', 'certificates', 'books'] as const;
export type SheetGroup = (typeof SHEET_GROUPS)[number];
export const groupNames: Readonly<Record<SheetGroup, MessageKey>> = {
  summary: 'periodic.group.summary',
  sellers: 'periodic.group.sellers',
  products: 'periodic.group.products',
  sales: 'periodic.group.sales',
  complaints: 'periodic.group.complaints',
  certificates: 'periodic.group.certificates',
  books: 'periodic.group.books',
};

type Write = Pick<Tongue, 't'>;
const text = (title: string, weight = 4): SheetColumn => ({ title, kind: 'text', weight });
const count = (title: string, weight = 1.6): SheetColumn => ({ title, kind: 'count', weight });
const vnd = (title: string, weight = 2.4): SheetColumn => ({ title, kind: 'vnd', weight });

type Counted = Readonly<Record<string, unknown>>;
/** The last row of a table: what is written first, then the sum of each of its number columns. */
const totalOf = (label: string, rows: readonly (readonly Cell[])[], width: number): readonly Cell[] => [
  label,
  ...Array.from({ length: width - 1 }, (_, index) =>
    rows.reduce((sum, row) => {
      const cell = row[index + 1];
      return sum + (typeof cell === 'number' ? cell : 0);
    }, 0),
  ),
];

type Plain = Omit<Sheet, 'total' | 'rows'> & { readonly rows: readonly (readonly Cell[])[] };
const summed = ({ t }: Write, sheet: Plain): Sheet =>
  sheet.rows.length > 1 ? { ...sheet, total: totalOf(t('periodic.total'), sheet.rows, sheet.columns.length) } : sheet;

const wardName = ({ t }: Write, { ward }: { readonly ward: string | null }): string => ward ?? t('periodic.noWard');
const starColumns = ({ t }: Write): SheetColumn[] => [
  count(t('periodic.star', { star: 5 })),
  count(t('periodic.star', { star: 4 })),
  count(t('periodic.star', { star: 3 })),
  count(t('periodic.unstarred')),
  count(t('periodic.all')),
];
const starCells = ({
  star5,
  star4,
  star3,
  unstarred,
}: Figures['productsBySet'][number] | Figures['productsByWard'][number]): number[] => [
  ...[star5, star4, star3, unstarred],
  star5 + star4 + star3 + unstarred,
];

type Fact = readonly [MessageKey, number | null, MessageKey];

function factsOf(figures: Figures): readonly Fact[] {
  const { sellers, products, sales, complaints } = figures;
  const share = cashlessBps(figures);
  const hours = (minutes: number | null): number | null => minutes && Math.round(minutes / 6) / 10;
  const sum = (of: 'holding' | 'lapsed' | 'ending'): number =>
    figures.certificates.reduce((total, one) => total + one[of], 0);
  return [
    ['periodic.sellers.registered', sellers.registered, 'periodic.unit.sellers'],
    ['periodic.sellers.joined', sellers.joined, 'periodic.unit.sellers'],
    ['periodic.sellers.selling', sellers.selling, 'periodic.unit.sellers'],
    ['periodic.sellers.suspended', sellers.suspended, 'periodic.unit.sellers'],
    ['periodic.products.listed', products.listed, 'periodic.unit.products'],
    ['periodic.products.added', products.added, 'periodic.unit.products'],
    ['periodic.products.star5', products.star5, 'periodic.unit.products'],
    ['periodic.products.star4', products.star4, 'periodic.unit.products'],
    ['periodic.products.star3', products.star3, 'periodic.unit.products'],
    ['periodic.sales.orders', sales.orders, 'periodic.unit.orders'],
    ['periodic.sales.goods', sales.goodsVnd, 'periodic.unit.vnd'],
    ['periodic.sales.discount', sales.discountVnd, 'periodic.unit.vnd'],
    ['periodic.sales.shipping', sales.shippingVnd, 'periodic.unit.vnd'],
    ['periodic.sales.total', sales.totalVnd, 'periodic.unit.vnd'],
    ['periodic.sales.vat', sales.vatVnd, 'periodic.unit.vnd'],
    ['periodic.sales.refunded', sales.refundedVnd + sales.directRefundedVnd, 'periodic.unit.vnd'],
    ['periodic.cashless', share === null ? null : share / 100, 'periodic.unit.percent'],
    ['periodic.complaints.filed', complaints.filed, 'periodic.unit.complaints'],
    ['periodic.complaints.ended', complaints.ended, 'periodic.unit.complaints'],
    ['periodic.complaints.open', complaints.open, 'periodic.unit.complaints'],
    ['periodic.complaints.mean', hours(complaints.meanMinutes), 'periodic.unit.hours'],
    ['periodic.certificates.holding', sum('holding'), 'periodic.unit.certificates'],
    ['periodic.certificates.lapsed', sum('lapsed'), 'periodic.unit.certificates'],
    ['periodic.certificates.ending', sum('ending'), 'periodic.unit.certificates'],
  ];
}

const summary = (write: Write, figures: Figures): Sheet => {
  const { t } = write;
  return {
    key: 'summary',
    group: 'summary',
    title: t('periodic.group.summary'),
    columns: [
      text(t('periodic.fact'), 6),
      { title: t('periodic.figure'), kind: 'figure', weight: 2.4 },
      text(t('periodic.unit'), 1.6),
    ],
    rows: factsOf(figures).map(([name, value, unit]) => [t(name), value, t(unit)]),
  };
};

function ofSellers(write: Write, { sellersByType, sellersByWard }: Figures): Sheet[] {
  const { t } = write;
  const columns = (name: string): SheetColumn[] => [
    text(name),
    count(t('periodic.registered')),
    count(t('periodic.selling')),
  ];
  const cells = (name: string, row: Counted & { readonly registered: number; readonly selling: number }): Cell[] => [
    name,
    row.registered,
    row.selling,
  ];
  return [
    summed(write, {
      ...{ key: 'sellersByType', group: 'sellers', title: t('periodic.sellersByType') },
      columns: columns(t('periodic.type')),
      rows: sellersByType.map((row) => cells(t(typeNames[row.type]), row)),
    }),
    summed(write, {
      ...{ key: 'sellersByWard', group: 'sellers', title: t('periodic.sellersByWard') },
      columns: columns(t('periodic.ward')),
      rows: sellersByWard.map((row) => cells(wardName(write, row), row)),
      bars: { label: 0, value: 1 },
    }),
  ];
}

function ofProducts(write: Write, { productsBySet, productsByWard }: Figures): Sheet[] {
  const { t } = write;
  return [
    summed(write, {
      ...{ key: 'productsBySet', group: 'products', title: t('periodic.productsBySet') },
      columns: [text(t('periodic.set'), 5), ...starColumns(write)],
      rows: productsBySet.map((row) => [row.set, ...starCells(row)]),
      bars: { label: 0, value: 5 },
    }),
    summed(write, {
      ...{ key: 'productsByWard', group: 'products', title: t('periodic.productsByWard') },
      columns: [text(t('periodic.ward')), ...starColumns(write)],
      rows: productsByWard.map((row) => [wardName(write, row), ...starCells(row)]),
    }),
  ];
}

function ofSales(write: Write, figures: Figures): Sheet[] {
  const { t } = write;
  const [orders, total] = [count(t('periodic.orders')), vnd(t('periodic.totalVnd'))];
  const sold = [count(t('periodic.pieces')), vnd(t('periodic.goodsVnd'))];
  return [
    summed(write, {
      ...{ key: 'salesByMonth', group: 'sales', title: t('periodic.salesByMonth') },
      columns: [text(t('periodic.monthColumn')), orders, total],
      rows: figures.salesByMonth.map((row) => [row.month.split('-').reverse().join('/'), row.orders, row.totalVnd]),
      bars: { label: 0, value: 2 },
    }),
    summed(write, {
      ...{ key: 'salesByWard', group: 'sales', title: t('periodic.salesByWard') },
      columns: [text(t('periodic.ward')), count(t('periodic.selling')), orders, total],
      rows: figures.salesByWard.map((row) => [wardName(write, row), row.sellers, row.orders, row.totalVnd]),
      bars: { label: 0, value: 3 },
    }),
    summed(write, {
      ...{ key: 'salesBySet', group: 'sales', title: t('periodic.salesBySet') },
      columns: [text(t('periodic.set')), ...sold],
      rows: figures.salesBySet.map((row) => [row.set, row.pieces, row.goodsVnd]),
      bars: { label: 0, value: 2 },
    }),
    summed(write, {
      ...{ key: 'salesByStar', group: 'sales', title: t('periodic.salesByStar') },
      columns: [text(t('periodic.starColumn')), ...sold],
      rows: figures.salesByStar.map(({ star, pieces, goodsVnd }) => [
        star === 0 ? t('periodic.unstarred') : t('periodic.star', { star }),
        pieces,
        goodsVnd,
      ]),
    }),
    summed(write, {
      ...{ key: 'payments', group: 'sales', title: t('periodic.payments'), note: t('periodic.paymentsNote') },
      columns: [text(t('periodic.way')), orders, total],
      rows: figures.payments.map((row) => [t(wayNames[row.way]), row.orders, row.totalVnd]),
    }),
  ];
}

const ofComplaints = (write: Write, { complaintsByKind }: Figures): Sheet => {
  const { t } = write;
  return summed(write, {
    ...{ key: 'complaintsByKind', group: 'complaints', title: t('periodic.complaintsByKind') },
    columns: [text(t('periodic.about')), count(t('periodic.filed')), count(t('periodic.ended'))],
    rows: complaintsByKind.map((row) => [t(complaintNames[row.kind]), row.filed, row.ended]),
  });
};

function ofCertificates(write: Write, figures: Figures): Sheet[] {
  const { t } = write;
  return [
    summed(write, {
      ...{ key: 'certificates', group: 'certificates', title: t('periodic.certificatesByKind') },
      columns: [
        text(t('periodic.kind')),
        count(t('periodic.cert.holding')),
        count(t('periodic.cert.verified')),
        count(t('periodic.cert.lapsed')),
        count(t('periodic.cert.revoked')),
        count(t('periodic.cert.ending')),
      ],
      rows: figures.certificates.map((row) => [
        ...[t(certificateNames[row.kind]), row.holding, row.verified, row.lapsed, row.revoked, row.ending],
      ]),
    }),
    {
      ...{ key: 'endingCertificates', group: 'certificates', title: t('periodic.endingCertificates') },
      columns: [
        { title: t('periodic.lastDay'), kind: 'day', weight: 2 },
        text(t('periodic.product'), 4),
        text(t('periodic.business'), 4),
        text(t('periodic.ward'), 2.4),
        text(t('periodic.decision'), 2.8),
      ],
      rows: figures.endingCertificates.map((one) => [
        one.lastDay,
        one.star === null
          ? `${one.product} (${t(certificateNames[one.kind])})`
          : `${one.product} (${t('periodic.star', { star: one.star })})`,
        one.business,
        wardName(write, one),
        one.decisionNumber,
      ]),
    },
  ];
}

function ofBooks({ t }: Write, figures: Figures): Sheet[] {
  const { sales, books } = figures;
  const differing = differences(figures);
  const [ours, ledger, difference] = [
    vnd(t('periodic.ours')),
    vnd(t('periodic.ledger')),
    vnd(t('periodic.difference')),
  ];
  return [
    {
      ...{ key: 'tally', group: 'books', title: t('periodic.tally'), note: t('periodic.tallyNote') },
      columns: [text(t('periodic.fact')), ours, ledger, difference],
      rows: [
        [t('periodic.tally.sales'), sales.collectedVnd, books.saleVnd, differing.saleVnd],
        [t('periodic.tally.refunds'), sales.refundedVnd, books.refundVnd, differing.refundVnd],
      ],
    },
    {
      ...{ key: 'books', group: 'books', title: t('periodic.books') },
      columns: [text(t('periodic.fact'), 6), vnd(t('periodic.totalVnd'))],
      rows: [
        [t('periodic.books.direct'), sales.directVnd],
        [t('periodic.books.directRefunded'), sales.directRefundedVnd],
        [t('periodic.books.commission'), books.commissionVnd],
        [t('periodic.books.commissionVat'), books.commissionVatVnd],
        [t('periodic.books.promotion'), books.promotionVnd],
        [t('periodic.books.withheldVat'), books.withheldVatVnd],
        [t('periodic.books.withheldPit'), books.withheldPitVnd],
        [t('periodic.books.paidOut'), books.paidOutVnd],
        [t('periodic.books.exchangeGoods'), books.exchangeGoodsVnd],
      ],
    },
  ];
}

/** The report as tables, in the order of the paper. */
export const sheetsOf = (write: Write, figures: Figures): readonly Sheet[] => [
  summary(write, figures),
  ...ofSellers(write, figures),
  ...ofProducts(write, figures),
  ...ofSales(write, figures),
  ofComplaints(write, figures),
  ...ofCertificates(write, figures),
  ...ofBooks(write, figures),
];

/** What counts, from where and until when: stands in every report, so that a figure is read as it was meant. */
export const notesOf = ({ t }: Write): readonly string[] =>
  (
    [
      'periodic.note.time',
      'periodic.note.sellers',
      'periodic.note.products',
      'periodic.note.stars',
      'periodic.note.sales',
      'periodic.note.refunds',
      'periodic.note.cashless',
      'periodic.note.ward',
      'periodic.note.complaints',
      'periodic.note.certificates',
      'periodic.note.money',
    ] as const
  ).map((key) => t(key));

/** A cell as people read it. */
export function shown({ format }: Pick<Tongue, 'format'>, kind: CellKind, cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return kind === 'day' ? format.date(new Date(`${cell}T00:00:00+07:00`)) : cell;
  if (kind === 'vnd') return format.vnd(cell);
  return Number.isInteger(cell) ? format.integer(cell) : format.decimal(cell);
}
