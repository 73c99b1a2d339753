import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { insertTogether, rowsOf } from '#db/insert-rows.ts';
import { orders, shipmentEvents, shipmentLines, shipments } from '../tables.ts';
import type { OrderGroupId, OrderId, OrderLineId, ShipmentId, ShipmentState } from '../types.ts';

export type ShipmentRow = typeof shipments.$inferSelect;
export type Parcel = ShipmentRow & {
  readonly lines: readonly { readonly lineId: OrderLineId; readonly quantity: number }[];
};

/** The parcels of orders with what is in them, oldest first. */
export async function listParcelsOf(reader: Reader, orderIds: readonly OrderId[]): Promise<Parcel[]> {
  if (orderIds.length === 0) return [];
  const rows = await reader
    .select()
    .from(shipments)
    .where(inArray(shipments.orderId, [...orderIds]))
    .orderBy(asc(shipments.createdAt), asc(shipments.id));
  if (rows.length === 0) return [];
  const lines = await reader
    .select()
    .from(shipmentLines)
    .where(
      inArray(
        shipmentLines.shipmentId,
        rows.map(({ id }) => id),
      ),
    );
  return rows.map((row) => ({ ...row, lines: lines.filter(({ shipmentId }) => shipmentId === row.id) }));
}

export type ShipmentNews = {
  readonly state: ShipmentState;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** What the carrier calls this message. */
  readonly sourceId?: string;
  /** When it happened, as the carrier says; now without it. */
  readonly at?: Date;
};

export async function insertShipment(
  tx: Tx,
  row: typeof shipments.$inferInsert,
  lines: readonly { readonly lineId: OrderLineId; readonly quantity: number }[],
): Promise<void> {
  // Two statements: row security lets a seller add lines to a parcel that is there, which within one it is not yet.
  await insertTogether(tx, rowsOf(shipments, [row]));
  await insertTogether(
    tx,
    rowsOf(
      shipmentLines,
      lines.map(({ lineId, quantity }) => ({ shipmentId: row.id, lineId, quantity })),
    ),
    rowsOf(shipmentEvents, [
      {
        id: newId<'ShipmentEvent'>(),
        shipmentId: row.id,
        state: row.state,
        applied: true,
        detail: {},
        sourceId: null,
        at: row.createdAt,
      },
    ]),
  );
}

/** Keeps what was told of a parcel; false when the carrier had told this very message before. */
export async function insertShipmentEvent(
  tx: Tx,
  shipmentId: ShipmentId,
  applied: boolean,
  { state, detail = {}, sourceId }: ShipmentNews,
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(shipmentEvents)
    .values({
      id: newId<'ShipmentEvent'>(),
      shipmentId,
      state,
      applied,
      detail,
      sourceId: sourceId ?? null,
      at,
    })
    .onConflictDoNothing({ target: [shipmentEvents.shipmentId, shipmentEvents.sourceId] })
    .returning({ id: shipmentEvents.id });
  return rows.length === 1;
}

export async function saveShipment(
  tx: Tx,
  id: ShipmentId,
  change: Partial<Pick<ShipmentRow, 'state' | 'carrier' | 'trackingNumber'>>,
  at: Date,
): Promise<void> {
  await tx
    .update(shipments)
    .set({ ...change, updatedAt: at, version: sql`${shipments.version} + 1` })
    .where(eq(shipments.id, id));
}

export async function findShipment(reader: Reader, id: ShipmentId): Promise<ShipmentRow | undefined> {
  const [row] = await reader.select().from(shipments).where(eq(shipments.id, id));
  return row;
}

const withGroup = (reader: Reader) =>
  reader
    .select({ shipment: shipments, groupId: orders.groupId })
    .from(shipments)
    .innerJoin(orders, eq(orders.id, shipments.orderId));
type Found = { readonly shipment: ShipmentRow; readonly groupId: OrderGroupId };

export async function findShipmentByCode(reader: Reader, code: string): Promise<Found | undefined> {
  const [row] = await withGroup(reader).where(eq(shipments.code, code));
  return row;
}

/** The latest parcel with a carrier's number. Numbers are typed by hand too, so one may stand on several. */
export async function findShipmentByTracking(
  reader: Reader,
  carrier: string,
  trackingNumber: string,
): Promise<Found | undefined> {
  const [row] = await withGroup(reader)
    .where(and(eq(shipments.carrier, carrier), eq(shipments.trackingNumber, trackingNumber)))
    .orderBy(desc(shipments.createdAt))
    .limit(1);
  return row;
}
