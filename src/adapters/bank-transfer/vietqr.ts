import { BanksObject, QRPay, VietQRStatus } from 'vietnam-qr-pay';
import type { Bank } from '#features/businesses/types.ts';
import type { QrMaker } from '#features/payments/types.ts';

/** EMVCo text of a NAPAS transfer with amount and memo (dynamic). The memo is ASCII capitals: banks strip everything else. */
export const makeVietQr: QrMaker = ({ amountVnd, memo, account }) =>
  QRPay.initVietQR({
    bankBin: account.bankBin,
    bankNumber: account.accountNumber,
    amount: String(amountVnd),
    purpose: memo,
  }).build();

/** Banks that take transfers by account number over NAPAS, with the number that names them there. */
export const banks: readonly Bank[] = Object.values(BanksObject)
  .filter(({ vietQRStatus }) => vietQRStatus === VietQRStatus.TRANSFER_SUPPORTED)
  .map(({ bin, shortName, name }) => ({ bin, name: `${shortName} – ${name}` }))
  .toSorted((a, b) => a.name.localeCompare(b.name, 'vi'));
