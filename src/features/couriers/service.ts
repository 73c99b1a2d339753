import { createHash } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { newId, readCode } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Db, transact } from '#db/client.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { Audit } from '#features/audit/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Orders } from '#features/orders/index.ts';
import { createBreaker } from './breaker.ts';
import {
  type BookingRow,
  findPlaces,
  insertMessage,
  listDueBookings,
  lockBooking,
  saveBooking,
  savePlaces,
  updateBooking,
} from './queries.ts';
import {
  type Booked,
  type CarrierKey,
  type Consignment,
  type Courier,
  type CourierNews,
  courierProblems,
  type Refused,
  type Unknown,
} from './types.ts';
import { findParcel, listParcels, type ParcelView } from './views.ts';

const refuse = refusals(courierProblems);
type Deps = {
  readonly db: Db;
  readonly orders: Orders;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly couriers: Partial<Record<CarrierKey, Courier>>;
  readonly now: Clock;
};
export type Couriers = ReturnType<typeof createCouriers>;
export type Keeper = { readonly actor: string; readonly businessIds: readonly BusinessId[] };

const minuteMs = 60_000;
/** A carrier that sent no news for so long is asked; a parcel that nobody tells of for a day is asked about four times. */
const silenceMs = 6 * 3_600_000;
/** How many parcels a run of the job asks about, so that it ends. */
const looksAtOnce = 50;
/** After these tries the job gives up on an answer, and the seller may ask again or send it by hand. */
const maxAttempts = 12;

const minGrams = 100;

/** The parcel as carriers are asked to carry it. Goods whose weight nobody wrote down count as a hundred grams. */
function consignmentOf(parcel: ParcelView, places: Awaited<ReturnType<typeof findPlaces>>): Consignment {
  const { recipient, address } = parcel.delivery;
  const items = parcel.items.map(({ name, quantity, grams }) => ({ name, quantity, grams: Math.max(grams, minGrams) }));
  return {
    code: parcel.code,
    from: {
      name: parcel.from.name,
      phone: parcel.from.phone ?? '',
      line: parcel.from.line ?? '',
      wardName: parcel.from.wardName ?? '',
      provinceName: parcel.from.provinceName ?? '',
      place: places.get(parcel.from.wardCode ?? ''),
    },
    to: {
      name: recipient.name,
      phone: recipient.phone,
      line: address.line,
      wardName: address.ward,
      provinceName: parcel.provinceName ?? '',
      place: places.get(address.wardCode ?? ''),
    },
    items,
    grams: items.reduce((sum, { grams, quantity }) => sum + grams * quantity, 0),
    valueVnd: vnd(parcel.items.reduce((sum, { priceVnd, quantity }) => sum + priceVnd * quantity, 0)),
  };
}

/** The same message twice has the same digest: carriers number nothing that they send. */
const digestOf = ({ trackingNumber, status, at }: CourierNews): string =>
  createHash('sha256')
    .update(JSON.stringify([trackingNumber, status, at?.getTime() ?? null]))
    .digest('hex');

type Guarded = Readonly<Record<CarrierKey, ReturnType<typeof createBreaker>>>;

/** Keeps what the carrier answered. Whatever it says of a parcel that has left by hand meanwhile, the parcel stays as it is. */
async function settle(
  { db, orders, now }: Deps,
  booking: BookingRow,
  answer: Booked | Refused | Unknown,
): Promise<void> {
  const at = now();
  const later = new Date(at.getTime() + minuteMs * 2 ** Math.min(booking.attempts, 8));
  const given = answer.kind === 'unknown' && booking.attempts + 1 >= maxAttempts;
  if (answer.kind === 'booked')
    await orders.couriers.setTracking(booking.code, {
      carrier: booking.carrier,
      trackingNumber: answer.trackingNumber,
    });
  await transact(db, 'system:couriers', (tx) =>
    updateBooking(tx, booking.shipmentId, {
      ...(answer.kind === 'booked' && {
        state: 'booked' as const,
        trackingNumber: answer.trackingNumber,
        feeVnd: answer.feeVnd,
        reason: null,
        lookAt: new Date(at.getTime() + silenceMs),
      }),
      ...(answer.kind === 'refused' && { state: 'refused' as const, reason: answer.reason, lookAt: null }),
      ...(answer.kind === 'unknown' && {
        ...{ reason: answer.reason, attempts: booking.attempts + 1, lookAt: given ? null : later },
        ...(given && { state: 'refused' as const }),
      }),
      updatedAt: at,
    }),
  );
}

/** What a carrier told, by webhook or when it was asked: kept once, and passed on to the parcel. */
async function hear({ db, orders, notices, now }: Deps, carrier: CarrierKey, news: CourierNews): Promise<string> {
  const { trackingNumber, code, status, state, at } = news;
  const digest = digestOf(news);
  const sent = state && { state, sourceId: digest, ...(at && { at }), detail: { carrier, status } };
  const byCode = sent && code !== undefined ? await orders.couriers.tellByCode(code, sent) : 'unknown';
  const outcome =
    sent && byCode === 'unknown' ? await orders.couriers.tellByTracking(carrier, trackingNumber, sent) : byCode;
  const row = { id: newId<'CourierMessage'>(), carrier, digest, trackingNumber, code: code ?? null, status };
  await transact(db, 'system:couriers', async (tx) => {
    const kept = { ...row, outcome: sent ? outcome : 'unread', raw: news.raw, receivedAt: now() };
    if (!(await insertMessage(tx, kept)) || sent) return;
    // A word that we do not know keeps the parcel where it is, and somebody is to look.
    await notices.tell(tx, {
      kind: 'courier.unread',
      to: { staffRole: 'support' },
      values: { carrier: carrier.toUpperCase(), status, number: trackingNumber },
      path: '/quan-tri/don-hang',
      key: `courier-unread:${carrier}:${digest}`,
    });
  });
  const shipment = code === undefined ? undefined : await orders.couriers.findByCode(code);
  if (shipment) {
    const change = { lookAt: new Date(now().getTime() + silenceMs), updatedAt: now() };
    const fee = news.feeVnd === undefined ? {} : { feeVnd: news.feeVnd };
    await transact(db, 'system:couriers', (tx) => updateBooking(tx, shipment.id, { ...change, ...fee }));
  }
  return sent ? outcome : 'unread';
}

/** Finds out what became of a parcel, by our code. */
async function look(deps: Deps, guarded: Guarded, booking: BookingRow): Promise<void> {
  const courier = deps.couriers[booking.carrier];
  if (!courier) return;
  const answer = await guarded[booking.carrier](() => courier.track(booking.code));
  if (booking.state === 'asked') {
    if (answer.kind !== 'found') return settle(deps, booking, answer);
    const { trackingNumber, feeVnd } = answer.news;
    await settle(deps, booking, { kind: 'booked', trackingNumber, feeVnd: feeVnd ?? vnd(0) });
  }
  if (answer.kind === 'found') await hear(deps, booking.carrier, { ...answer.news, code: booking.code });
  else
    await transact(deps.db, 'system:couriers', (tx) =>
      updateBooking(tx, booking.shipmentId, { lookAt: new Date(deps.now().getTime() + silenceMs) }),
    );
}

type Reach = { readonly guarded: Guarded; readonly courierOf: (carrier: CarrierKey) => Courier };

/** What members do with their parcels. */
const createSellerSide = (deps: Deps, { guarded, courierOf }: Reach) => {
  const { db, couriers, now } = deps;
  const read = async (keeper: Keeper, code: string, carrier: CarrierKey) => {
    const parcel = await readAsSeller(db, keeper.businessIds, (reader) =>
      findParcel(reader, readCode(code), keeper.businessIds),
    );
    if (!parcel) throw refuse('parcel-not-found');
    const known = [parcel.from.wardCode, parcel.delivery.address.wardCode].flatMap((one) => one ?? []);
    return { parcel, consignment: consignmentOf(parcel, await findPlaces(db, carrier, known)) };
  };
  /** The request is written down before the carrier hears of it, so that none is lost whatever dies in between. */
  const ask = (
    keeper: Keeper,
    { shipmentId, businessId, code }: ParcelView,
    carrier: CarrierKey,
  ): Promise<BookingRow> =>
    transactAsSeller(db, keeper, async (tx) => {
      const before = await lockBooking(tx, shipmentId);
      if (before && (before.state === 'asked' || before.state === 'booked')) throw refuse('parcel-booked');
      const at = now();
      const row: BookingRow = {
        ...{ shipmentId, businessId, code, carrier, state: 'asked', trackingNumber: null, feeVnd: null, reason: null },
        ...{ attempts: 0, lookAt: new Date(at.getTime() + minuteMs), updatedAt: at },
      };
      await saveBooking(tx, row);
      return row;
    });

  return {
    /** Carriers that the exchange has a contract with. */
    carriers: (): readonly CarrierKey[] => Object.values(couriers).map(({ carrier }) => carrier),
    listParcels: (businessIds: readonly BusinessId[]) =>
      readAsSeller(db, businessIds, (reader) => listParcels(reader, businessIds)),
    quote: async (keeper: Keeper, code: string, carrier: CarrierKey) => {
      const courier = courierOf(carrier);
      const { consignment } = await read(keeper, code, carrier);
      const answer = await guarded[carrier](() => courier.quote(consignment));
      if (answer.kind === 'unknown') throw refuse('carrier-away');
      if (answer.kind === 'refused') throw refusalOf(answer);
      return answer.feeVnd;
    },
    /** Asks a carrier to fetch a packed parcel. `asked` says that it did not answer; a job finds out. */
    book: async (keeper: Keeper, code: string, carrier: CarrierKey): Promise<'booked' | 'asked'> => {
      const courier = courierOf(carrier);
      const { parcel, consignment } = await read(keeper, code, carrier);
      if (parcel.state !== 'created') throw refuse('parcel-has-left');
      const booking = await ask(keeper, parcel, carrier);
      const answer = await guarded[carrier](() => courier.create(consignment));
      await settle(deps, booking, answer);
      if (answer.kind === 'refused') throw refusalOf(answer);
      return answer.kind === 'booked' ? 'booked' : 'asked';
    },
    cancel: async (keeper: Keeper, code: string): Promise<void> => {
      const { parcel } = await read(keeper, code, 'ghn');
      const booking = await transact(db, keeper.actor, (tx) => lockBooking(tx, parcel.shipmentId));
      if (booking?.state !== 'booked' || !booking.trackingNumber) throw refuse('parcel-not-found');
      if (parcel.state !== 'created') throw refuse('parcel-has-left');
      const number = booking.trackingNumber;
      const courier = courierOf(booking.carrier);
      const answer = await guarded[booking.carrier](() => courier.cancel(number));
      if (answer.kind === 'unknown') throw refuse('carrier-away');
      if (answer.kind === 'refused') throw refusalOf(answer);
      await transact(db, keeper.actor, (tx) =>
        updateBooking(tx, parcel.shipmentId, { state: 'cancelled', lookAt: null, updatedAt: now() }),
      );
    },
    label: async (keeper: Keeper, code: string): Promise<Buffer> => {
      const { parcel } = await read(keeper, code, 'ghn');
      const booking = await transact(db, keeper.actor, (tx) => lockBooking(tx, parcel.shipmentId));
      if (booking?.state !== 'booked' || !booking.trackingNumber) throw refuse('parcel-not-found');
      const bytes = await courierOf(booking.carrier).label(booking.trackingNumber);
      if (!bytes) throw refuse('carrier-away');
      return bytes;
    },
  };
};

export const createCouriers = (deps: Deps) => {
  const { db, audit, couriers, now } = deps;
  const guarded: Guarded = { ghn: createBreaker(now), ghtk: createBreaker(now) };
  const courierOf = (carrier: CarrierKey): Courier => {
    const courier = couriers[carrier];
    if (!courier) throw refuse('carrier-closed');
    return courier;
  };
  return {
    ...createSellerSide(deps, { guarded, courierOf }),
    /** A message of a carrier, after its token was looked at. */
    receive: (carrier: CarrierKey, token: string, body: Buffer) => {
      const news = courierOf(carrier).readWebhook(token, body);
      if (news === 'refused') throw refuse('carrier-token-invalid');
      return news === 'malformed' ? news : hear(deps, carrier, news);
    },
    /** Asks about parcels that nobody knows of and about those without news. Run by a job; how many it looked at. */
    lookDue: async (): Promise<number> => {
      const due = await listDueBookings(db, now(), looksAtOnce);
      for (const booking of due) await look(deps, guarded, booking);
      return due.length;
    },
    setPlaces: (
      clerk: { readonly actor: string; readonly address: string },
      carrier: CarrierKey,
      rows: readonly {
        readonly wardCode: string;
        readonly province: string;
        readonly district: string;
        readonly ward: string;
      }[],
    ) =>
      transact(db, clerk.actor, async (tx) => {
        const updatedAt = now();
        await savePlaces(
          tx,
          rows.map((row) => ({ ...row, carrier, updatedAt })),
        );
        const subject = { kind: 'carrier', id: carrier } as const;
        await audit.record(tx, {
          action: 'courier-places.changed',
          subject,
          after: { count: rows.length },
          address: clerk.address,
        });
      }),
  };
};

const refusalOf = ({ reason }: Refused) =>
  reason === 'place' ? refuse('carrier-place-unknown') : refuse('carrier-refused', { reason });
