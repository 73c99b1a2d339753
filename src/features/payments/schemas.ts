import { Type } from '@fastify/type-provider-typebox';
import { Instant, Money, Text } from '#http/schema.ts';
import { METHODS, PAYMENT_STATES } from './types.ts';

export const PayParams = Type.Object({ code: Text('Code of the order group', 40, 'ST7K3M9Q2XAB') });
export const PayBody = Type.Object(
  { method: Type.Enum([...METHODS], { description: 'How to pay', examples: ['vietqr'] }) },
  { additionalProperties: false, examples: [{ method: 'vietqr' }] },
);
export const PaymentParams = Type.Object({ paymentId: Text('Secret of the payment', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA') });

export const PaymentBody = Type.Object({
  paymentId: Text('Secret of the payment: whoever knows it may watch it', 100, 'mJ0vS2u8Qk6h1x9L3y7ZaA'),
  status: Type.Enum([...PAYMENT_STATES], { description: 'State' }),
  method: Type.Enum([...METHODS], { description: 'How it is paid' }),
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
});

export const Received = Type.Object(
  { success: Type.Boolean({ description: 'The message is stored' }) },
  { description: 'The answer the provider expects' },
);
