import { refusals } from '#core/problem.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { PersonalData } from '#features/identity/index.ts';
import { findUnfinishedOf, forgetBuyers, forgetBuyersOf } from './queries.ts';
import { ORDERS_KEPT_MS, orderProblems } from './types.ts';
import { listOrdersOfPerson } from './views.ts';

const refuse = refusals(orderProblems);

type Buyers = {
  readonly list: (reader: Reader, phone: string) => Promise<object>;
  /** The code of an order that is under way still: whoever placed it cannot be forgotten yet. */
  readonly findUnfinished: (reader: Reader, phone: string) => Promise<string | undefined>;
  readonly forget: (tx: Tx, phone: string) => Promise<void>;
  readonly forgetBefore: NonNullable<PersonalData['forgetOld']>;
};

/** Of people who bought, found by the phone number that they ordered with, once it was proved. */
export const dataOfBuyers = (name: string, buyers: Buyers): PersonalData => ({
  name,
  read: (reader, { phone }) => (phone ? buyers.list(reader, phone) : Promise.resolve([])),
  checkErasure: async (reader, { phone }) => {
    const code = phone ? await buyers.findUnfinished(reader, phone) : undefined;
    if (code) throw refuse('orders-under-way', { code });
  },
  erase: async (tx, { phone }) => {
    if (phone) await buyers.forget(tx, phone);
  },
  forgetOld: (tx, now) => buyers.forgetBefore(tx, new Date(now.getTime() - ORDERS_KEPT_MS)),
});

/** What is forgotten is who bought and where they live; what was sold, by whom, when and for how much stays in the books. */
export const orderPersonalData: PersonalData = dataOfBuyers('orders', {
  list: listOrdersOfPerson,
  findUnfinished: findUnfinishedOf,
  forget: forgetBuyersOf,
  forgetBefore: forgetBuyers,
});
