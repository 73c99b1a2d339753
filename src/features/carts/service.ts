import type { Clock } from '#core/clock.ts';
import { newSecret } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Reader, type Tx, transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { readPhone } from '#features/identity/index.ts';
import type { Places } from '#features/places/index.ts';
import type { Products, VariantFacts } from '#features/products/index.ts';
import { productProblems, type VariantId } from '#features/products/types.ts';
import { type Shipping, shareOf } from '#features/shipping/index.ts';
import type { DeliveryMethod, Freight, Place } from '#features/shipping/types.ts';
import type { Vouchers } from '#features/vouchers/index.ts';
import { type Offer, voucherProblems } from '#features/vouchers/types.ts';
import { emptyCart, type PricedCart, type PriceFacts, priceCart } from './pricing.ts';
import {
  type CartChange,
  type CartRow,
  deleteLine,
  deleteStaleCarts,
  findCart,
  forgetDeliveries,
  insertCart,
  type LineRow,
  listLines,
  listOpenLines,
  lockCart,
  saveCart,
  saveLine,
} from './queries.ts';
import {
  checkAge,
  checkChoices,
  checkContact,
  checkFreight,
  checkLines,
  checkRoom,
  checkSellable,
  repriced,
} from './rules.ts';
import { type CartId, type Choices, cartProblems, type Delivery } from './types.ts';

const refuse = refusals(cartProblems);
const refuseProduct = refusals(productProblems);
const refuseVoucher = refusals(voucherProblems);
type Deps = {
  readonly db: Db;
  readonly products: Products;
  readonly shipping: Shipping;
  readonly places: Places;
  readonly vouchers: Vouchers;
  readonly now: Clock;
};
export type Carts = ReturnType<typeof createCarts>;
export type DeliveryRequest = {
  readonly recipient: { readonly name: string; readonly phone: string; readonly email?: string };
  readonly address: {
    readonly line: string;
    readonly provinceCode: string;
    readonly wardCode?: string;
    readonly ward?: string;
  };
  readonly choices?: readonly { readonly businessId: BusinessId; readonly method: DeliveryMethod }[];
  readonly language?: Delivery['language'];
};
export type CartView = ReturnType<typeof viewOf>;
export type ReadyCart = {
  readonly cartId: CartId;
  readonly delivery: Delivery;
  readonly priced: PricedCart;
  /** Something in it is sold to adults only, and the buyer has said to be one. */
  readonly needsAge: boolean;
};

const cartLifeMs = 60 * 24 * 3_600_000;

/** What a shopper is told of a voucher before ordering. */
const offerOf = ({ id, code, name, minimumVnd, validUntil, stackable }: Offer) => ({
  ...{ voucherId: id, code, name, minimumVnd, stackable },
  validUntil: validUntil.toISOString(),
});

/** How the goods of one business would travel, how else they could, and whether that costs more than is sensible. */
const deliveryOf = ({ zone, grams, toFreeVnd, ...freight }: Freight, subtotalVnd: Vnd) => ({
  deliveryMethod: freight.method,
  deliveryOptions: freight.options.map(({ method, feeVnd, spoiling, point }) => ({
    ...{ method, feeVnd, spoiling },
    available: spoiling.length === 0,
    pickupPoint: point,
  })),
  freight: { zone, grams, toFreeVnd, ...shareOf({ ...freight, toFreeVnd }, subtotalVnd) },
});

const viewOf = (cart: CartRow, { lines, businesses, totalVnd, ...priced }: PricedCart) => ({
  cartId: cart.id,
  status: cart.status,
  groupCode: cart.groupCode,
  version: cart.version,
  lines: lines.map(({ variantId, quantity, facts, totalVnd: lineTotal, discountVnd, vatVnd }) => ({
    variantId,
    productId: facts.productId,
    productSlug: facts.productSlug,
    businessId: facts.businessId,
    sku: facts.sku,
    name: facts.name,
    label: facts.label,
    quantity,
    priceVnd: facts.priceVnd,
    totalVnd: lineTotal,
    discountVnd,
    vatBps: facts.vatBps,
    vatVnd,
    available: facts.available,
    minOrder: facts.minOrder,
    maxOrder: facts.maxOrder,
    forSale: facts.forSale,
    image: facts.pictureId && `/pictures/${facts.pictureId}/160`,
  })),
  businesses: businesses.map(({ businessId, name, slug, freight, ...sums }) => ({
    ...{ businessId, name, slug },
    subtotalVnd: sums.subtotalVnd,
    discountVnd: sums.discountVnd,
    vatVnd: sums.vatVnd,
    shippingVnd: sums.shippingVnd,
    totalVnd: sums.totalVnd,
    ...deliveryOf(freight, sums.subtotalVnd),
  })),
  discountVnd: priced.discountVnd,
  vatVnd: priced.vatVnd,
  totalVnd,
  voucherCode: cart.voucherCode,
  vouchers: priced.applied.map(({ offer, amountVnd }) => ({ ...offerOf(offer), amountVnd })),
  vouchersNotApplied: priced.refused
    .filter(({ offer, reason }) => offer.code !== null || (offer.isPublic && reason === 'minimum'))
    .map(({ offer, reason, missingVnd }) => ({ ...offerOf(offer), reason, missingVnd })),
  needsAge: lines.some(({ facts }) => facts.isAlcohol),
  delivery: cart.delivery,
});

export const etagOfCart = (cart: { readonly version: number }): string => `"v${cart.version}"`;

/** A delivery that can be carried out, or which part of it cannot. */
async function checkDelivery(
  places: Places,
  { recipient, address, choices = [], language }: DeliveryRequest,
  reader?: Reader,
): Promise<Delivery> {
  const phone = readPhone(recipient.phone);
  if (!phone) throw refuse('phone-invalid', { pointer: '/recipient/phone' });
  const name = clean(recipient.name);
  const line = clean(address.line);
  checkContact({ name, line, email: recipient.email });
  const { provinceCode, wardCode } = address;
  const [ward, found] = await Promise.all([
    wardCode === undefined ? undefined : places.findWard(wardCode, reader),
    places.findProvince(provinceCode, reader),
  ]);
  if (!found) throw refuse('province-unknown', { pointer: '/address/provinceCode' });
  const province = found.name;
  const contact = { name, phone, ...(recipient.email ? { email: recipient.email } : {}) };
  const chosen = Object.fromEntries(choices.map(({ businessId, method }) => [businessId, method]));
  const more = { ...(choices.length > 0 && { choices: chosen }), ...(language && { language }) };
  if (wardCode === undefined) {
    const typed = clean(address.ward ?? '');
    if (typed === '') throw refuse('ward-missing', { pointer: '/address/ward' });
    return { recipient: contact, address: { line, provinceCode, province, ward: typed }, ...more };
  }
  if (!ward) throw refuse('ward-unknown', { pointer: '/address/wardCode' });
  if (ward.provinceCode !== provinceCode) throw refuse('ward-outside-province', { pointer: '/address/wardCode' });
  return { recipient: contact, address: { line, provinceCode, province, wardCode, ward: ward.fullName }, ...more };
}

/** The cart, locked and open. Another's cart is no cart: its id is the secret. */
async function lockOpen(tx: Tx, cartId: CartId, check?: (cart: CartRow) => void): Promise<CartRow> {
  const cart = await lockCart(tx, cartId);
  if (!cart) throw refuse('cart-not-found');
  check?.(cart);
  if (cart.status !== 'open') throw refuse('cart-already-ordered', { groupCode: cart.groupCode });
  return cart;
}

const variantsOf = (lines: readonly LineRow[]): VariantId[] => lines.map((line) => line.variantId);

/** What becomes of a cart: its lines, where they change, and the statement that makes it so. */
type Decision = CartChange & {
  readonly lines?: readonly LineRow[];
  readonly write?: (tx: Tx) => Promise<unknown>;
  /** Looks at what the cart costs after the change, and may still refuse it. */
  readonly judge?: (priced: PricedCart) => void;
};
type LineChange = {
  readonly cartId: CartId;
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly lines: readonly LineRow[];
  readonly facts: readonly VariantFacts[];
  readonly at: Date;
};

function setLine({ cartId, variantId, quantity, lines, facts, at }: LineChange): Decision {
  const variant = facts.find((one) => one.variantId === variantId);
  if (!variant) throw refuseProduct('variant-not-found');
  checkSellable(variant);
  const seenPriceVnd = variant.priceVnd;
  const isThere = lines.some((line) => line.variantId === variantId);
  if (!isThere) checkRoom(lines.length);
  return {
    lines: isThere
      ? lines.map((line) => (line.variantId === variantId ? { ...line, quantity, seenPriceVnd } : line))
      : [...lines, { cartId, variantId, quantity, seenPriceVnd, addedAt: at }],
    write: (tx) => saveLine(tx, cartId, variantId, quantity, seenPriceVnd, at),
  };
}

export const createCarts = (deps: Deps) => {
  const { db, products, shipping, places, vouchers, now } = deps;

  /** All that a price depends on, read at one moment; vouchers as they stand for the number that the cart is for. */
  const look = async (reader: Reader, cart: CartRow, variantIds: readonly VariantId[]): Promise<PriceFacts> => {
    const phone = cart.delivery?.recipient.phone ?? '';
    const ids = [...new Set(variantIds)];
    const [facts, tariff, offers] = await Promise.all([
      products.listVariantFacts(ids, reader),
      shipping.readTariff(reader, ids, cart.delivery?.address),
      vouchers.listOffers(reader, cart.voucherCode, phone),
    ]);
    return { facts, tariff, choices: cart.delivery?.choices ?? {}, offers, now: now() };
  };
  const price: Pricing = async (reader, cart, lines) => priceCart(lines, await look(reader, cart, variantsOf(lines)));
  const read = async (reader: Reader, cartId: CartId): Promise<CartView> => {
    const cart = await findCart(reader, cartId);
    if (!cart) throw refuse('cart-not-found');
    return viewOf(cart, await price(reader, cart, await listLines(reader, cartId)));
  };
  /**
   * Changes an open cart and answers with what it is now. `check` sees the row under lock (`If-Match`), `decide` the
   * lines and what is known of their variants and of `variantIds`.
   */
  const change = (
    cartId: CartId,
    check: ((cart: CartRow) => void) | undefined,
    decide: (lines: readonly LineRow[], facts: readonly VariantFacts[], at: Date) => Decision,
    variantIds: readonly VariantId[] = [],
  ): Promise<CartView> =>
    transact(db, 'guest', async (tx) => {
      // One trip: the lines are read by a statement of their own, which begins when the lock is held.
      const [open, before] = await Promise.all([lockOpen(tx, cartId, check), listLines(tx, cartId)]);
      const at = now();
      const known = await look(tx, open, [...variantsOf(before), ...variantIds]);
      const { lines = before, write, judge, ...changed } = decide(before, known.facts, at);
      const [cart] = await Promise.all([saveCart(tx, cartId, changed, at), write?.(tx)]);
      // Another code or another shopper's number changes which vouchers there are.
      const isOther = changed.voucherCode !== undefined || changed.delivery !== undefined;
      const priced = isOther ? await price(tx, cart, lines) : priceCart(lines, known);
      judge?.(priced);
      return viewOf(cart, priced);
    });

  return {
    openCart: (): Promise<CartView> =>
      transact(db, 'guest', async (tx) => viewOf(await insertCart(tx, newSecret(), now()), emptyCart)),
    getCart: (cartId: CartId) => read(db, cartId),
    setLine: (cartId: CartId, variantId: VariantId, quantity: number, check?: (cart: CartRow) => void) =>
      change(cartId, check, (lines, facts, at) => setLine({ cartId, variantId, quantity, lines, facts, at }), [
        variantId,
      ]),
    removeLine: (cartId: CartId, variantId: VariantId, check?: (cart: CartRow) => void) =>
      change(cartId, check, (lines) => {
        const rest = lines.filter((line) => line.variantId !== variantId);
        if (rest.length === lines.length) throw refuse('line-not-found');
        return { lines: rest, write: (tx) => deleteLine(tx, cartId, variantId) };
      }),
    setDelivery: async (cartId: CartId, request: DeliveryRequest, check?: (cart: CartRow) => void) => {
      const delivery = await checkDelivery(places, request);
      return change(cartId, check, () => ({
        delivery,
        judge: ({ businesses }) => checkChoices(delivery.choices ?? {}, businesses),
      }));
    },
    /** Puts a voucher's code on the cart, or takes it off. Whether it applies to these goods stands in the answer. */
    setVoucher: async (cartId: CartId, typed: string, check?: (cart: CartRow) => void): Promise<CartView> => {
      const voucher = typed === '' ? undefined : await vouchers.findUsable(typed);
      if (typed !== '' && !voucher) {
        await read(db, cartId);
        throw refuse('voucher-unknown', { pointer: '/code' });
      }
      return change(cartId, check, () => ({ voucherCode: voucher?.code ?? '' }));
    },
    ...createCheckoutSide(deps, price),
    ...createPartnerSide(deps),
  };
};

/** The same prices and the same checks for goods that a partner exchange sells to its shopper: there is no cart here. */
const createPartnerSide = ({ products, shipping, places, now }: Deps) => ({
  /** A delivery that can be carried out. Throws which part of it cannot. */
  checkDelivery: (reader: Reader, asked: DeliveryRequest): Promise<Delivery> => checkDelivery(places, asked, reader),
  /** What these goods cost when they are sent there; vouchers are for shoppers of ours. Unknown variants are left out. */
  priceFor: async (
    reader: Reader,
    wanted: readonly { readonly variantId: VariantId; readonly quantity: number }[],
    place: Place,
    choices: Choices = {},
  ): Promise<PricedCart> => {
    const ids = wanted.map(({ variantId }) => variantId);
    const [facts, tariff] = await Promise.all([
      products.listVariantFacts(ids, reader),
      shipping.readTariff(reader, ids, place),
    ]);
    return priceCart(wanted, { facts, tariff, choices, offers: [], now: now() });
  },
});

/** What the orders slice needs of a cart when it becomes orders. */
const createCheckoutSide = ({ db, now }: Deps, price: Pricing) => ({
  /**
   * The cart locked for checkout, priced anew and found sellable. A price that moved since the shopper saw it is
   * refused with `price-changed`, before stock is asked for.
   */
  takeForCheckout: (
    tx: Tx,
    cartId: CartId,
    asked: { readonly expectedTotalVnd?: Vnd; readonly ageConfirmed?: boolean },
  ) => takeForCheckout({ tx, cartId, price, ...asked }),
  /** What the cart asks for at this moment, unlocked; nothing where there is no such cart or it has become orders. */
  listWanted: (cartId: CartId) => listOpenLines(db, cartId),
  /** Marks the prices of the cart as shown, after a refusal told the shopper. */
  acceptPrices: (cartId: CartId, told: unknown) =>
    transact(db, 'guest', async (tx) => {
      await lockOpen(tx, cartId);
      const prices = toldPrices(told);
      for (const { variantId, quantity, seenPriceVnd } of await listLines(tx, cartId)) {
        await saveLine(tx, cartId, variantId, quantity, prices.get(variantId) ?? seenPriceVnd, now());
      }
    }),
  markOrdered: (tx: Tx, cartId: CartId, groupCode: string) =>
    saveCart(tx, cartId, { status: 'ordered', groupCode }, now()),
  /** Open carts that nobody touched for two months. */
  forgetStale: () =>
    transact(db, 'system:carts', async (tx) => {
      const before = new Date(now().getTime() - cartLifeMs);
      await forgetDeliveries(tx, before);
      return deleteStaleCarts(tx, before);
    }),
});

/** The prices that a `price-changed` refusal told: those were shown, not what they may have become since. */
const toldPrices = (told: unknown): ReadonlyMap<string, Vnd> =>
  new Map(
    (Array.isArray(told) ? (told as ReturnType<typeof repriced>) : []).map((line) => [line.variantId, line.priceVnd]),
  );

type Pricing = (reader: Reader, cart: CartRow, lines: readonly LineRow[]) => Promise<PricedCart>;
type Taking = {
  readonly tx: Tx;
  readonly cartId: CartId;
  readonly expectedTotalVnd?: Vnd;
  readonly ageConfirmed?: boolean;
  readonly price: Pricing;
};

async function takeForCheckout({
  tx,
  cartId,
  expectedTotalVnd,
  ageConfirmed = false,
  price,
}: Taking): Promise<ReadyCart> {
  const [cart, lines] = await Promise.all([lockOpen(tx, cartId), listLines(tx, cartId)]);
  const priced = await price(tx, cart, lines);
  const byId = new Map(priced.lines.map((line) => [line.variantId, line.facts]));
  checkLines(lines, byId);
  const needsAge = priced.lines.some(({ facts }) => facts.isAlcohol);
  checkAge(needsAge, ageConfirmed);
  const moved = repriced(lines, byId);
  const unexpected = expectedTotalVnd !== undefined && expectedTotalVnd !== priced.totalVnd;
  if (moved.length > 0 || unexpected) throw refuse('price-changed', { lines: moved, totalVnd: priced.totalVnd });
  if (!cart.delivery) throw refuse('delivery-missing');
  const { choices: _choices, ...delivery } = cart.delivery;
  checkFreight(priced.businesses);
  // Who has not said what they expect to pay counts on the code that they typed.
  const idle = priced.refused.find(({ offer }) => offer.code !== null);
  if (idle && expectedTotalVnd === undefined)
    throw refuseVoucher('voucher-not-applicable', { reason: idle.reason, missingVnd: idle.missingVnd });
  return { cartId, delivery, priced, needsAge };
}
