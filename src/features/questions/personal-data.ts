import type { PersonalData } from '#features/identity/index.ts';
import { ORDERS_KEPT_MS } from '#features/orders/types.ts';
import { forgetAsker, forgetOldAskers } from './queries.ts';
import { listQuestionsOfPerson } from './views.ts';

/** What somebody asked, found by account and phone number. */
export const questionPersonalData: PersonalData = {
  name: 'questions',
  read: (reader, person) => listQuestionsOfPerson(reader, person),
  erase: (tx, person) => forgetAsker(tx, person),
  forgetOld: (tx, now) => forgetOldAskers(tx, new Date(now.getTime() - ORDERS_KEPT_MS)),
};
