import type { PersonalData } from '#features/identity/index.ts';
import { forgetDeliveriesOf, listDeliveriesOf } from './queries.ts';

/** To whom baskets were to go. All of them are forgotten after a month by themselves. */
export const cartPersonalData: PersonalData = {
  name: 'carts',
  read: (reader, { phone }) => (phone ? listDeliveriesOf(reader, phone) : Promise.resolve([])),
  erase: async (tx, { phone }) => {
    if (phone) await forgetDeliveriesOf(tx, phone);
  },
};
