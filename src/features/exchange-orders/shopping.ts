import { sumVnd, vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import { type CartId, cartProblems } from '#features/carts/types.ts';
import { productProblems, type VariantId } from '#features/products/types.ts';
import type { Deps } from './deps.ts';
import { carryOver, deleteCartLine, listCartLines, saveCartLine } from './queries.ts';
import { exchangeOrderProblems } from './types.ts';
import { type Listed, listListed } from './views.ts';

const refuse = refusals(exchangeOrderProblems);
const refuseProduct = refusals(productProblems);
const refuseCart = refusals(cartProblems);
const most = { quantity: 1_000, lines: 50 } as const;

export type Basket = {
  readonly partnerKey: string;
  readonly name: string;
  /** Whether it takes orders now; its goods stay in the cart until it does again. */
  readonly isOrderable: boolean;
  readonly lines: readonly (Listed & { readonly quantity: number })[];
  /** At the prices of now as we know them; what is paid is what the exchange answers at checkout. */
  readonly goodsVnd: ReturnType<typeof vnd>;
};

/** Goods of other exchanges in a cart. */
export const createShopping = ({ db, now, carts, origins }: Deps) => {
  const getOne = async (variantId: VariantId): Promise<Listed> => {
    const [one] = await listListed(db, [variantId], now());
    if (!one) throw refuseProduct('variant-not-found');
    return one;
  };

  return {
    /** Whether these can be put into a cart here: shown with a price that is believed, by a partner that takes orders. */
    isOrderable: async (variantId: VariantId): Promise<boolean> => {
      const [one] = await listListed(db, [variantId], now());
      return one?.isFresh === true && (await origins.isOrderable(one.partnerKey));
    },
    setLine: async (cartId: CartId, variantId: VariantId, quantity: number): Promise<void> => {
      const one = await getOne(variantId);
      if (!one.isFresh || !(await origins.isOrderable(one.partnerKey)))
        throw refuse('not-orderable', { partner: one.partnerKey, landingUrl: one.landingUrl });
      await carts.getCart(cartId);
      await transact(db, 'guest', async (tx) => {
        const lines = await listCartLines(tx, cartId);
        const isNew = lines.every((line) => line.variantId !== variantId);
        if (quantity < 1 || quantity > most.quantity || (isNew && lines.length >= most.lines))
          throw refuse('leg-limits', { maxQuantity: most.quantity, maxLines: most.lines });
        const { partnerKey, priceVnd } = one;
        await saveCartLine(tx, { cartId, variantId, partnerKey, quantity, seenPriceVnd: priceVnd, addedAt: now() });
      });
    },
    removeLine: async (cartId: CartId, variantId: VariantId): Promise<void> => {
      await carts.getCart(cartId);
      const gone = await transact(db, 'guest', async (tx) => {
        const there = (await listCartLines(tx, cartId)).some((line) => line.variantId === variantId);
        await deleteCartLine(tx, cartId, variantId);
        return there;
      });
      if (!gone) throw refuseCart('line-not-found');
    },
    /** One basket an exchange, in the order in which they were begun. What is not shown any more is left out. */
    listBaskets: async (cartId: CartId): Promise<Basket[]> => {
      const lines = await listCartLines(db, cartId);
      const listed = await listListed(
        db,
        lines.map(({ variantId }) => variantId),
        now(),
      );
      const shown = lines.flatMap(({ variantId, quantity }) => {
        const one = listed.find((candidate) => candidate.variantId === variantId);
        return one ? [{ ...one, quantity }] : [];
      });
      const keys = [...new Set(shown.map(({ partnerKey }) => partnerKey))];
      return Promise.all(
        keys.map(async (partnerKey) => {
          const own = shown.filter((line) => line.partnerKey === partnerKey);
          const goodsVnd = sumVnd(own.map(({ priceVnd, quantity }) => vnd(priceVnd * quantity)));
          const isOrderable = await origins.isOrderable(partnerKey);
          return { partnerKey, name: own[0]?.partnerName ?? partnerKey, isOrderable, lines: own, goodsVnd };
        }),
      );
    },
    countPieces: async (cartId: string): Promise<number> =>
      (await listCartLines(db, cartId)).reduce((sum, { quantity }) => sum + quantity, 0),
    /** Goods of other exchanges, and what was bought of them, stay with a shopper who begins a new cart. */
    carry: (fromCartId: string, toCartId: string): Promise<void> =>
      transact(db, 'guest', (tx) => carryOver(tx, fromCartId, toCartId)),
  };
};
