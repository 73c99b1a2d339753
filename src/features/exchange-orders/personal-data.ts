import { refusals } from '#core/problem.ts';
import type { PersonalData } from '#features/identity/index.ts';
import { orderProblems } from '#features/orders/types.ts';
import { findUnfinishedOf, forgetBuyers, forgetBuyersOf } from './queries.ts';
import { listLegsOfPerson } from './views.ts';

const refuse = refusals(orderProblems);
/** As long as orders of our own. */
const keptMs = 3 * 366 * 86_400_000;

/** Who bought at other exchanges, and what of them was told to whom. What was disclosed stays written down, without the person. */
export const exchangeOrderPersonalData: PersonalData = {
  name: 'exchangeOrders',
  read: (reader, { phone }) => (phone ? listLegsOfPerson(reader, phone) : Promise.resolve([])),
  checkErasure: async (reader, { phone }) => {
    const code = phone ? await findUnfinishedOf(reader, phone) : undefined;
    if (code) throw refuse('orders-under-way', { code });
  },
  erase: async (tx, { phone }) => {
    if (phone) await forgetBuyersOf(tx, phone);
  },
  forgetOld: (tx, now) => forgetBuyers(tx, new Date(now.getTime() - keptMs)),
};
