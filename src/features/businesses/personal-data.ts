import type { PersonalData } from '#features/identity/index.ts';
import {
  forgetInvitations,
  forgetPerson,
  listBusinessesOfPerson,
  listInvitationsOfPerson,
  listRolesOfPerson,
} from './queries/people.ts';

/** As long as somebody may wonder who was invited. */
const invitationsKeptMs = 90 * 86_400_000;

/**
 * People in businesses. What a business said of itself is the business's and stays with it: an owner hands it over before
 * they can be forgotten. Bank accounts, reviews and withholding are books.
 */
export const businessPersonalData: PersonalData = {
  name: 'businesses',
  read: async (reader, person) => ({
    roles: await listRolesOfPerson(reader, person),
    invitations: await listInvitationsOfPerson(reader, person),
    owned: await listBusinessesOfPerson(reader, person),
  }),
  erase: (tx, person, at) => forgetPerson(tx, person, at),
  forgetOld: (tx, now) => forgetInvitations(tx, new Date(now.getTime() - invitationsKeptMs)),
};
