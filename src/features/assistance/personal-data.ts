import type { PersonalData } from '#features/identity/index.ts';
import { forgetConsents, forgetConsentsOf, listConsentsOfPerson, listTeamsOf } from './queries.ts';

/** What was done in a household's name can be disputed as long as its orders are kept. */
const keptMs = 3 * 366 * 86_400_000;

export const assistancePersonalData: PersonalData = {
  name: 'assistance',
  read: async (reader, person) => ({
    teams: (await listTeamsOf(reader, person.accountId)).map(({ code, name }) => ({ code, name })),
    consents: await listConsentsOfPerson(reader, person),
  }),
  erase: (tx, person, at) => forgetConsentsOf(tx, person, at),
  forgetOld: (tx, now) => forgetConsents(tx, new Date(now.getTime() - keptMs)),
};
