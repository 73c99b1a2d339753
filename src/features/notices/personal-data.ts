import type { PersonalData } from '#features/identity/index.ts';
import { findSettings, forgetNotices, forgetTold, listTold } from './queries.ts';

/** Who was told what is asked about for a season or two; after a year nobody asks. */
const keptMs = 366 * 86_400_000;

export const noticePersonalData: PersonalData = {
  name: 'notices',
  read: async (reader, person) => {
    const { accountId: _id, ...settings } = (await findSettings(reader, person.accountId)) ?? { accountId: undefined };
    return { settings, told: await listTold(reader, person) };
  },
  erase: (tx, person) => forgetTold(tx, person),
  forgetOld: (tx, now) => forgetNotices(tx, new Date(now.getTime() - keptMs)),
};
