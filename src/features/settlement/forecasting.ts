import { dayMs } from '#core/clock.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Deps } from './deps.ts';
import { getRule } from './queries.ts';
import { stateOf, sumOf } from './rules.ts';
import type { EarningState } from './types.ts';
import { listEarnings, listOwnPayouts } from './views.ts';

const payoutsLooked = 20;

/** What of businesses is due, still to come and on its way, and when the next of it falls due. */
export async function forecast({ db, now }: Deps, businessIds: readonly BusinessId[]) {
  const rule = await getRule(db, now());
  const open = (await Promise.all(businessIds.map((id) => listEarnings(db, id)))).flat();
  const of = (state: EarningState) => open.filter((one) => stateOf(one, rule, now()) === state);
  const [due, coming] = [of('due'), of('coming')];
  // What is still to be delivered has no day yet.
  const days = coming.flatMap(({ deliveredAt }) =>
    deliveredAt ? [deliveredAt.getTime() + rule.returnWindowDays * dayMs] : [],
  );
  const payouts = await listOwnPayouts(db, businessIds, payoutsLooked);
  return {
    dueVnd: sumOf(due),
    dueOrders: due.filter(({ orderId }) => orderId !== null).length,
    comingVnd: sumOf(coming),
    comingOrders: coming.length,
    heldVnd: sumOf(of('held')),
    nextDueAt: days.length > 0 ? new Date(Math.min(...days)) : null,
    onTheWay: payouts.filter(({ status }) => status === 'approved').map(({ code, amountVnd }) => ({ code, amountVnd })),
  };
}
