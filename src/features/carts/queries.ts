import { and, asc, eq, lt, sql } from 'drizzle-orm';
import type { Vnd } from '#core/money.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { VariantId } from '#features/products/types.ts';
import { cartLines, carts } from './tables.ts';
import type { CartId, Delivery } from './types.ts';

export type CartRow = typeof carts.$inferSelect;
export type LineRow = typeof cartLines.$inferSelect;

export async function insertCart(tx: Tx, id: CartId, at: Date): Promise<void> {
  await tx.insert(carts).values({ id, status: 'open', createdAt: at, updatedAt: at });
}

export async function findCart(reader: Reader, id: CartId): Promise<CartRow | undefined> {
  const [row] = await reader.select().from(carts).where(eq(carts.id, id));
  return row;
}

export async function lockCart(tx: Tx, id: CartId): Promise<CartRow | undefined> {
  const [row] = await tx.select().from(carts).where(eq(carts.id, id)).for('update');
  return row;
}

export const listLines = (reader: Reader, cartId: CartId): Promise<LineRow[]> =>
  reader
    .select()
    .from(cartLines)
    .where(eq(cartLines.cartId, cartId))
    .orderBy(asc(cartLines.addedAt), asc(cartLines.variantId));

export async function saveLine(
  tx: Tx,
  cartId: CartId,
  variantId: VariantId,
  quantity: number,
  seenPriceVnd: Vnd,
  at: Date,
): Promise<void> {
  await tx
    .insert(cartLines)
    .values({ cartId, variantId, quantity, seenPriceVnd, addedAt: at })
    .onConflictDoUpdate({ target: [cartLines.cartId, cartLines.variantId], set: { quantity, seenPriceVnd } });
}

export async function deleteLine(tx: Tx, cartId: CartId, variantId: VariantId): Promise<boolean> {
  const rows = await tx
    .delete(cartLines)
    .where(and(eq(cartLines.cartId, cartId), eq(cartLines.variantId, variantId)))
    .returning({ id: cartLines.variantId });
  return rows.length === 1;
}

export async function saveCart(
  tx: Tx,
  id: CartId,
  change: { readonly delivery?: Delivery; readonly status?: 'ordered'; readonly groupCode?: string },
  at: Date,
): Promise<void> {
  await tx
    .update(carts)
    .set({ ...change, updatedAt: at, version: sql`${carts.version} + 1` })
    .where(eq(carts.id, id));
}

export async function deleteStaleCarts(tx: Tx, before: Date): Promise<number> {
  const rows = await tx
    .delete(carts)
    .where(and(eq(carts.status, 'open'), lt(carts.updatedAt, before)))
    .returning({ id: carts.id });
  return rows.length;
}
