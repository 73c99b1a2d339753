import type { PersonalData } from '#features/identity/index.ts';
import { forgetReporter } from './queries.ts';
import { listReportsOfPerson } from './views.ts';

/** Who reported what, found by account and phone number. */
export const reportPersonalData: PersonalData = {
  name: 'fieldReports',
  read: (reader, person) => listReportsOfPerson(reader, person),
  erase: (tx, person) => forgetReporter(tx, person),
};
