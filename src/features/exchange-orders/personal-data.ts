import type { PersonalData } from '#features/identity/index.ts';
import { dataOfBuyers } from '#features/orders/index.ts';
import { findUnfinishedOf, forgetBuyers, forgetBuyersOf } from './queries.ts';
import { listLegsOfPerson } from './views.ts';

/** Who bought at other exchanges, and what of them was told to whom. What was disclosed stays written down, without the person. */
export const exchangeOrderPersonalData: PersonalData = dataOfBuyers('exchangeOrders', {
  list: listLegsOfPerson,
  findUnfinished: findUnfinishedOf,
  forget: forgetBuyersOf,
  forgetBefore: forgetBuyers,
});
