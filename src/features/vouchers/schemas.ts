import { Type } from '@fastify/type-provider-typebox';
import { Count, IdOf, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { VOUCHER_KINDS, VOUCHER_SCOPES, VOUCHER_STATES } from './types.ts';

const flag = (description: string) => Type.Boolean({ description, examples: [false] });
const rate = Type.Integer({
  minimum: 100,
  maximum: 9_000,
  description: 'Percentage, in basis points',
  examples: [1_000],
});
const kind = Type.Enum([...VOUCHER_KINDS], { description: 'A percentage or an amount', examples: ['percent'] });
const scope = Type.Enum([...VOUCHER_SCOPES], { description: 'What it is for', examples: ['all'] });

/** What everybody may know before ordering. */
const shown = {
  voucherId: IdOf('Voucher', 'The voucher'),
  code: Nullable(Text('To be typed; null applies by itself', 20, 'TET2027')),
  name: Text('What it promises', 200, 'Giảm 10% bánh pía'),
  business: Nullable(
    Type.Object({
      businessId: IdOf('Business', 'Who gives it'),
      name: Text('Name', 200, 'HTX Hành tím Bãi Giồng'),
      slug: Text('Name in addresses', 200, 'htx-hanh-tim-bai-giong'),
    }),
  ),
  kind,
  rateBps: Nullable(rate),
  amountVnd: Nullable(Money('Amount it takes off')),
  capVnd: Nullable(Money('The most that it takes off')),
  minimumVnd: Money('For goods of at least'),
  scope,
  goods: Type.Array(
    Type.Object({ name: Text('Name', 300, 'Bánh pía'), slug: Text('Name in addresses', 300, 'banh-pia') }),
    { description: 'What it is for; empty for all', maxItems: 100 },
  ),
  firstOrder: flag('Only for the first order of a telephone number'),
  stackable: flag('May be combined with others'),
  maxUsesPerCustomer: Nullable(Count('How often one telephone number may use it', 1, 1)),
  validFrom: Instant('From then on'),
  validUntil: Instant('Until then'),
};
export const PublicVouchers = Type.Object(
  {
    items: Type.Array(Type.Object(shown, { title: 'PublicVoucher' }), {
      description: 'Soonest over first',
      maxItems: 100,
    }),
  },
  { title: 'PublicVoucherList' },
);
const own = {
  ...shown,
  exchangeBps: Count('Part of the discount that the exchange bears, in basis points', 0),
  isPublic: flag('Shown to everybody'),
  agreement: Text('Paper by which businesses share the cost', 200, ''),
  budgetVnd: Nullable(Money('The most that it may take off in all')),
  spentVnd: Money('What it has taken off'),
  maxUses: Nullable(Count('How often it may be used', 200, 1)),
  uses: Count('How often it was used', 12),
  state: Type.Enum([...VOUCHER_STATES], { description: 'Where it stands', examples: ['running'] }),
};
export const OwnVouchers = Type.Object(
  { items: Type.Array(Type.Object(own, { title: 'Voucher' }), { description: 'Newest first', maxItems: 200 }) },
  { title: 'VoucherList' },
);

const limit = (description: string) => Type.Optional(Nullable(Count(description, 200, 1)));
const terms = {
  code: Type.Optional(Nullable(Text('4 to 20 letters or digits; without one it applies by itself', 40, 'TET2027'))),
  name: Text('What it promises, for shoppers', 200, 'Giảm 10% bánh pía'),
  kind,
  rateBps: Type.Optional(Nullable(rate)),
  amountVnd: Type.Optional(Nullable(Money('Amount it takes off'))),
  capVnd: Type.Optional(Nullable(Money('The most that a percentage takes off'))),
  minimumVnd: Type.Optional(Money('For goods of at least')),
  scope: Type.Optional(scope),
  goods: Type.Optional(
    Type.Array(Text('Id or slug', 300, 'banh-pia'), { maxItems: 100, description: 'What it is for, unless all' }),
  ),
  firstOrder: Type.Optional(flag('Only for the first order of a telephone number')),
  stackable: Type.Optional(flag('May be combined with others')),
  isPublic: Type.Optional(flag('Shown to everybody')),
  validFrom: Type.Optional(Instant('From then on; now if left out')),
  validUntil: Instant('Until then'),
  budgetVnd: Type.Optional(Nullable(Money('The most that it may take off in all'))),
  maxUses: limit('How often it may be used'),
  maxUsesPerCustomer: limit('How often one telephone number may use it'),
};
const example = {
  code: 'TET2027',
  name: 'Giảm 10% bánh pía',
  kind: 'percent',
  rateBps: 1_000,
  validUntil: '2027-02-01T00:00:00.000Z',
} as const;
const businessId = '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b' as never;
export const SellerVoucherBody = Type.Object(
  { businessId: IdOf('Business', 'Which of mine gives it'), ...terms },
  { additionalProperties: false, examples: [{ businessId, ...example }] },
);
export const StaffVoucherBody = Type.Object(
  {
    ...terms,
    exchangeBps: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        description: 'Part of the discount that the exchange bears, in basis points; all of it if left out',
        examples: [5_000],
      }),
    ),
    agreement: Type.Optional(Text('Number of the paper by which businesses bear the rest', 200, '12/TT-SCT')),
  },
  { additionalProperties: false, examples: [example] },
);
export const VoucherParams = Type.Object({ voucherId: IdOf('Voucher', 'The voucher') });
export const VoucherGiven = Type.Object({ voucherId: IdOf('Voucher', 'The voucher') }, { title: 'VoucherGiven' });
