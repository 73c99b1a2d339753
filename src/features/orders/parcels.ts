import { newId, readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { asExchange } from '#db/seller.ts';
import { codes } from './codes.ts';
import type { Deps } from './deps.ts';
import { followPieces } from './moving.ts';
import {
  findShipment,
  findShipmentByCode,
  findShipmentByTracking,
  insertShipment,
  insertShipmentEvent,
  listParcelsOf,
  type Parcel,
  type ShipmentNews,
  type ShipmentRow,
  saveShipment,
} from './queries/shipments.ts';
import { addExtra, type LineRow, listLinesOf, lockGroup, type OrderRow } from './queries.ts';
import { mayShipmentMove, missingFor, openPieces } from './rules/moves.ts';
import { readWanted, type WantedPieces } from './rules/pieces.ts';
import { type OrderId, orderProblems, type ShipmentState } from './types.ts';

const refuse = refusals(orderProblems);

export type ParcelFacts = { readonly carrier?: string; readonly trackingNumber?: string };

/** What of an order is where: its lines, its parcels, and how many pieces of each line are in none. */
export async function readPieces(tx: Tx, orderId: OrderId) {
  const [lines, parcels] = await Promise.all([listLinesOf(tx, [orderId]), listParcelsOf(tx, [orderId])]);
  const open = new Map(lines.map((line) => [line.id, openPieces(line, parcels)]));
  return { lines, parcels, open };
}

type Pieces = Awaited<ReturnType<typeof readPieces>>;

/** What `wanted` names, or all that is open. Refused where it is more than that, or nothing at all. */
function choosePieces(
  { lines, open }: { readonly lines: readonly LineRow[]; readonly open: ReadonlyMap<LineRow['id'], number> },
  wanted: WantedPieces | undefined,
) {
  const openOf = (line: LineRow): number => open.get(line.id) ?? 0;
  return readWanted(
    lines.map((line) => ({ ...line, open: openOf(line) })),
    wanted,
  ).map(({ line, quantity }) => ({ lineId: line.id, quantity }));
}

type Chosen = readonly { readonly lineId: LineRow['id']; readonly quantity: number }[];

/** What a carrier lost is sent again from the shelf: its pieces leave it now, or the parcel is refused. */
async function replaceLost(
  { stock, products, events }: Deps,
  tx: Tx,
  { lines, parcels }: Pieces,
  chosen: Chosen,
): Promise<void> {
  const missing = lines.flatMap((line) => {
    const wanted = chosen.find(({ lineId }) => lineId === line.id)?.quantity ?? 0;
    const quantity = missingFor(line, parcels, wanted);
    return quantity > 0 ? [{ lineId: line.id, orderId: line.orderId, variantId: line.variantId, quantity }] : [];
  });
  const [first] = missing;
  if (!first) return;
  await asExchange(tx, async () => {
    const short = await stock.takeAgain(tx, missing, first.orderId);
    if (short.length > 0)
      throw refuse('lost-not-in-stock', {
        missing: missing
          .filter(({ variantId }) => short.includes(variantId))
          .map(({ variantId, quantity }) => ({ variantId, quantity })),
      });
    await addExtra(tx, missing);
    const facts = await products.listVariantFacts(
      missing.map(({ variantId }) => variantId),
      tx,
    );
    await events.add(tx, ...facts.map(({ productId }) => ({ type: 'product.changed' as const, productId })));
  });
}

/** Puts pieces that are open into a new parcel. The caller holds the group's lock. */
export async function openParcel(
  deps: Deps,
  tx: Tx,
  order: OrderRow,
  pieces: Pieces,
  wanted: WantedPieces | undefined,
  { carrier, trackingNumber }: ParcelFacts = {},
): Promise<ShipmentRow> {
  const lines = choosePieces(pieces, wanted);
  await replaceLost(deps, tx, pieces, lines);
  const at = deps.now();
  const [code = ''] = await codes.take(tx, 'shipment', 1);
  const row: ShipmentRow = {
    id: newId<'Shipment'>(),
    code,
    orderId: order.id,
    businessId: order.businessId,
    state: 'created',
    carrier: carrier ?? null,
    trackingNumber: trackingNumber ?? null,
    createdAt: at,
    updatedAt: at,
    version: 1,
  };
  await insertShipment(tx, row, lines);
  return row;
}

/** Brings a parcel into a state; the order follows by `followPieces` once all its parcels are where they are. */
export async function moveParcel(
  { now }: Pick<Deps, 'now'>,
  tx: Tx,
  shipment: Pick<ShipmentRow, 'id' | 'state'>,
  news: ShipmentNews,
  facts: ParcelFacts = {},
): Promise<void> {
  if (!mayShipmentMove(shipment.state, news.state))
    throw refuse('shipment-not-movable', { shipmentState: shipment.state });
  await saveShipment(tx, shipment.id, { state: news.state, ...facts }, now());
  await insertShipmentEvent(tx, shipment.id, true, news, news.at ?? now());
}

export const parcelsIn = (parcels: readonly Parcel[], ...states: readonly ShipmentState[]): readonly Parcel[] =>
  parcels.filter(({ state }) => states.includes(state));

/** How carriers' news reach parcels: `moved`, `known` (told before, or no news), `stale` (a later state holds), `unknown`. */
export type Told = 'moved' | 'known' | 'stale' | 'unknown';

async function tell(deps: Deps, tx: Tx, found: Awaited<ReturnType<typeof findShipmentByCode>>, news: ShipmentNews) {
  if (!found) return 'unknown' as const;
  await lockGroup(tx, found.groupId);
  const shipment = await findShipment(tx, found.shipment.id);
  if (!shipment) return 'unknown' as const;
  const moves = mayShipmentMove(shipment.state, news.state);
  const isFresh = await insertShipmentEvent(tx, shipment.id, moves, news, news.at ?? deps.now());
  if (!isFresh || shipment.state === news.state) return 'known' as const;
  if (!moves) return 'stale' as const;
  await saveShipment(tx, shipment.id, { state: news.state }, deps.now());
  await followPieces(deps, tx, shipment.orderId);
  return 'moved' as const;
}

/** The carriers' side of parcels, for the slice that speaks with them. Each opens its own transaction. */
export const createCourierSide = (deps: Deps) => ({
  /** News of the parcel with our code. */
  tellByCode: (code: string, news: ShipmentNews, actor = 'system:couriers'): Promise<Told> =>
    transact(deps.db, actor, async (tx) => tell(deps, tx, await findShipmentByCode(tx, readCode(code)), news)),
  /** News of the parcel with the carrier's number. */
  tellByTracking: (carrier: string, number: string, news: ShipmentNews, actor = 'system:couriers'): Promise<Told> =>
    transact(deps.db, actor, async (tx) => tell(deps, tx, await findShipmentByTracking(tx, carrier, number), news)),
  /** The carrier took the parcel on under this number. False when there is no such parcel, or it has left otherwise. */
  setTracking: (code: string, facts: Required<ParcelFacts>, actor = 'system:couriers'): Promise<boolean> =>
    transact(deps.db, actor, async (tx) => {
      const found = await findShipmentByCode(tx, readCode(code));
      if (!found) return false;
      await lockGroup(tx, found.groupId);
      const shipment = await findShipment(tx, found.shipment.id);
      if (shipment?.state !== 'created') return false;
      await saveShipment(tx, shipment.id, facts, deps.now());
      return true;
    }),
  findByCode: async (code: string) => (await findShipmentByCode(deps.db, readCode(code)))?.shipment,
});
