import { and, eq, inArray, isNotNull, isNull, lte, ne, notInArray, or, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { VariantId } from '#features/products/types.ts';
import {
  exchangeCartLines,
  exchangeDisclosures,
  exchangeLegRefunds,
  exchangeLegs,
  exchangeOrderFeeds,
  exchangeSettlements,
} from './tables.ts';
import { DISCLOSED, ENDED, type LegId, WAITING } from './types.ts';

export type LegRow = typeof exchangeLegs.$inferSelect;
type CartLineRow = typeof exchangeCartLines.$inferSelect;
export type RefundRow = typeof exchangeLegRefunds.$inferSelect;
export type LegChange = Partial<Omit<LegRow, 'id' | 'code' | 'cartId' | 'partnerKey' | 'version' | 'createdAt'>>;

export const listCartLines = (reader: Reader, cartId: string): Promise<CartLineRow[]> =>
  reader
    .select()
    .from(exchangeCartLines)
    .where(eq(exchangeCartLines.cartId, cartId))
    .orderBy(exchangeCartLines.addedAt, exchangeCartLines.variantId);

export async function saveCartLine(tx: Tx, row: CartLineRow): Promise<void> {
  const { quantity, seenPriceVnd } = row;
  await tx
    .insert(exchangeCartLines)
    .values(row)
    .onConflictDoUpdate({
      target: [exchangeCartLines.cartId, exchangeCartLines.variantId],
      set: { quantity, seenPriceVnd },
    });
}

export async function deleteCartLine(tx: Tx, cartId: string, variantId: VariantId): Promise<void> {
  await tx
    .delete(exchangeCartLines)
    .where(and(eq(exchangeCartLines.cartId, cartId), eq(exchangeCartLines.variantId, variantId)));
}

/** So many pieces were bought and leave the cart; what the shopper added since stays. */
export async function takeFromCart(tx: Tx, cartId: string, variantId: VariantId, quantity: number): Promise<void> {
  const line = and(eq(exchangeCartLines.cartId, cartId), eq(exchangeCartLines.variantId, variantId));
  await tx.delete(exchangeCartLines).where(and(line, lte(exchangeCartLines.quantity, quantity)));
  await tx
    .update(exchangeCartLines)
    .set({ quantity: sql`${exchangeCartLines.quantity} - ${quantity}` })
    .where(line);
}

/** The new cart has nothing of other exchanges yet. */
export async function carryOver(tx: Tx, fromCartId: string, toCartId: string): Promise<void> {
  const cartId = toCartId;
  await tx.update(exchangeCartLines).set({ cartId }).where(eq(exchangeCartLines.cartId, fromCartId));
  await tx.update(exchangeLegs).set({ cartId }).where(eq(exchangeLegs.cartId, fromCartId));
}

export async function findLeg(reader: Reader, id: LegId): Promise<LegRow | undefined> {
  const [row] = await reader.select().from(exchangeLegs).where(eq(exchangeLegs.id, id));
  return row;
}

export async function lockLeg(tx: Tx, id: LegId): Promise<LegRow | undefined> {
  const [row] = await tx.select().from(exchangeLegs).where(eq(exchangeLegs.id, id)).for('update');
  return row;
}

export async function findWaitingLeg(reader: Reader, cartId: string, partnerKey: string): Promise<LegRow | undefined> {
  const [row] = await reader
    .select()
    .from(exchangeLegs)
    .where(
      and(
        eq(exchangeLegs.cartId, cartId),
        eq(exchangeLegs.partnerKey, partnerKey),
        inArray(exchangeLegs.state, [...WAITING]),
      ),
    );
  return row;
}

export async function findLegBySession(reader: Reader, sessionId: string): Promise<LegRow | undefined> {
  const [row] = await reader.select().from(exchangeLegs).where(eq(exchangeLegs.sessionId, sessionId));
  return row;
}

/** Legs that these codes name; more than one is a person's to decide. */
export const findLegsByCodes = async (reader: Reader, codes: readonly string[]): Promise<LegId[]> =>
  codes.length === 0
    ? []
    : (
        await reader
          .select({ id: exchangeLegs.id })
          .from(exchangeLegs)
          .where(inArray(exchangeLegs.code, [...codes]))
      ).map(({ id }) => id);

/** The leg whose card was charged by this name. */
export async function findLegCharged(
  reader: Reader,
  reference: string,
): Promise<{ readonly legId: LegId; readonly code: string } | undefined> {
  const [row] = await reader
    .select({ legId: exchangeLegs.id, code: exchangeLegs.code })
    .from(exchangeLegs)
    .where(and(eq(exchangeLegs.paymentReference, reference), isNotNull(exchangeLegs.capturedAt)));
  return row;
}

export const listLegsOfCart = (reader: Reader, cartId: string): Promise<LegRow[]> =>
  reader.select().from(exchangeLegs).where(eq(exchangeLegs.cartId, cartId)).orderBy(exchangeLegs.createdAt);

/** Undefined where the cart has a waiting leg of the exchange already. */
export async function insertLeg(tx: Tx, row: typeof exchangeLegs.$inferInsert): Promise<LegRow | undefined> {
  const [leg] = await tx.insert(exchangeLegs).values(row).onConflictDoNothing().returning();
  return leg;
}

/** Changes a leg that is locked. A trigger logs the step, and refuses one that is not listed. */
export async function saveLeg(tx: Tx, leg: LegRow, change: LegChange): Promise<LegRow> {
  const [row] = await tx
    .update(exchangeLegs)
    .set({ ...change, version: sql`${exchangeLegs.version} + 1` })
    .where(eq(exchangeLegs.id, leg.id))
    .returning();
  if (!row) throw new Error('A leg is gone');
  return row;
}

/** Those whose time to be looked at has come. */
export const listDue = async (reader: Reader, now: Date, limit: number): Promise<LegId[]> => {
  const rows = await reader
    .select({ id: exchangeLegs.id })
    .from(exchangeLegs)
    .where(and(isNotNull(exchangeLegs.nextAt), lte(exchangeLegs.nextAt, now)))
    .orderBy(exchangeLegs.nextAt)
    .limit(limit);
  return rows.map(({ id }) => id);
};

export async function findLegByOrder(tx: Tx, partnerKey: string, orderId: string): Promise<LegRow | undefined> {
  const [row] = await tx
    .select()
    .from(exchangeLegs)
    .where(and(eq(exchangeLegs.partnerKey, partnerKey), eq(exchangeLegs.orderId, orderId)))
    .for('update');
  return row;
}

export async function forgetRevisions(tx: Tx, partnerKey: string): Promise<void> {
  await tx
    .update(exchangeLegs)
    .set({ orderRev: null })
    .where(and(eq(exchangeLegs.partnerKey, partnerKey), isNotNull(exchangeLegs.orderRev)));
}

/** Orders that count as bought and of which a reading from the beginning has told nothing. */
export const listUntold = async (reader: Reader, partnerKey: string): Promise<string[]> => {
  const rows = await reader
    .select({ orderId: exchangeLegs.orderId })
    .from(exchangeLegs)
    .where(
      and(
        eq(exchangeLegs.partnerKey, partnerKey),
        inArray(exchangeLegs.state, ['confirmed', 'fulfilling']),
        isNull(exchangeLegs.orderRev),
      ),
    )
    .orderBy(exchangeLegs.createdAt);
  return rows.flatMap(({ orderId }) => orderId ?? []);
};

/** Exchanges at which something of ours is under way or was bought since. */
export const listTradedWith = async (reader: Reader, since: Date): Promise<string[]> => {
  const rows = await reader
    .selectDistinct({ partnerKey: exchangeLegs.partnerKey })
    .from(exchangeLegs)
    .where(and(isNotNull(exchangeLegs.orderId), sql`${exchangeLegs.createdAt} > ${since.toISOString()}`))
    .orderBy(exchangeLegs.partnerKey);
  return rows.map(({ partnerKey }) => partnerKey);
};

export async function insertDisclosure(tx: Tx, leg: LegRow, at: Date): Promise<void> {
  const { recipient } = leg.delivery;
  const members = DISCLOSED.filter((name) => name !== 'email' || recipient.email !== undefined);
  await tx
    .insert(exchangeDisclosures)
    .values({ legId: leg.id, partnerKey: leg.partnerKey, members: [...members], at })
    .onConflictDoNothing();
}

export async function insertRefund(
  tx: Tx,
  row: typeof exchangeLegRefunds.$inferInsert,
): Promise<RefundRow | undefined> {
  const [refund] = await tx.insert(exchangeLegRefunds).values(row).onConflictDoNothing().returning();
  return refund;
}

export const listRefunds = (reader: Reader, legId: LegId): Promise<RefundRow[]> =>
  reader
    .select()
    .from(exchangeLegRefunds)
    .where(eq(exchangeLegRefunds.legId, legId))
    .orderBy(exchangeLegRefunds.createdAt, exchangeLegRefunds.cause);

export async function saveRefund(
  tx: Tx,
  cause: string,
  set: Partial<Pick<RefundRow, 'status' | 'providerReference' | 'sentAt'>>,
): Promise<void> {
  await tx.update(exchangeLegRefunds).set(set).where(eq(exchangeLegRefunds.cause, cause));
}

export async function findFeed(reader: Reader, partnerKey: string): Promise<string | undefined> {
  const [row] = await reader.select().from(exchangeOrderFeeds).where(eq(exchangeOrderFeeds.partnerKey, partnerKey));
  return row?.cursor;
}

export async function saveFeed(tx: Tx, partnerKey: string, cursor: string, at: Date): Promise<void> {
  await tx
    .insert(exchangeOrderFeeds)
    .values({ partnerKey, cursor, at })
    .onConflictDoUpdate({ target: exchangeOrderFeeds.partnerKey, set: { cursor, at } });
}

/** The first comparison of a day that agrees stays; one that differs is made anew until somebody has settled it. */
export async function saveSettlement(tx: Tx, row: typeof exchangeSettlements.$inferInsert): Promise<void> {
  await tx
    .insert(exchangeSettlements)
    .values(row)
    .onConflictDoUpdate({
      target: [exchangeSettlements.partnerKey, exchangeSettlements.day],
      set: row,
      setWhere: sql`not ${exchangeSettlements.agrees} and ${exchangeSettlements.resolvedAt} is null`,
    });
}

/** `partner day` of those days that both see alike, or that a person has settled. */
export const listSettled = async (reader: Reader, days: readonly string[]): Promise<string[]> => {
  const rows = await reader
    .select({ partnerKey: exchangeSettlements.partnerKey, day: exchangeSettlements.day })
    .from(exchangeSettlements)
    .where(
      and(
        inArray(exchangeSettlements.day, [...days]),
        or(exchangeSettlements.agrees, isNotNull(exchangeSettlements.resolvedAt)),
      ),
    );
  return rows.map(({ partnerKey, day }) => `${partnerKey} ${day}`);
};

/** A leg of theirs that still runs, by its code. */
export async function findUnfinishedOf(reader: Reader, phone: string): Promise<string | undefined> {
  const [row] = await reader
    .select({ code: exchangeLegs.code })
    .from(exchangeLegs)
    .where(and(eq(exchangeLegs.phone, phone), notInArray(exchangeLegs.state, [...ENDED, ...WAITING])))
    .limit(1);
  return row?.code;
}

const nobody = {
  phone: '',
  delivery: sql`jsonb_build_object('recipient', jsonb_build_object('name', '', 'phone', ''), 'address', jsonb_build_object('line', '', 'ward', '', 'provinceCode', delivery -> 'address' ->> 'provinceCode'))`,
};

export async function forgetBuyersOf(tx: Tx, phone: string): Promise<void> {
  await tx.update(exchangeLegs).set(nobody).where(eq(exchangeLegs.phone, phone));
}

export async function forgetBuyers(tx: Tx, before: Date): Promise<void> {
  await tx
    .update(exchangeLegs)
    .set(nobody)
    .where(
      and(
        ne(exchangeLegs.phone, ''),
        sql`${exchangeLegs.createdAt} < ${before.toISOString()}`,
        inArray(exchangeLegs.state, [...ENDED]),
      ),
    );
}
