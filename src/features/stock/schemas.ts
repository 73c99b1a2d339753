import { Type } from '@fastify/type-provider-typebox';
import type { Vnd } from '#core/money.ts';
import { Count, CursorText, IdOf, Instant, Limit, Money, Nullable, Text } from '#http/schema.ts';
import { ROW_OUTCOMES } from './rules/table.ts';
import { COUNT_REASONS, MOVEMENT_REASONS } from './types.ts';

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
        lowAt: Nullable(Count('From which number on you are told', 10)),
        isLow: Type.Boolean({ description: 'Whether that is reached', examples: [false] }),
      }),
      { description: 'By code', maxItems: 10_000 },
    ),
  },
  { title: 'StockList' },
);

const oneOf = <Value extends string>(values: readonly Value[], description: string, example: Value) =>
  Type.Unsafe<Value>(Type.String({ enum: [...values], description, examples: [example] }));
const OnHand = (description: string) => Type.Integer({ minimum: 0, maximum: 10_000_000, description, examples: [120] });
const NewPrice = (description: string) =>
  Type.Unsafe<Vnd>(Type.Integer({ minimum: 1, maximum: 10_000_000_000, description, examples: [125_000] }));

export const StockBatch = Type.Object(
  {
    reason: Type.Optional(oneOf(COUNT_REASONS, 'Why it changes; `count` if left out', 'count')),
    items: Type.Array(
      Type.Object(
        {
          variantId: IdOf('Variant', 'The variant'),
          onHand: OnHand('What is on the shelf'),
          seenOnHand: Type.Optional(
            OnHand('What it was when you looked; where it is another by now, nothing is changed'),
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000, description: 'Each variant once' },
    ),
  },
  { additionalProperties: false, title: 'StockBatch' },
);
export const PriceBatch = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          variantId: IdOf('Variant', 'The variant'),
          priceVnd: NewPrice('The new price, in whole đồng'),
          seenPriceVnd: Type.Optional(
            NewPrice('What it was when you looked; where it is another by now, nothing is changed'),
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000, description: 'Each variant once' },
    ),
  },
  { additionalProperties: false, title: 'PriceBatch' },
);
export const BatchSaved = Type.Object(
  {
    editId: Nullable(IdOf('TableEdit', 'By which the save can be undone; null where nothing was changed')),
    undoUntil: Nullable(Instant('Until when')),
    items: Type.Array(
      Type.Object({
        variantId: IdOf('Variant', 'The variant'),
        outcome: oneOf(
          ROW_OUTCOMES,
          'What became of it. `waits`: the price changes by more than may change at once, and an officer looks at it',
          'saved',
        ),
        priceVnd: Nullable(Money('The price that holds now')),
        onHand: Nullable(Count('What is on the shelf now', 120)),
      }),
      { description: 'In the order that was sent', maxItems: 1_000 },
    ),
  },
  { title: 'BatchSaved' },
);
export const EditParams = Type.Object({ editId: IdOf('TableEdit', 'The save') });
export const Undone = Type.Object({ rows: Count('Rows that were taken back', 12) }, { title: 'Undone' });

export const MovementBody = Type.Object(
  {
    reason: oneOf(COUNT_REASONS, 'What happened; `count` sets the shelf to `quantity`', 'received'),
    quantity: Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'Pieces', examples: [20] }),
  },
  { additionalProperties: false, examples: [{ reason: 'received', quantity: 20 }] },
);
export const Moved = Type.Object({ onHand: Count('Pieces on the shelf now', 140) }, { title: 'Moved' });
export const AlertBody = Type.Object(
  {
    lowAt: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 0,
      maximum: 10_000_000,
      description: 'You are told when stock comes down to this; null for never',
      examples: [10],
    }),
  },
  { additionalProperties: false, examples: [{ lowAt: 10 }] },
);
export const MovementQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(CursorText) });
export const MovementList = Type.Object(
  {
    onHand: Count('Pieces on the shelf', 140),
    held: Count('Of those, held for shoppers', 2),
    lowAt: Nullable(Count('From which number on you are told', 10)),
    items: Type.Array(
      Type.Object({
        movementId: IdOf('StockMovement', 'The movement'),
        change: Type.Integer({ description: 'Pieces more, or fewer', examples: [20] }),
        reason: oneOf(MOVEMENT_REASONS, 'Why', 'received'),
        by: Nullable(Text('Who, where it was a person', 200, 'Cô Sáu Giồng')),
        at: Instant('When'),
      }),
      { description: 'Newest first', maxItems: 100 },
    ),
    nextCursor: Nullable(Text('Of the next page', 500, 'WyIyMDI2Il0')),
  },
  { title: 'MovementList' },
);
