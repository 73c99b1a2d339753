import { Type } from '@fastify/type-provider-typebox';
import { Count, IdOf, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { FilePart, FormBody } from '#http/uploads.ts';
import { PASSING_PROVIDERS } from './types.ts';

export const Refunds = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: IdOf('Refund', 'The refund'),
        amountVnd: Money('What goes back'),
        reason: Text('Why', 40, 'overpaid'),
        status: Text('State: queued, or failed', 20, 'queued'),
        way: Text('By the provider, or transferred by hand', 20, 'transfer'),
        failure: Nullable(Text('Why the last attempt came to nothing', 500, 'expired_or_canceled_card')),
        createdAt: Instant('Since when'),
        orderId: Nullable(IdOf('Order', 'The order whose price it is part of')),
      }),
      { description: 'Oldest first', maxItems: 100 },
    ),
  },
  { title: 'RefundList' },
);
export const Transfers = Type.Object(
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

export const TransferParams = Type.Object({ transferId: IdOf('BankTransfer', 'The transfer') });
export const RefundParams = Type.Object({ refundId: IdOf('Refund', 'The refund') });
export const DisputeParams = Type.Object({ disputeId: IdOf('Dispute', 'The claim') });
export const ProposalParams = Type.Object({ proposalId: IdOf('MoneyProposal', 'The proposal') });

const Reason = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'Why, for the one who approves and for auditors',
  examples: ['Khách gọi điện xác nhận'],
});
export const MatchBody = Type.Object(
  {
    allocations: Type.Array(
      Type.Object(
        {
          code: Text('Code of a payment, an order group or an order', 40, 'ST7K3M9Q2XAB'),
          amountVnd: Money('Its part'),
        },
        { additionalProperties: false },
      ),
      { maxItems: 10, description: 'Nothing gives the whole transfer back; what is left of it goes back' },
    ),
    reason: Reason,
  },
  {
    additionalProperties: false,
    examples: [{ allocations: [{ code: 'ST7K3M9Q2XAB', amountVnd: 185_000 }], reason: 'Khách gọi' }],
  },
);
export const PayeeBody = Type.Object(
  {
    bankBin: Text('NAPAS number of the bank', 6, '970436'),
    accountNumber: Text('Account', 30, '0123456789'),
    name: Text('Holder', 100, 'NGUYEN VAN A'),
    reason: Reason,
  },
  {
    additionalProperties: false,
    examples: [{ bankBin: '970436', accountNumber: '0123456789', name: 'NGUYEN VAN A', reason: 'Khách gửi tài khoản' }],
  },
);
export const LossBody = Type.Object(
  {
    bearer: Type.Enum(['orders', 'exchange'], { description: 'Who bears it', examples: ['orders'] }),
    reason: Reason,
  },
  { additionalProperties: false, examples: [{ bearer: 'orders', reason: 'Ngân hàng thu hồi' }] },
);
export const SentBody = Type.Object(
  { bankReference: Text('The bank’s reference of the transfer', 60, 'FT26327123456') },
  { additionalProperties: false, examples: [{ bankReference: 'FT26327123456' }] },
);
export const RefuseBody = Type.Object(
  { reason: Reason },
  { additionalProperties: false, examples: [{ reason: 'Sai đơn' }] },
);
export const Proposed = Type.Object(
  { proposalId: IdOf('MoneyProposal', 'What another officer approves') },
  { title: 'MoneyProposalOpened' },
);
export const Done = Type.Object(
  { done: Type.Boolean({ description: 'It is done', examples: [true] }) },
  { title: 'MoneyDone' },
);
export const PassedBody = FormBody({
  provider: Type.Enum(PASSING_PROVIDERS, { description: 'Whose file it is', examples: ['stripe'] }),
  reference: Text('What the provider calls this payout', 100, 'po_1QXexample'),
  reason: Reason,
  file: FilePart('The provider’s list of what it passed on, as CSV: type, transaction, amount, fee'),
});
export const StatementBody = FormBody({ statement: FilePart('The statement of the bank as CSV') });
export const StatementView = Type.Object(
  {
    lineCount: Count('Lines of the statement', 120),
    newCount: Count('Lines that no webhook had told', 2),
    knownCount: Count('Lines that were known', 118),
    fromDay: Text('First day', 10, '2026-11-01'),
    toDay: Text('Last day', 10, '2026-11-30'),
    missing: Type.Array(
      Type.Object({
        id: IdOf('BankTransfer', 'The transfer'),
        amountVnd: Money('What a webhook told'),
        content: Text('Its text', 2_000, 'ST7K3M9Q2XAB'),
      }),
      { maxItems: 100, description: 'Told by a webhook, and not in the statement' },
    ),
  },
  { title: 'BankStatementResult' },
);
