import { Type } from '@fastify/type-provider-typebox';
import type { Vnd } from '#core/money.ts';
import { Code, Count, CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import { AMOUNTS, type AmountKey, PAYOUT_STATES, RUN_STATES, SKIP_REASONS } from './types.ts';

/** What may be owed either way. */
const Signed = (description: string) =>
  Type.Unsafe<Vnd>(
    Type.Integer({
      minimum: -Number.MAX_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      description: `${description}, in whole đồng`,
      examples: [214_200],
    }),
  );
const oneOf = <const V extends string>(values: readonly V[], description: string) =>
  Type.Unsafe<V>(Type.String({ enum: [...values], description, examples: [values[0]] }));

export const MonthText = Type.String({
  pattern: '^20\\d\\d-(0[1-9]|1[0-2])$',
  description: 'A month as the calendar of Vietnam has it; the current one without it',
  examples: ['2026-11'],
});
const amountTexts: Readonly<Record<AmountKey, string>> = {
  goodsVnd: 'Goods at their prices',
  discountVnd: 'What vouchers took off; negative',
  promotionVnd: 'What of that the exchange pays for',
  shippingVnd: 'Freight that shoppers paid',
  refundVnd: 'What goes back to shoppers; negative',
  feeVnd: 'Fee of the exchange; negative, positive where a refund gives it up',
  feeVatVnd: 'VAT on the fee; the same',
  withheldVatVnd: 'VAT withheld for the tax office; negative',
  withheldPitVnd: 'Personal income tax withheld; negative',
  paidOutVnd: 'Paid out; negative, positive where it came back',
  otherVnd: 'What no other column says',
  netVnd: 'What of it is the business’s: the sum of the columns before',
};
const amounts = Object.fromEntries(AMOUNTS.map((key) => [key, Signed(amountTexts[key])])) as Record<
  AmountKey,
  ReturnType<typeof Signed>
>;

export const StatementQuery = Type.Object({
  businessId: Type.Optional(IdOf('Business', 'Which of my businesses; the first without it')),
  month: Type.Optional(MonthText),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});
export const FileQuery = Type.Object({
  businessId: Type.Optional(IdOf('Business', 'Which of my businesses; the first without it')),
  month: Type.Optional(MonthText),
  format: Type.Optional(oneOf(['csv', 'json'], 'CSV without it')),
});
const head = {
  businessId: IdOf('Business', 'Whose month it is'),
  business: Text('Its name', 200, 'HTX Hành Tím Bãi Giồng'),
  month: MonthText,
  number: Nullable(Text('Number of the closed statement; null while the month is open', 40, 'BK-202611-B001')),
  frozenAt: Nullable(Instant('When it was closed')),
  openingVnd: Signed('What was owed to the business when the month began'),
  closingVnd: Signed('What is owed to it at the end, or now: opening + net'),
  totals: Type.Object(amounts, { description: 'Sums of all lines' }),
  lineCount: Count('How many lines the month has', 128),
};
export const StatementView = Type.Object(
  {
    ...head,
    items: Type.Array(
      Type.Object({
        at: Instant('When it was booked'),
        kind: Text('What happened: sale, refund-due, payout and others of the ledger', 40, 'sale'),
        orderCode: Nullable(Code('The order')),
        reference: Text('Code of the payout, or what else the books call it', 200, 'ST7K3M9Q2XAB'),
        ...amounts,
      }),
      { description: 'Oldest first', maxItems: 100 },
    ),
    nextCursor: Nullable(CursorText),
  },
  { title: 'MonthlyStatement' },
);
export const StatementList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        month: MonthText,
        number: Text('Its number', 40, 'BK-202611-B001'),
        openingVnd: Signed('What was owed when the month began'),
        closingVnd: Signed('What was owed at its end'),
        lineCount: Count('Lines', 128),
        sha256: Text('Of the lines as CSV', 64, 'a'.repeat(64)),
        frozenAt: Instant('When it was closed'),
      }),
      { description: 'Newest first', maxItems: 60 },
    ),
  },
  { title: 'MonthlyStatementList' },
);

const payout = {
  code: Code('The payout, and the memo of its transfer'),
  runNumber: Text('The run that paid it', 20, 'CT-2026-0001'),
  businessId: IdOf('Business', 'Who is paid'),
  business: Text('Its name', 200, 'HTX Hành Tím Bãi Giồng'),
  bankBin: Text('Bank, as NAPAS knows it', 6, '970405'),
  last4: Text('End of the account number', 4, '6789'),
  amountVnd: Money('What is paid'),
  status: oneOf(PAYOUT_STATES, 'State'),
  bankReference: Nullable(Text('What the bank calls the transfer', 300, 'FT26331000123')),
  reason: Nullable(Text('Why it did not arrive', 300, 'Account closed')),
  approvedAt: Nullable(Instant('When the run was approved')),
  endedAt: Nullable(Instant('When the bank had carried it out, or not')),
  itemCount: Count('How many orders it pays', 12),
};
export const PayoutList = Type.Object(
  {
    dueVnd: Signed('Due now, over all my businesses; negative when it is owed to the exchange'),
    heldVnd: Signed('Held while a return, complaint or dispute is open'),
    comingVnd: Signed('Due later: not delivered, or still in the time to return'),
    items: Type.Array(Type.Object(payout), { description: 'Newest first', maxItems: 100 }),
  },
  { title: 'PayoutList' },
);
export const PayoutDetail = Type.Object(
  {
    ...payout,
    items: Type.Array(
      Type.Object({
        orderCode: Nullable(Code('The order')),
        reference: Text('What the books call it where it is no order', 200, 'ST7K3M9Q2XAB'),
        amountVnd: Signed('What of the payout is for it; negative where an earlier one paid too much'),
      }),
      { description: 'They sum to the payout', maxItems: 10_000 },
    ),
  },
  { title: 'Payout' },
);

const run = {
  runId: IdOf('PayoutRun', 'The run'),
  number: Text('Its number', 20, 'CT-2026-0001'),
  status: oneOf(RUN_STATES, 'State'),
  totalVnd: Money('What it pays in all'),
  payoutCount: Count('To how many businesses', 12),
  draftedAt: Instant('When it was drafted'),
  proposedAt: Nullable(Instant('When it was proposed')),
  approvedAt: Nullable(Instant('When another officer approved it')),
  closedAt: Nullable(Instant('When all its payouts had ended')),
};
export const RunView = Type.Object(run, { title: 'PayoutRun' });
export const RunList = Type.Object(
  { items: Type.Array(Type.Object(run), { description: 'Newest first', maxItems: 100 }) },
  { title: 'PayoutRunList' },
);
export const RunDetail = Type.Object(
  {
    ...run,
    skipped: Type.Array(
      Type.Object({
        businessId: IdOf('Business', 'Who is left out'),
        name: Text('Its name', 200, 'HTX Hành Tím Bãi Giồng'),
        dueVnd: Signed('What is due to it'),
        reason: oneOf(SKIP_REASONS, 'Why'),
      }),
      { description: 'Businesses to which something is due and that are not paid', maxItems: 10_000 },
    ),
    payouts: Type.Array(Type.Object(payout), { description: 'By name of the business', maxItems: 10_000 }),
  },
  { title: 'PayoutRunDetail' },
);
export const RunParams = Type.Object({ runId: IdOf('PayoutRun', 'The run') });
export const PayoutParams = Type.Object({ code: Text('Code of the payout', 40, 'ST7K3M9Q2XAB') });
export const NoteBody = Type.Object(
  { note: Text('The bank’s reference, or why the money did not arrive', 300, 'FT26331000123') },
  { additionalProperties: false },
);
export const Ended = Type.Object({
  code: Code('The payout'),
  status: oneOf(PAYOUT_STATES, 'Its state'),
});
