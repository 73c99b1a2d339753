import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import '#http/access.ts';
import { IdOf, Instant, Limit, Money, Nullable, refused, Text } from '#http/schema.ts';
import type { Payments } from './service.ts';

const config = { access: 'staff' } as const;
const Query = Type.Object({ limit: Type.Optional(Limit) });
const Refunds = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: IdOf('Refund', 'The refund'),
        amountVnd: Money('What goes back'),
        reason: Text('Why', 40, 'overpaid'),
        status: Text('State: queued or sending', 20, 'queued'),
        createdAt: Instant('Since when'),
        orderId: Nullable(IdOf('Order', 'The cancelled order')),
      }),
      { description: 'Oldest first', maxItems: 100 },
    ),
  },
  { title: 'RefundList' },
);
const Transfers = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: IdOf('BankTransfer', 'The transfer'),
        provider: Text('Who told us', 20, 'sepay'),
        providerTxId: Text('What they call it', 100, '92704'),
        amountVnd: Money('What came'),
        content: Text('Text of the bank', 2_000, 'MBVCB.3278907687.chuyen tien.CT tu 0123456789'),
        state: Text('State: unmatched or foreign-account', 20, 'unmatched'),
        receivedAt: Instant('When we heard of it'),
      }),
      { description: 'Oldest first', maxItems: 100 },
    ),
  },
  { title: 'UnmatchedTransferList' },
);

/** Money that waits for a person. */
export const paymentStaffRoutes: FastifyPluginAsyncTypebox<{ payments: Payments }> = async (app, { payments }) => {
  app.get(
    '/staff/refunds',
    {
      config,
      schema: {
        operationId: 'listRefunds',
        tags: ['staff'],
        summary: 'Refunds that wait',
        description:
          'What is owed to shoppers and has not been sent. Card refunds are sent by a job, bank transfers by a person.',
        querystring: Query,
        response: { 200: Refunds, ...refused },
      },
    },
    async (request) => ({
      items: (await payments.listRefunds(request.query.limit ?? 24)).map(
        ({ id, amountVnd, reason, status, createdAt, orderId }) => ({
          id,
          amountVnd,
          reason,
          status,
          createdAt: createdAt.toISOString(),
          orderId,
        }),
      ),
    }),
  );
  app.get(
    '/staff/unmatched-transfers',
    {
      config,
      schema: {
        operationId: 'listUnmatchedTransfers',
        tags: ['staff'],
        summary: 'Transfers that belong to nobody yet',
        description:
          'No code in the text, two codes, or another account. The money is in suspense until a person decides.',
        querystring: Query,
        response: { 200: Transfers, ...refused },
      },
    },
    async (request) => ({
      items: (await payments.listUnmatched(request.query.limit ?? 24)).map((transfer) => ({
        ...transfer,
        receivedAt: transfer.receivedAt.toISOString(),
      })),
    }),
  );
};
