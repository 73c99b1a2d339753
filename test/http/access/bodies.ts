import { home, recipient } from '#test/support/people.ts';

/** Bodies that are right, where a status depends on more than on who asks for what. */
export const delivery = { recipient, address: home } as const;
