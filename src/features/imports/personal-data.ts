import type { PersonalData } from '#features/identity/index.ts';
import { listSheetsSentBy } from './queries.ts';

/** A sheet of goods is its business's; of who sent it only an id stands beside it. */
export const importPersonalData: PersonalData = {
  name: 'imports',
  read: (reader, { accountId }) => listSheetsSentBy(reader, `account:${accountId}`),
};
