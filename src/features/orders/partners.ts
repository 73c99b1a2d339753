import type { Tx } from '#db/client.ts';
import { cancelOrder } from './cancelling.ts';
import { placeForPartner } from './checkout.ts';
import { expire, letGo } from './completion.ts';
import type { Deps } from './deps.ts';
import { listOrdersOf, lockGroup, saveGroup } from './queries.ts';
import type { Canceller, OrderGroupId } from './types.ts';

/** What partner exchanges do with goods of ours that they sell. All but `place` expect the group's lock. */
export const createPartnerSide = (deps: Deps) => ({
  place: (tx: Tx, ready: Parameters<typeof placeForPartner>[2]) => placeForPartner(deps, tx, ready),
  lockGroup,
  letGo: (tx: Tx, id: OrderGroupId) => letGo(deps, tx, id),
  /** Calls all of its orders off. Refused once anything has left. */
  cancel: async (tx: Tx, id: OrderGroupId, reason: string, by: Canceller = 'partner'): Promise<void> => {
    for (const order of await listOrdersOf(tx, id))
      if (order.status !== 'cancelled') await cancelOrder(deps, tx, order, { reason, by });
  },
  /** What half an hour does to a reservation, without it: for a sandbox alone. */
  lapse: async (tx: Tx, id: OrderGroupId): Promise<void> => {
    await saveGroup(tx, id, { status: 'awaiting-payment', expiresAt: deps.now() });
    await expire(deps, tx, id);
  },
});
