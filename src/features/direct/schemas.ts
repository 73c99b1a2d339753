import { Type } from '@fastify/type-provider-typebox';
import { SETTLEMENTS } from '#features/orders/types.ts';
import { Code, Count, IdOf, Instant, Money, Nullable, Text } from '#http/schema.ts';
import { DIRECT_REFUND_REASONS, DIRECT_REFUND_STATES, DIRECT_STATES, mostHoldHours } from './types.ts';

export const OrderParams = Type.Object({ code: Text('Code of the order', 40, 'ST7K3M9Q2XAB') });
export const PayBody = Type.Object(
  { method: Type.Enum(['vietqr'], { description: 'How to pay', examples: ['vietqr'] }) },
  { additionalProperties: false, examples: [{ method: 'vietqr' }] },
);
export const DirectPaymentBody = Type.Object(
  {
    paymentId: IdOf('DirectPayment', 'The payment'),
    status: Type.Enum([...DIRECT_STATES], { description: 'State, as the business or its bank says' }),
    method: Type.Enum(['vietqr'], { description: 'How it is paid' }),
    amountVnd: Money('What is to pay'),
    receivedVnd: Money('What is said to have arrived'),
    expiresAt: Instant('Pay by then'),
    qr: Type.Object(
      {
        payload: Text('EMVCo text of the QR code', 512, '00020101021238…'),
        memo: Text('Write this into the transfer', 25, 'ST7K3M9Q2XAB'),
        bankBin: Text('NAPAS number of the bank', 6, '970415'),
        accountNumber: Text('Account of the business', 19, '7600201012345'),
        accountName: Text('Holder of the account', 100, 'NGUYEN THI HOA'),
      },
      { description: 'Where to pay' },
    ),
  },
  { title: 'DirectPayment' },
);

const owed = {
  refundId: IdOf('DirectRefund', 'What is owed'),
  orderCode: Code('The order'),
  amountVnd: Money('What the business owes to the shopper'),
  reason: Type.Enum([...DIRECT_REFUND_REASONS], { description: 'Why' }),
  status: Type.Enum([...DIRECT_REFUND_STATES], { description: 'Whether the business says that it was sent' }),
  dueBy: Instant('To be given back by then'),
  sentAt: Nullable(Instant('When the business said so')),
};
export const PartsBody = Type.Object(
  {
    parts: Type.Array(
      Type.Object({
        orderCode: Code('The order'),
        business: Text('Whom it is paid to', 200, 'Hộ kinh doanh Sáu Tươi'),
        amountVnd: Money('What is to pay'),
        receivedVnd: Money('What is said to have arrived'),
        status: Nullable(Text('State, one of those of a payment; null until its code is opened', 20, 'paid')),
        bySeller: Type.Boolean({ description: 'That money came is the word of the business alone', examples: [true] }),
      }),
      { description: 'One an order that is paid to its business', maxItems: 100 },
    ),
    owed: Type.Array(Type.Object(owed), { description: 'What businesses owe back, or gave back', maxItems: 200 }),
  },
  { title: 'DirectParts' },
);

export const ReceivedBody = Type.Object(
  {
    amountVnd: Money('What arrived at the account of the business'),
    bankReference: Type.Optional(Text('As on the bank’s receipt', 60, 'FT26327123456')),
  },
  { additionalProperties: false, examples: [{ amountVnd: 185_000, bankReference: 'FT26327123456' }] },
);
export const BusinessParams = Type.Object({ businessId: IdOf('Business', 'One’s own business') });
export const ModeBody = Type.Object(
  {
    mode: Type.Enum([...SETTLEMENTS], { description: 'Who is paid by the shopper', examples: ['direct'] }),
    holdHours: Count(`For how many hours goods wait for a transfer, 1 to ${mostHoldHours}`, 12, 1),
  },
  { additionalProperties: false, examples: [{ mode: 'direct', holdHours: 12 }] },
);
export const ModeView = Type.Object(
  {
    mode: Type.Enum([...SETTLEMENTS], { description: 'How it is paid now' }),
    lapsed: Type.Boolean({ description: 'Chosen, and not in force since the account was changed', examples: [false] }),
    holdHours: Count('For how many hours goods wait for a transfer', 12, 1),
    accountChecked: Type.Boolean({ description: 'Whether an officer has checked the account', examples: [true] }),
  },
  { title: 'SettlementMode' },
);
export const OwnBody = Type.Object(
  {
    waiting: Type.Array(
      Type.Object({
        orderCode: Code('The order'),
        memo: Text('What the shopper writes into the transfer', 25, 'ST7K3M9Q2XAB'),
        status: Type.Enum([...DIRECT_STATES], { description: 'State' }),
        amountVnd: Money('What is to come'),
        receivedVnd: Money('What has come'),
        expiresAt: Instant('Until when'),
      }),
      { description: 'What shoppers are about to pay, oldest first', maxItems: 200 },
    ),
    owed: Type.Array(Type.Object(owed), { description: 'What is owed to shoppers', maxItems: 200 }),
  },
  { title: 'OwnDirectPayments' },
);
export const RefundParams = Type.Object({ refundId: IdOf('DirectRefund', 'What is owed') });
export const SentBody = Type.Object(
  { bankReference: Text('As on the bank’s receipt', 60, 'FT26327123456') },
  { additionalProperties: false, examples: [{ bankReference: 'FT26327123456' }] },
);
export const Done = Type.Object(
  { done: Type.Boolean({ description: 'It is recorded', examples: [true] }) },
  { title: 'DirectDone' },
);
