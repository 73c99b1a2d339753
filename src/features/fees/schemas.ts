import { Type } from '@fastify/type-provider-typebox';
import { BUSINESS_TYPES, type BusinessType } from '#features/businesses/types.ts';
import { Count, IdOf, Instant, Nullable, Text } from '#http/schema.ts';

const rate = Nullable(Count('Part of the goods, in basis points; null ends a special fee', 500));
const type = Nullable(
  Type.Unsafe<BusinessType>(
    Type.String({ enum: [...BUSINESS_TYPES], description: 'Kind of business', examples: ['household'] }),
  ),
);

export const FeeList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          ruleId: IdOf('CommissionRule', 'The rule'),
          rateBps: rate,
          business: Nullable(Text('For this business', 200, 'HTX Hành tím Bãi Giồng')),
          category: Nullable(Text('For this product set', 200, 'Bánh')),
          businessType: type,
          validFrom: Instant('Counts from then on'),
          publishedAt: Instant('Published then'),
          note: Text('What it is about', 500, '5 % of the goods'),
          state: Type.Enum(['in-force', 'announced'], { description: 'Counts now, or will', examples: ['in-force'] }),
        },
        { title: 'Fee' },
      ),
      { description: 'Oldest first; the narrowest that fits a line counts', maxItems: 1_000 },
    ),
    vat: Type.Array(
      Type.Object({ rateBps: Count('VAT on the fee, in basis points', 800), validFrom: Instant('From then on') }),
      {
        description: 'VAT on the fee, now and as it will change',
        maxItems: 20,
      },
    ),
  },
  { title: 'FeeList' },
);
export const FeeBody = Type.Object(
  {
    businessId: Type.Optional(Nullable(IdOf('Business', 'Only for this business'))),
    categoryId: Type.Optional(Nullable(Count('Only for this product set', 5, 1))),
    businessType: Type.Optional(type),
    rateBps: rate,
    validFrom: Instant('Counts from then on; 20 days from now or later'),
    note: Text('What it is about, for everybody', 500, 'Giảm phí cho hộ kinh doanh'),
  },
  {
    additionalProperties: false,
    examples: [
      { rateBps: 400, businessType: 'household', validFrom: '2027-03-01T00:00:00.000Z', note: 'Giảm phí cho hộ' },
    ],
  },
);
export const FeePublished = Type.Object({ ruleId: IdOf('CommissionRule', 'The rule') }, { title: 'FeePublished' });
