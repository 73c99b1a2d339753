import { Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { CHANGE_KINDS, CHANGE_STATES, FLAG_KINDS, RISKS, VERDICT_REASONS } from './types.ts';

export const ChangeQuery = Type.Object({
  status: Type.Optional(Type.Enum([...CHANGE_STATES], { description: 'Only these', examples: ['proposed'] })),
  productId: Type.Optional(IdOf('Product', 'Only of this product')),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});
export const ChangeParams = Type.Object({ setId: IdOf('ChangeSet', 'The change set') });

const summary = {
  setId: IdOf('ChangeSet', 'The change set'),
  productId: IdOf('Product', 'The product that it changes'),
  productName: Text('Its name', 20_000, 'Hành tím Vĩnh Châu túi lưới'),
  businessId: IdOf('Business', 'Who asks'),
  businessName: Text('Its name', 200, 'HTX Hành tím Bãi Giồng'),
  kind: Type.Enum([...CHANGE_KINDS], { description: 'A first listing, or an edit', examples: ['edit'] }),
  status: Type.Enum([...CHANGE_STATES], { description: 'What became of it', examples: ['proposed'] }),
  automatic: Type.Boolean({ description: 'Applied by the table of risks', examples: [false] }),
  flagCount: Count('Places that the word filter marked', 1),
  proposedAt: Instant('When it was asked for'),
  decidedAt: Nullable(Instant('When it was decided')),
  reason: Nullable(Text('Reason from the list', 40, 'label-incomplete')),
  reasonText: Nullable(Text("Reason in the officer's words", 1_000, 'Cần thêm thành phần')),
  version: Count('Version, to be sent with a verdict', 1, 1),
};
export const ChangeList = Type.Object(
  {
    items: Type.Array(Type.Object(summary, { title: 'ChangeSetItem' }), { description: 'Newest first', maxItems: 100 }),
    nextCursor: Nullable(CursorText),
  },
  { title: 'ChangeList' },
);
export const ChangeView = Type.Object(
  {
    ...summary,
    items: Type.Array(
      Type.Object(
        {
          field: Text('Name of the field', 200, 'descriptionVi'),
          before: Type.Unknown({ description: 'What it said when it was asked for', examples: ['Hành phơi ba nắng.'] }),
          after: Type.Unknown({ description: 'What it is to say', examples: ['Hành phơi ba nắng.'] }),
          now: Type.Optional(
            Type.Unknown({
              description: 'What it says now, where that is something else',
              examples: ['Hành phơi ba nắng.'],
            }),
          ),
          moved: Type.Boolean({ description: 'The product changed in this field meanwhile', examples: [false] }),
          risk: Type.Enum([...RISKS], { description: 'high waits, low applied at once', examples: ['high'] }),
          flags: Type.Array(
            Type.Object(
              {
                kind: Type.Enum([...FLAG_KINDS], { description: 'Why an officer should look', examples: ['contact'] }),
                start: Count('Where it begins in the text', 12),
                end: Count('Where it ends', 20),
                text: Text('What stands there', 20_000, '0912 345 678'),
              },
              { title: 'Flag' },
            ),
            { description: 'Places that the word filter marked', maxItems: 1_000 },
          ),
        },
        { title: 'ChangeItem' },
      ),
      { description: 'Field by field', maxItems: 300 },
    ),
  },
  { title: 'ChangeSet' },
);
export const VerdictBody = Type.Object(
  {
    outcome: Type.Enum(['approved', 'changes-requested', 'rejected'], {
      description: 'What is decided',
      examples: ['approved'],
    }),
    version: Count('Of the set as you saw it', 1, 1),
    reason: Type.Optional(
      Type.Enum([...VERDICT_REASONS], { description: 'Why not, from the list', examples: ['label-incomplete'] }),
    ),
    reasonText: Type.Optional(Text('Or in your own words', 1_000, 'Cần thêm thành phần')),
    overwrite: Type.Optional(
      Type.Boolean({ description: 'Approve although the product changed in the same fields', examples: [false] }),
    ),
    categoryId: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 99, description: 'Product set of a listing that has none', examples: [6] }),
    ),
  },
  { additionalProperties: false },
);
