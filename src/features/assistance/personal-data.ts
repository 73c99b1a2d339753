import type { PersonalData } from '#features/identity/index.ts';
import { ORDERS_KEPT_MS } from '#features/orders/types.ts';
import { forgetConsents, forgetConsentsOf, listConsentsOfPerson, listTeamsOf } from './queries.ts';

export const assistancePersonalData: PersonalData = {
  name: 'assistance',
  read: async (reader, person) => ({
    teams: (await listTeamsOf(reader, person.accountId)).map(({ code, name }) => ({ code, name })),
    consents: await listConsentsOfPerson(reader, person),
  }),
  erase: (tx, person, at) => forgetConsentsOf(tx, person, at),
  // What was done in a household's name can be disputed as long as its orders are kept.
  forgetOld: (tx, now) => forgetConsents(tx, new Date(now.getTime() - ORDERS_KEPT_MS)),
};
