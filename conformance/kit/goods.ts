import { Failure, Missing, must } from './check.ts';
import type { Verb } from './driver.ts';
import type { FedRecord, Item, Lane, Session } from './session.ts';

/** What the driver made for a check. */
export type Made = {
  readonly listing: string;
  readonly offer: string;
  readonly amount: number;
  readonly title: string;
};

let count = 0;

async function drive(t: Session, verb: Verb, input: Readonly<Record<string, string | number>>) {
  if (!t.driver) throw new Failure('a driver', 'none');
  const said = await t.driver.call(verb, input);
  t.forget();
  return said;
}

export const setPrice = (t: Session, offer: string, amount: number) => drive(t, 'price', { offer, amount });
export const setStock = (t: Session, offer: string, quantity: number) => drive(t, 'stock', { offer, quantity });
export const withdraw = (t: Session, listing: string) => drive(t, 'withdraw', { listing });
export const restore = (t: Session, listing: string) => drive(t, 'restore', { listing });
export async function age(t: Session, verb: 'expire' | 'epoch'): Promise<void> {
  const said = await drive(t, verb, {});
  if (said.unsupported === true) throw new Missing('ageing');
  t.forgetTails();
}

/** Lets the driver make a listing with one offer, without waiting for it. */
export async function create(t: Session, amount = 65_000, quantity = 40): Promise<Made> {
  count += 1;
  const title = `Hàng thử chuẩn ${count} "đặc biệt" <&>`;
  const said = await drive(t, 'create', { title, amount, quantity });
  const { listing, offer } = said;
  must(typeof listing === 'string' && typeof offer === 'string', 'create answers {listing, offer}', said);
  return { listing, offer, amount, title };
}

/** What came after `cursor` of this address, as soon as it came and is so. */
export const arrival = (
  t: Session,
  lane: Lane,
  cursor: string,
  uri: string,
  isSo: (item: Item) => boolean = () => true,
) =>
  t.until(`${uri} in the ${lane} lane as it was written`, async () =>
    (await t.walk(lane, cursor)).items.find((item) => item.uri === uri && isSo(item)),
  );

export const isLive = ({ op }: Item): boolean => op === 'upsert';
export const isGone = ({ op }: Item): boolean => op === 'delete';
export const amountOf = (record: FedRecord | undefined): unknown => Object(record?.price).amount;
export const quantityOf = (record: FedRecord | undefined): unknown => Object(record?.availability).quantity;
export const costs =
  (amount: number) =>
  ({ record }: Item): boolean =>
    amountOf(record) === amount;
export const holds =
  (quantity: number) =>
  ({ record }: Item): boolean =>
    quantityOf(record) === quantity;

/** A listing and its offer that are in the feed, and are withdrawn when the check is over. */
export async function withGoods(t: Session, check: (made: Made) => Promise<void>): Promise<void> {
  const [catalogue, offers] = [await t.tail('catalogue'), await t.tail('offer')];
  const made = await create(t);
  try {
    await arrival(t, 'catalogue', catalogue, made.listing, isLive);
    await arrival(t, 'offer', offers, made.offer, isLive);
    await check(made);
  } finally {
    await withdraw(t, made.listing).catch(() => undefined);
  }
}
