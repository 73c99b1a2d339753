import { Type } from '@fastify/type-provider-typebox';
import { Count, IdOf, Text } from '#http/schema.ts';

export const StockParams = Type.Object({ variantId: IdOf('Variant', 'What was counted') });
export const StockBody = Type.Object(
  {
    onHand: Type.Integer({
      minimum: 0,
      maximum: 10_000_000,
      description: 'Pieces on the shelf, with those that shoppers hold',
      examples: [120],
    }),
  },
  { additionalProperties: false, examples: [{ onHand: 120 }] },
);
export const StockList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        variantId: IdOf('Variant', 'The variant'),
        productSlug: Text('Name of the product in addresses', 300, 'hanh-tim-vinh-chau-tui-luoi'),
        sku: Text('Code', 100, 'ST-0001-A'),
        name: Text('Product', 300, 'Hành tím Vĩnh Châu túi lưới'),
        label: Text('Size or kind', 200, 'túi lưới 1 kg'),
        onHand: Count('Pieces on the shelf', 120),
        held: Count('Of those, held for shoppers', 2),
      }),
      { description: 'By code', maxItems: 10_000 },
    ),
  },
  { title: 'StockList' },
);
