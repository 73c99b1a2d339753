import { Type } from '@fastify/type-provider-typebox';
import { Instant, Money, Text } from '#http/schema.ts';
import { METHODS, PAID_BY, PAYMENT_STATES } from './types.ts';

export const PayParams = Type.Object({ code: Text('Code of the order group', 40, 'ST7K3M9Q2XAB') });
export const PayBody = Type.Object(
  { method: Type.Enum([...METHODS], { description: 'How to pay', examples: ['vietqr'] }) },
  { additionalProperties: false, examples: [{ method: 'vietqr' }] },
);
export const PaymentParams = Type.Object({ paymentId: Text('Secret of the payment', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA') });

export const PaymentBody = Type.Object(
  {
    paymentId: Text('Secret of the payment: whoever knows it may watch it', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA'),
    status: Type.Enum([...PAYMENT_STATES], { description: 'State' }),
    method: Type.Enum([...PAID_BY], { description: 'How it is paid' }),
    amountVnd: Money('What is to pay'),
    receivedVnd: Money('What has arrived'),
    expiresAt: Instant('Pay by then; later money is taken if the goods are still there, else it goes back'),
    qr: Type.Optional(
      Type.Object(
        {
          payload: Text('EMVCo text of the QR code', 512, '00020101021238…'),
          memo: Text('Write this into the transfer', 25, 'ST7K3M9Q2XAB'),
          bankBin: Text('NAPAS number of the bank', 6, '970415'),
          accountNumber: Text('Account', 19, '7600201012345'),
          accountName: Text('Holder of the account', 100, 'TRUNG TAM CHUYEN DOI SO'),
        },
        { description: 'Present for VietQR' },
      ),
    ),
    redirectUrl: Type.Optional(
      Text('Page of the provider; present for redirects', 2_000, 'https://checkout.stripe.com/c/pay/cs_test_a1b2'),
    ),
  },
  { title: 'Payment' },
);

/** Written straight to the connection: this describes the stream and serialises nothing. */
export const PaymentEvents = Type.Unsafe<never>(
  Type.String({
    description: 'A stream of server-sent events named `payment`, each with the payment as `GET /v1/payments` shows it',
    maxLength: 10_000_000,
    examples: ['event: payment\ndata: {"paymentId":"mJ0vS2u8Qk6h1x9L3y7ZaA","status":"paid","amountVnd":185000}\n\n'],
  }),
);

/** SePay's own format, read from the raw bytes; here for the reader of the API document only. */
export const SepayTransaction = Type.Unsafe<unknown>({
  description: "SePay's transaction, as its documentation describes it",
  examples: [
    {
      id: 92704,
      gateway: 'Vietcombank',
      transactionDate: '2026-11-23 14:02:37',
      accountNumber: '7600201012345',
      code: null,
      content: 'MBVCB.3278907687.ST7K3M9Q2XAB.CT tu 0123456789',
      transferType: 'in',
      transferAmount: 185_000,
      accumulated: 0,
      subAccount: null,
      referenceCode: 'FT26327123456',
      description: '',
    },
  ],
});
/** Stripe's own format, verified on the raw bytes. */
export const StripeEvent = Type.Unsafe<unknown>({
  description: "Stripe's event, as its documentation describes it",
  examples: [
    {
      id: 'evt_1Q2w3E',
      object: 'event',
      type: 'checkout.session.completed',
      data: { object: { id: 'cs_test_a1b2', amount_total: 185_000, currency: 'vnd', payment_status: 'paid' } },
    },
  ],
});

/** payOS's and Casso's own formats, verified on the raw bytes. */
export const BankMessage = Type.Unsafe<unknown>({
  description: 'The message of the service, as its documentation describes it',
  examples: [
    { code: '00', desc: 'success', data: { amount: 185_000, reference: 'FT26327123456' }, signature: '412e…' },
  ],
});

export const VnpayQuery = Type.Object(
  {
    vnp_TxnRef: Type.Optional(Text('Code of the payment', 100, 'ST7K3M9Q2XAB')),
    vnp_Amount: Type.Optional(Text('Hundredths of a đồng', 20, '18500000')),
    vnp_ResponseCode: Type.Optional(Text('What became of the request', 2, '00')),
    vnp_TransactionStatus: Type.Optional(Text('What became of the money', 2, '00')),
    vnp_TransactionNo: Type.Optional(Text('VNPAY’s name for the money', 20, '14226112')),
    vnp_SecureHash: Type.Optional(Text('HMAC-SHA512 over the others', 128, '3f2a…')),
  },
  { additionalProperties: true },
);
export const VnpayAnswer = Type.Object(
  {
    RspCode: Text('VNPAY’s code', 2, '00'),
    Message: Text('The code in words', 100, 'Confirm Success'),
  },
  { title: 'VnpayAnswer' },
);

export const Received = Type.Object(
  { success: Type.Boolean({ description: 'The message is stored' }) },
  { title: 'WebhookReceipt', description: 'The answer the provider expects' },
);
