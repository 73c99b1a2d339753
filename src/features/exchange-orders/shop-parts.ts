import type { Clock } from '#core/clock.ts';
import type { SafeHtml } from '#web/html.ts';
import type { View } from '#web/view.ts';
import { addForm, basketsBox } from './basket-parts.ts';
import type { ExchangeOrders } from './service.ts';

type Offered = {
  readonly partner: { readonly name: string } | null;
  readonly variants: readonly { readonly variantId: string; readonly available: number }[];
};

/** What other pages of the shop show of goods that other exchanges sell. */
export const createShopParts = (exchangeOrders: ExchangeOrders, now: Clock) => ({
  /** The way into the cart; false where the goods are not orderable here, and are bought at home. */
  orderForm: async (view: View, { partner, variants }: Offered): Promise<SafeHtml | false> => {
    const [first] = variants;
    if (!partner || !first || first.available < 1 || !exchangeOrders.isOpen()) return false;
    const isOrderable = await exchangeOrders.isOrderable(
      first.variantId as Parameters<ExchangeOrders['isOrderable']>[0],
    );
    return isOrderable && addForm(view, first.variantId, partner.name);
  },
  beside: {
    show: async (view: View, cartId: string) => {
      const [baskets, legs, pieces] = await Promise.all([
        exchangeOrders.listBaskets(cartId),
        exchangeOrders.listLegs(cartId),
        exchangeOrders.countPieces(cartId),
      ]);
      return { box: basketsBox(view, { baskets, legs, now: now() }), pieces };
    },
    countPieces: exchangeOrders.countPieces,
    carry: exchangeOrders.carry,
  },
});
