import { QRPay } from 'vietnam-qr-pay';
import type { QrMaker } from '#features/payments/types.ts';

/** EMVCo text of a NAPAS transfer with amount and memo (dynamic). The memo is ASCII capitals: banks strip everything else. */
export const makeVietQr: QrMaker = ({ amountVnd, memo, account }) =>
  QRPay.initVietQR({
    bankBin: account.bankBin,
    bankNumber: account.accountNumber,
    amount: String(amountVnd),
    purpose: memo,
  }).build();
