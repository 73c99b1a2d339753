import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import type { Reader, Tx } from '#db/client.ts';
import { insertRates, listRates, type ShippingRate } from './queries.ts';

export type Shipping = ReturnType<typeof createShipping>;
export type Rates = { readonly flat: ShippingRate; readonly voucher: ShippingRate };

export const createShipping = ({ now }: { readonly now: Clock }) => ({
  /** The rates that hold now: `flat` for parcels, `voucher` for what is not sent. */
  currentRates: async (reader: Reader): Promise<Rates> => {
    const rates = await listRates(reader, now());
    const flat = rates.find(({ scheme }) => scheme === 'flat');
    const voucher = rates.find(({ scheme }) => scheme === 'voucher');
    if (!flat || !voucher) throw new Error('No shipping rate is in force: run the migrations');
    return { flat, voucher };
  },
  /** A new rate from a date on. Rates are never edited: orders name the one they were priced by. */
  addRate: (tx: Tx, scheme: ShippingRate['scheme'], feeVnd: Vnd, validFrom: Date, note: string) =>
    insertRates(tx, [{ id: newId(), scheme, feeVnd, validFrom, note }]),
});
