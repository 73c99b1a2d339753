import { dayMs } from '#core/clock.ts';
import type { PersonalData } from '#features/identity/index.ts';
import { forgetComplaints, forgetComplaintsOf } from './queries/complaints.ts';
import { listOfPerson } from './views/complaints.ts';

/** As long as the orders that they belong to. */
const keptMs = 3 * 366 * dayMs;

/** What people wrote when they complained, found by the phone number they left and by their account. */
export const complaintPersonalData: PersonalData = {
  name: 'complaints',
  read: (reader, { phone, accountId }) => listOfPerson(reader, phone ?? '', accountId),
  erase: (tx, { phone, accountId }) => forgetComplaintsOf(tx, phone ?? '', accountId),
  forgetOld: (tx, now) => forgetComplaints(tx, new Date(now.getTime() - keptMs)),
};
