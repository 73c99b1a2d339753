import type { Tx } from '#db/client.ts';
import { buyerAt } from '#features/notices/types.ts';
import type { FoundMoney } from '#features/payments/types.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import type { Deps } from './deps.ts';
import type { LegRow } from './queries.ts';
import type { LegState } from './types.ts';

/** What a shopper is told by message; the rest stands on the page of the leg. */
const kinds: Partial<Record<LegState, string>> = {
  confirmed: 'exchange-order.confirmed',
  void: 'exchange-order.void',
  refunding: 'exchange-order.refunded',
};

export async function tellShopper({ notices }: Deps, tx: Tx, leg: LegRow): Promise<void> {
  const kind = kinds[leg.state];
  // Whose number was forgotten is not to be found again.
  if (!kind || leg.phone === '') return;
  await notices.tell(tx, {
    kind,
    to: buyerAt(leg),
    values: { order: leg.code },
    path: `/mua-lien-san/${leg.id}`,
    key: `${kind}:${leg.id}`,
  });
}

/** Something has stayed undecided for half an hour, or the provider gave no money back: a person looks. */
export async function tellOperator({ notices }: Deps, tx: Tx, leg: LegRow): Promise<void> {
  await notices.tell(tx, {
    kind: 'exchange-order.stuck',
    to: { staffRole: 'finance' },
    values: { order: leg.code, partner: leg.partnerKey, state: leg.state },
    path: '/quan-tri',
    key: `exchange-order.stuck:${leg.id}:${leg.state}`,
  });
}

/** Goods are on their way that nobody here has paid for, or that we gave up: a person settles it with the exchange. */
export async function tellOperatorOfOrder(
  { notices }: Deps,
  tx: Tx,
  partner: string,
  { code, orderId, state }: RemoteOrder,
): Promise<void> {
  await notices.tell(tx, {
    kind: 'exchange-order.stuck',
    to: { staffRole: 'finance' },
    values: { order: code, partner, state },
    path: '/quan-tri',
    key: `exchange-order.stray:${partner}:${orderId}`,
  });
}

/** Money of a leg that is lost here, and the exchange that could tell of its order says nothing. */
export async function tellOperatorOfMoney(
  { notices }: Deps,
  tx: Tx,
  { reference, metadata }: FoundMoney,
): Promise<void> {
  await notices.tell(tx, {
    kind: 'exchange-order.stuck',
    to: { staffRole: 'finance' },
    values: { order: reference, partner: metadata.partner ?? '', state: 'recovered' },
    path: '/quan-tri',
    key: `exchange-order.money:${reference}`,
  });
}
