import { type TSchema, Type } from '@fastify/type-provider-typebox';
import { Code, Count, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { WAITING_KINDS, WITHIN_DAYS } from './types.ts';

const shown = 20;
const some = <Item extends TSchema>(item: Item, description: string) =>
  Type.Object(
    {
      count: Count('How many there are in all', 3),
      items: Type.Array(item, { description: 'The most urgent first, the first 20 of them', maxItems: shown }),
    },
    { description },
  );
const Signed = (description: string) =>
  Type.Integer({
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: `${description}, in whole đồng; below 0 where the business owes`,
    examples: [1_250_000],
  });
const Name = (description: string) => Text(description, 300, 'Hành tím Vĩnh Châu túi lưới');

const NewOrder = Type.Object(
  {
    code: Code('The order'),
    businessName: Text('Whose order it is', 200, 'HTX Hành tím Bãi Giồng'),
    createdAt: Instant('When it was placed'),
    confirmBy: Nullable(Instant('Until when it is to be confirmed; it is called off and given back after that')),
    totalVnd: Money('What the buyer paid for it'),
    lines: Type.Array(
      Type.Object({
        name: Name('What was ordered'),
        label: Text('Which size of it', 200, '500 g'),
        quantity: Count('How many', 2),
      }),
      { description: 'What was ordered', maxItems: 1_000 },
    ),
  },
  { title: 'OrderToConfirm', description: 'A paid order that waits to be confirmed' },
);

const Coming = Type.Object(
  {
    dueVnd: Signed('Due: it goes out with the next payout run'),
    dueOrders: Count('Orders in it', 4),
    comingVnd: Signed('Earned and not due yet, because the time to return is running or the parcel is under way'),
    comingOrders: Count('Orders in it', 2),
    heldVnd: Signed('Held while somebody complains, returns or disputes'),
    nextDueAt: Nullable(Instant('When the first of what is coming falls due; null while nothing of it was delivered')),
    onTheWay: Type.Array(Type.Object({ code: Code('The payout'), amountVnd: Money('What is transferred') }), {
      description: 'Payouts that were approved and have not arrived',
      maxItems: shown,
    }),
  },
  { title: 'MoneyComing' },
);

const EndingPaper = Type.Object(
  {
    subject: Type.Enum(['paper', 'certificate'], {
      description: 'A paper of the business or a certificate of a product',
    }),
    kind: Text('Which paper or certificate', 40, 'food-safety'),
    name: Name('The product of a certificate, the business of a paper'),
    endsOn: Type.String({ format: 'date', description: 'The last day on which it holds', examples: ['2026-12-31'] }),
    daysLeft: Type.Integer({
      minimum: -100_000,
      maximum: 90,
      description: 'Whole days left; below 0 once it is over',
      examples: [29],
    }),
    within: Type.Enum([...WITHIN_DAYS], {
      description: 'The narrowest of the distances that has begun; 0 once it is over',
      examples: [30],
    }),
  },
  { title: 'EndingPaper' },
);

export const TodayView = Type.Object(
  {
    confirm: some(NewOrder, 'Paid orders that wait to be confirmed'),
    pack: Type.Object(
      {
        orders: Count('Confirmed orders with pieces in no parcel', 2),
        pieces: Count('Those pieces', 7),
        late: Count('Orders of them that were to be gone by now', 0),
        sendBy: Nullable(Instant('When the first of them is to be gone')),
      },
      { description: 'What is to be packed' },
    ),
    handOver: Type.Object(
      {
        parcels: Count('Parcels that are packed and still here', 3),
        booked: Count('Those that a courier was asked to fetch', 1),
        collected: Count('Those that the buyer collects', 1),
        late: Count('Those that were to be gone by now', 0),
      },
      { description: 'What is to be handed over' },
    ),
    waiting: some(
      Type.Object(
        {
          kind: Type.Enum([...WAITING_KINDS], {
            description:
              'A complaint or a return to answer, a product that an officer asked to be mended, a review without an answer',
          }),
          id: Text('Code of the complaint or return, id of the product or review', 100, 'ST7K3M9Q2XAB'),
          about: Name('The order or product that it is about'),
          since: Instant('Since when it waits'),
          dueAt: Nullable(Instant('When its clock runs out; null where none runs')),
        },
        { title: 'WaitingForSeller' },
      ),
      'What waits for the seller’s word',
    ),
    stock: some(
      Type.Object(
        {
          variantId: Type.String({
            format: 'uuid',
            description: 'The size',
            examples: ['0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b'],
          }),
          name: Name('The product'),
          label: Text('The size', 200, '500 g'),
          onHand: Count('What is on the shelf', 2),
          held: Count('What of it buyers hold', 1),
        },
        { title: 'LowShelf' },
      ),
      'What runs low, and what is for sale and sold out',
    ),
    money: Nullable(Coming),
    papers: Nullable(some(EndingPaper, 'Papers and certificates that end within 90 days')),
    unreadNotices: Count('Messages that the caller has not read', 4),
  },
  { title: 'SellerToday', description: 'What is to be done now' },
);
