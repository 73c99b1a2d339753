import { refusals } from '#core/problem.ts';
import type { PersonalData } from '#features/identity/index.ts';
import { findUnfinishedOf, forgetBuyers, forgetBuyersOf } from './queries.ts';
import { orderProblems } from './types.ts';
import { listOrdersOfPerson } from './views.ts';

const refuse = refusals(orderProblems);

/** Data of orders are kept three years (Law 122/2025/QH15), people in them no longer. */
const keptMs = 3 * 366 * 86_400_000;

/**
 * People in orders: found by the phone number that placed them, once it was proved. What is forgotten is who bought and
 * where they live; what was sold, by whom, when and for how much stays in the books.
 */
export const orderPersonalData: PersonalData = {
  name: 'orders',
  read: (reader, { phone }) => (phone ? listOrdersOfPerson(reader, phone) : Promise.resolve([])),
  checkErasure: async (reader, { phone }) => {
    const code = phone ? await findUnfinishedOf(reader, phone) : undefined;
    if (code) throw refuse('orders-under-way', { code });
  },
  erase: async (tx, { phone }) => {
    if (phone) await forgetBuyersOf(tx, phone);
  },
  forgetOld: (tx, now) => forgetBuyers(tx, new Date(now.getTime() - keptMs)),
};
