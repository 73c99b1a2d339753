import { eq, or, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { orderConfirmations, orderGroups, orders } from '../tables.ts';
import type { OrderGroupId } from '../types.ts';

export async function insertConfirmation(tx: Tx, row: typeof orderConfirmations.$inferInsert): Promise<void> {
  await tx.insert(orderConfirmations).values(row).onConflictDoNothing();
}

export async function findConfirmation(reader: Reader, groupId: OrderGroupId) {
  const [row] = await reader.select().from(orderConfirmations).where(eq(orderConfirmations.groupId, groupId));
  return row;
}

/** Whose group it is and where it went, by its code or the code of one of its orders. */
export async function findGroupAndDelivery(reader: Reader, code: string) {
  const [row] = await reader
    .select({ id: orderGroups.id, phone: orderGroups.phone, delivery: orderGroups.delivery })
    .from(orderGroups)
    .where(
      or(
        eq(orderGroups.code, code),
        eq(orderGroups.id, sql`(select ${orders.groupId} from ${orders} where ${orders.code} = ${code})`),
      ),
    );
  return row;
}
