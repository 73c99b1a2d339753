import {
  createExchangeOrders,
  createOrigins,
  type ExchangeOrders,
  withTransfers,
} from '#features/exchange-orders/index.ts';
import type { Origins } from '#features/exchange-orders/types.ts';
import type { Federation } from '#features/federation/index.ts';
import { codes } from '#features/orders/index.ts';
import type { Payments } from '#features/payments/index.ts';
import type { Gateway, LegMoney, Method, QrMaker, ReceivingAccount } from '#features/payments/types.ts';

type Given = Parameters<typeof createExchangeOrders>[0];

/** Who is bought from: partner exchanges over the network, unless others are named. */
export type Partners = { readonly origins?: Origins | undefined };
type Parts = Partners &
  Omit<Given, 'codes' | 'origins' | 'gateway' | 'methods' | 'transfer' | 'byHand'> & {
    readonly gateways: Partial<Record<Method, Gateway>>;
    readonly vietqr: ReceivingAccount | undefined;
    readonly makeQr: QrMaker;
    readonly payments: Payments;
    readonly federation: Federation;
  };

/** Buying at partner exchanges: by card, set aside before the goods are reserved, or by a transfer while they are. */
export function composeExchangeOrders({
  gateways,
  federation,
  payments,
  vietqr,
  makeQr,
  ...parts
}: Parts): ExchangeOrders {
  const { origins = createOrigins(federation) } = parts;
  return createExchangeOrders({
    ...parts,
    ...{ codes, origins, gateway: withTransfers(gateways.stripe), byHand: payments.refundLegByHand },
    methods: [...(gateways.stripe ? (['stripe'] as const) : []), ...(vietqr ? (['vietqr'] as const) : [])],
    transfer: vietqr && { account: vietqr, makeQr },
  });
}

/** Payments are made before those who buy by them. */
export const legMoneyOf = (exchangeOrders: () => ExchangeOrders): LegMoney => ({
  receive: (...given) => exchangeOrders().money.receive(...given),
  refundSent: (...given) => exchangeOrders().money.refundSent(...given),
  findCode: (...given) => exchangeOrders().money.findCode(...given),
  findCharged: (...given) => exchangeOrders().money.findCharged(...given),
});
