import { type Check, checksOf, type Profile } from '../kit/check.ts';
import { arrival, costs, holds, isGone, type Made, setPrice, setStock, withdraw, withGoods } from '../kit/goods.ts';
import { documentOf, type FedRecord, type Item, type Session } from '../kit/session.ts';

const profiles: readonly Profile[] = ['native', 'pull-only'];
const make = checksOf({ name: 'writes', profiles, spec: 'README: Records; Reading a feed' });

/** A check with goods of its own, which the driver made. */
export const check = (
  what: string,
  level: Check['level'],
  title: Check['title'],
  advice: Check['advice'],
  run: (t: Session, made: Made) => Promise<void>,
  more: Partial<Check> = {},
) => make(what, level, title, advice, (t) => withGoods(t, (made) => run(t, made)), { needs: ['driver'], ...more });

export const pathOf = (uri: string): string => `/federation/v1/records/${encodeURIComponent(uri)}`;
export const byAddress = async (t: Session, uri: string) => documentOf<FedRecord>(await t.get(pathOf(uri)));

/** Sets the price and waits for it; before and after. */
export async function reprice(t: Session, { offer, amount }: Made): Promise<readonly [FedRecord, Item]> {
  const [before, from] = [await byAddress(t, offer), await t.tail('offer')];
  await setPrice(t, offer, amount + 1_000);
  return [before, await arrival(t, 'offer', from, offer, costs(amount + 1_000))];
}

export async function restock(t: Session, { offer }: Made, quantity: number): Promise<readonly [FedRecord, Item]> {
  const [before, from] = [await byAddress(t, offer), await t.tail('offer')];
  await setStock(t, offer, quantity);
  return [before, await arrival(t, 'offer', from, offer, holds(quantity))];
}

/** Withdraws and waits for both tombstones. */
export async function remove(t: Session, { listing, offer }: Made): Promise<readonly Item[]> {
  const from = { catalogue: await t.tail('catalogue'), offer: await t.tail('offer') };
  await withdraw(t, listing);
  return [
    await arrival(t, 'catalogue', from.catalogue, listing, isGone),
    await arrival(t, 'offer', from.offer, offer, isGone),
  ];
}
