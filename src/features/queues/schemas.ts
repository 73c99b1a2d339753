import { Type } from '@fastify/type-provider-typebox';
import { Count, CursorText, IdOf, Instant, Limit, Nullable, Text } from '#http/schema.ts';
import { PACES, QUEUES } from './types.ts';

export const QueueParams = Type.Object({ queue: Text('Name of the queue', 40, 'businesses') });
export const ItemParams = Type.Object({ itemId: IdOf('ReviewItem', 'The item') });

export const QueueQuery = Type.Object({
  q: Type.Optional(Text('Words of the title, with or without diacritics', 200, 'banh pia')),
  pace: Type.Optional(
    Type.Enum(['late', 'soon'], { description: 'Only what is past its limit, or in the last quarter of its time' }),
  ),
  holder: Type.Optional(Type.Enum(['mine', 'free'], { description: 'Only what I hold, or what nobody holds' })),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(CursorText),
});

const Claim = Type.Object(
  {
    accountId: IdOf('Account', 'The officer'),
    name: Text('Name of the officer', 200, 'Cán bộ Sàn'),
    until: Instant('The item is free again from then on'),
  },
  { title: 'ReviewClaim', description: 'Who is working on an item' },
);

const ReviewItem = Type.Object(
  {
    itemId: IdOf('ReviewItem', 'The item'),
    subject: Type.Object({
      kind: Text('What is to be looked at', 40, 'business'),
      id: Text('Its id', 200, '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b'),
    }),
    title: Text('What it is recognised by', 300, 'HTX Hành tím Bãi Giồng'),
    path: Text('The page on which it is decided', 300, '/quan-tri/co-so/0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b'),
    business: Nullable(
      Type.Object(
        {
          businessId: IdOf('Business', 'The business that it concerns'),
          name: Text('Its name', 200, 'HTX Hành tím Bãi Giồng'),
        },
        { description: 'The business that it concerns' },
      ),
    ),
    facts: Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 300 }), {
      description: 'A few short facts by name',
      examples: [{ type: 'cooperative' }],
    }),
    openedAt: Instant('Since when it waits'),
    dueAt: Nullable(Instant('Until when it should be decided')),
    pace: Type.Enum([...PACES], { description: 'Whether its time is running out', examples: ['calm'] }),
    claim: Nullable(Claim),
  },
  { title: 'ReviewItem', description: 'Something that waits for an officer' },
);

export const ReviewItems = Type.Object({
  items: Type.Array(ReviewItem, { description: 'Oldest first', maxItems: 100 }),
  nextCursor: Nullable(CursorText),
});

export const QueueList = Type.Object({
  items: Type.Array(
    Type.Object(
      {
        queue: Type.Enum([...QUEUES], { description: 'Name of the queue', examples: ['businesses'] }),
        waiting: Count('Items that wait', 12),
        late: Count('Those of them past their limit', 1),
        oldestAt: Nullable(Instant('Since when the oldest waits')),
      },
      { title: 'ReviewQueue', description: 'What waits in a queue' },
    ),
    { description: 'The queues that the caller works', maxItems: 20 },
  ),
});

export const ClaimView = Type.Object(
  { until: Instant('The item is yours until then; claim it again for another quarter of an hour') },
  { title: 'ClaimTaken' },
);
