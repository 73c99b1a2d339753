import { and, asc, eq, isNotNull, lt, sql } from 'drizzle-orm';
import type { Vnd } from '#core/money.ts';
import { prepared, type Reader, type Tx } from '#db/client.ts';
import type { VariantId } from '#features/products/types.ts';
import { cartLines, carts } from './tables.ts';
import type { CartId, Delivery } from './types.ts';

export type CartRow = typeof carts.$inferSelect;
export type LineRow = typeof cartLines.$inferSelect;

const newCart = prepared('cart-insert', (db) =>
  db
    .insert(carts)
    .values({
      id: sql.placeholder('id'),
      status: 'open',
      createdAt: sql.placeholder('at'),
      updatedAt: sql.placeholder('at'),
    })
    .returning(),
);

export async function insertCart(tx: Tx, id: CartId, at: Date): Promise<CartRow> {
  const [row] = await newCart(tx, { id, at });
  if (!row) throw new Error('A cart was not inserted');
  return row;
}

const cartById = prepared('cart', (db) =>
  db
    .select()
    .from(carts)
    .where(eq(carts.id, sql.placeholder('id'))),
);
export const findCart = async (reader: Reader, id: CartId): Promise<CartRow | undefined> =>
  (await cartById(reader, { id }))[0];

const cartForUpdate = prepared('cart-lock', (db) =>
  db
    .select()
    .from(carts)
    .where(eq(carts.id, sql.placeholder('id')))
    .for('update'),
);
export const lockCart = async (tx: Tx, id: CartId): Promise<CartRow | undefined> =>
  (await cartForUpdate(tx, { id }))[0];

const linesOfCart = prepared('cart-lines', (db) =>
  db
    .select()
    .from(cartLines)
    .where(eq(cartLines.cartId, sql.placeholder('cartId')))
    .orderBy(asc(cartLines.addedAt), asc(cartLines.variantId)),
);
export const listLines = (reader: Reader, cartId: CartId): Promise<LineRow[]> => linesOfCart(reader, { cartId });

const openLinesOfCart = prepared('cart-open-lines', (db) =>
  db
    .select({ variantId: cartLines.variantId, quantity: cartLines.quantity })
    .from(cartLines)
    .innerJoin(carts, and(eq(carts.id, cartLines.cartId), eq(carts.status, 'open')))
    .where(eq(cartLines.cartId, sql.placeholder('cartId'))),
);
export const listOpenLines = (reader: Reader, cartId: CartId) => openLinesOfCart(reader, { cartId });

const upsertLine = prepared('cart-line-save', (db) =>
  db
    .insert(cartLines)
    .values({
      cartId: sql.placeholder('cartId'),
      variantId: sql.placeholder('variantId'),
      quantity: sql.placeholder('quantity'),
      seenPriceVnd: sql.placeholder('seenPriceVnd'),
      addedAt: sql.placeholder('at'),
    })
    .onConflictDoUpdate({
      target: [cartLines.cartId, cartLines.variantId],
      set: { quantity: sql`excluded.quantity`, seenPriceVnd: sql`excluded.seen_price_vnd` },
    }),
);
export async function saveLine(
  tx: Tx,
  cartId: CartId,
  variantId: VariantId,
  quantity: number,
  seenPriceVnd: Vnd,
  at: Date,
): Promise<void> {
  await upsertLine(tx, { cartId, variantId, quantity, seenPriceVnd, at });
}

export async function deleteLine(tx: Tx, cartId: CartId, variantId: VariantId): Promise<boolean> {
  const rows = await tx
    .delete(cartLines)
    .where(and(eq(cartLines.cartId, cartId), eq(cartLines.variantId, variantId)))
    .returning({ id: cartLines.variantId });
  return rows.length === 1;
}

export type CartChange = {
  readonly delivery?: Delivery;
  readonly status?: 'ordered';
  readonly groupCode?: string;
  /** Empty takes it off. */
  readonly voucherCode?: string;
};

const updateCart = prepared('cart-save', (db) =>
  db
    .update(carts)
    .set({
      delivery: sql`coalesce(${sql.placeholder('delivery')}::jsonb, ${carts.delivery})`,
      status: sql`coalesce(${sql.placeholder('status')}::text, ${carts.status})`,
      groupCode: sql`coalesce(${sql.placeholder('groupCode')}::text, ${carts.groupCode})`,
      voucherCode: sql`nullif(coalesce(${sql.placeholder('voucherCode')}::text, ${carts.voucherCode}), '')`,
      updatedAt: sql`${sql.placeholder('at')}`,
      version: sql`${carts.version} + 1`,
    })
    .where(eq(carts.id, sql.placeholder('id')))
    .returning(),
);

/** Changes what `change` names, and the version in any case. */
export async function saveCart(tx: Tx, id: CartId, change: CartChange, at: Date): Promise<CartRow> {
  const { delivery = null, status = null, groupCode = null, voucherCode = null } = change;
  const sent = { id, delivery: delivery && JSON.stringify(delivery), status, groupCode, voucherCode, at };
  const [row] = await updateCart(tx, sent);
  if (!row) throw new Error('A cart is gone');
  return row;
}

export async function deleteStaleCarts(tx: Tx, before: Date): Promise<number> {
  const rows = await tx
    .delete(carts)
    .where(and(eq(carts.status, 'open'), lt(carts.updatedAt, before)))
    .returning({ id: carts.id });
  return rows.length;
}

/** What was ordered lives on in the order; the cart forgets who for. */
export async function forgetDeliveries(tx: Tx, before: Date): Promise<void> {
  await tx
    .update(carts)
    .set({ delivery: null })
    .where(and(eq(carts.status, 'ordered'), lt(carts.updatedAt, before), isNotNull(carts.delivery)));
}

const ofPhone = (phone: string) => sql`${carts.delivery} #>> '{recipient,phone}' = ${phone}`;

export const listDeliveriesOf = (reader: Reader, phone: string) =>
  reader
    .select({ status: carts.status, delivery: carts.delivery, updatedAt: carts.updatedAt })
    .from(carts)
    .where(ofPhone(phone))
    .limit(1_000);

export async function forgetDeliveriesOf(tx: Tx, phone: string): Promise<void> {
  await tx.update(carts).set({ delivery: null }).where(ofPhone(phone));
}
