import type { PersonalData } from '#features/identity/index.ts';
import { forgetReturns, forgetReturnsOf } from './queries/returns.ts';
import { listReturnsOfPerson } from './views/returns.ts';

/** As long as the orders that they belong to. */
const keptMs = 3 * 366 * 86_400_000;

/** What shoppers wrote when they gave something back, found by the phone number of the order. It is asked before the order forgets that number. */
export const carePersonalData: PersonalData = {
  name: 'returns',
  read: (reader, { phone }) => (phone ? listReturnsOfPerson(reader, phone) : Promise.resolve([])),
  erase: async (tx, { phone }) => {
    if (phone) await forgetReturnsOf(tx, phone);
  },
  forgetOld: (tx, now) => forgetReturns(tx, new Date(now.getTime() - keptMs)),
};
