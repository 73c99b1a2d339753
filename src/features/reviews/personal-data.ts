import { dayMs } from '#core/clock.ts';
import type { PersonalData } from '#features/identity/index.ts';
import { forgetOldReviewers, forgetReviewerOf } from './queries.ts';
import { listReviewsOfPerson } from './views.ts';

/** As long as the orders that they belong to. */
const keptMs = 3 * 366 * dayMs;

/** What buyers said, found by the phone number of the order. It is asked before the order forgets that number. */
export const reviewPersonalData: PersonalData = {
  name: 'reviews',
  read: (reader, { phone }) => (phone ? listReviewsOfPerson(reader, phone) : Promise.resolve([])),
  erase: async (tx, { phone }) => {
    if (phone) await forgetReviewerOf(tx, phone);
  },
  forgetOld: (tx, now) => forgetOldReviewers(tx, new Date(now.getTime() - keptMs)),
};
