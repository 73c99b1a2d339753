import { Problem } from '#core/problem.ts';
import { forgetCart, readCartCookie } from '#web/cart-cookie.ts';
import type { PageContext } from '#web/page.ts';
import type { Carts, CartView } from './service.ts';

/** How many pieces the basket in the header counts. */
export const piecesIn = ({ lines }: CartView): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** The cart that this browser's cookie names, open or already ordered. An unknown one is forgotten. */
export async function findVisitorCart({ request, reply }: PageContext, carts: Carts): Promise<CartView | undefined> {
  const { cartId } = readCartCookie(request);
  if (cartId === undefined) return undefined;
  try {
    return await carts.getCart(cartId);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'cart-not-found') throw error;
    forgetCart(reply);
    return undefined;
  }
}
