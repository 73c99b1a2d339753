import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { ShipmentId } from '#features/orders/types.ts';
import { courierBookings, courierMessages, courierPlaces } from './tables.ts';
import type { CarrierKey } from './types.ts';

export type BookingRow = typeof courierBookings.$inferSelect;
type MessageRow = typeof courierMessages.$inferInsert;

export async function lockBooking(tx: Tx, id: ShipmentId): Promise<BookingRow | undefined> {
  const [row] = await tx.select().from(courierBookings).where(eq(courierBookings.shipmentId, id)).for('update');
  return row;
}

/** The newest attempt takes the place of one that came to nothing. */
export async function saveBooking(tx: Tx, row: BookingRow): Promise<void> {
  const { shipmentId: _shipmentId, ...set } = row;
  await tx.insert(courierBookings).values(row).onConflictDoUpdate({ target: courierBookings.shipmentId, set });
}

export async function updateBooking(tx: Tx, id: ShipmentId, change: Partial<BookingRow>): Promise<void> {
  await tx.update(courierBookings).set(change).where(eq(courierBookings.shipmentId, id));
}

/** Bookings that want a look, the longest waiting first. */
export const listDueBookings = (reader: Reader, at: Date, limit: number): Promise<BookingRow[]> =>
  reader
    .select()
    .from(courierBookings)
    .where(and(lte(courierBookings.lookAt, at), inArray(courierBookings.state, ['asked', 'booked'])))
    .orderBy(asc(courierBookings.lookAt))
    .limit(limit);

export async function findPlaces(reader: Reader, carrier: CarrierKey, wardCodes: readonly string[]) {
  const rows = await reader
    .select()
    .from(courierPlaces)
    .where(and(eq(courierPlaces.carrier, carrier), inArray(courierPlaces.wardCode, [...wardCodes])));
  return new Map(rows.map((row) => [row.wardCode, { province: row.province, district: row.district, ward: row.ward }]));
}

export async function savePlaces(tx: Tx, rows: readonly (typeof courierPlaces.$inferInsert)[]): Promise<void> {
  for (const row of rows) {
    const { carrier: _carrier, wardCode: _wardCode, ...set } = row;
    await tx
      .insert(courierPlaces)
      .values(row)
      .onConflictDoUpdate({ target: [courierPlaces.carrier, courierPlaces.wardCode], set });
  }
}

/** Keeps a message; false when the carrier had sent this very one before. */
export async function insertMessage(tx: Tx, row: MessageRow): Promise<boolean> {
  const rows = await tx.insert(courierMessages).values(row).onConflictDoNothing().returning({ id: courierMessages.id });
  return rows.length === 1;
}
