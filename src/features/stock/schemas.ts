import { Type } from '@fastify/type-provider-typebox';
import { IdOf, Text } from '#http/schema.ts';

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
export const StockList = Type.Object({
  items: Type.Array(
    Type.Object({
      variantId: IdOf('Variant', 'The variant'),
      productSlug: Text('Name of the product in addresses', 300),
      sku: Text('Code', 100),
      name: Text('Product', 300),
      label: Text('Size or kind', 200),
      onHand: Type.Integer({ minimum: 0, description: 'Pieces on the shelf' }),
      held: Type.Integer({ minimum: 0, description: 'Of those, held for shoppers' }),
    }),
    { description: 'By code', maxItems: 10_000 },
  ),
});
