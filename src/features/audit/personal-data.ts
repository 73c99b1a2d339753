import type { PersonalData } from '#features/identity/index.ts';
import { listActsOf } from './views.ts';

/** The log of acts is a chain that nothing is taken out of: after an erasure it knows an id that names nobody. */
export const auditPersonalData: PersonalData = {
  name: 'acts',
  read: (reader, { accountId }) => listActsOf(reader, accountId),
};
