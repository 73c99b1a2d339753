import type { PersonalData } from '#features/identity/index.ts';
import { ORDERS_KEPT_MS } from '#features/orders/types.ts';
import { forgetOldReviewers, forgetReviewerOf } from './queries.ts';
import { listReviewsOfPerson } from './views.ts';

/** What buyers said, found by the phone number of the order. It is asked before the order forgets that number. */
export const reviewPersonalData: PersonalData = {
  name: 'reviews',
  read: (reader, { phone }) => (phone ? listReviewsOfPerson(reader, phone) : Promise.resolve([])),
  erase: async (tx, { phone }) => {
    if (phone) await forgetReviewerOf(tx, phone);
  },
  forgetOld: (tx, now) => forgetOldReviewers(tx, new Date(now.getTime() - ORDERS_KEPT_MS)),
};
