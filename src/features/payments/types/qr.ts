import type { Vnd } from '#core/money.ts';

/** The account that shoppers transfer to; NAPAS BIN, number, and the holder's name without diacritics. */
export type ReceivingAccount = {
  readonly bankBin: string;
  readonly accountNumber: string;
  readonly accountName: string;
};
export type QrCode = { readonly payload: string; readonly memo: string } & ReceivingAccount;
/** Builds the EMVCo payload of a transfer. Pure; no network. */
export type QrMaker = (transfer: {
  readonly amountVnd: Vnd;
  readonly memo: string;
  readonly account: ReceivingAccount;
}) => string;
