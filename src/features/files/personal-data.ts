import type { PersonalData } from '#features/identity/index.ts';
import { listFilesSentBy } from './queries.ts';

/** Files are their business's, or the exchange's own; of who sent one only an id stands beside it. */
export const filePersonalData: PersonalData = {
  name: 'files',
  read: (reader, { accountId }) => listFilesSentBy(reader, `account:${accountId}`),
};
