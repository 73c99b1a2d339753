import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { vnd } from '#core/money.ts';
import type { Consignment, Courier, CourierNews, Refused, Unknown } from '#features/couriers/types.ts';
import type { ShipmentState } from '#features/orders/types.ts';
import { askFile, askJson, parseJson, readInstant, sameSecret } from './calls.ts';

export type GhnOptions = {
  readonly token: string;
  readonly shopId: string;
  readonly webhookToken: string | undefined;
  readonly apiBase?: string | undefined;
  readonly fetch: typeof fetch;
};

/** GHN's words for where a parcel is, as its callback tells them. */
const states: Readonly<Record<string, ShipmentState>> = {
  ready_to_pick: 'created',
  picking: 'created',
  money_collect_picking: 'created',
  picked: 'picked_up',
  storing: 'in_transit',
  transporting: 'in_transit',
  sorting: 'in_transit',
  delivering: 'out_for_delivery',
  money_collect_delivering: 'out_for_delivery',
  delivered: 'delivered',
  delivery_fail: 'failed_attempt',
  waiting_to_return: 'returning',
  return: 'returning',
  return_transporting: 'returning',
  return_sorting: 'returning',
  returning: 'returning',
  return_fail: 'returning',
  returned: 'returned',
  cancel: 'cancelled',
  damage: 'lost_damaged',
  lost: 'lost_damaged',
  // `exception` says that something is wrong and not what: it is left to the alert of unknown words.
};

const Envelope = Type.Object({ code: Type.Integer(), message: Type.Optional(Type.String()), data: Type.Unknown() });
const Fee = Type.Object({ total: Type.Integer({ minimum: 0 }) });
const Created = Type.Object({ order_code: Type.String({ minLength: 1 }), total_fee: Type.Integer({ minimum: 0 }) });
const Detail = Type.Object({
  order_code: Type.String({ minLength: 1 }),
  client_order_code: Type.Optional(Type.String()),
  status: Type.String({ minLength: 1 }),
  updated_date: Type.Optional(Type.String()),
});
const Callback = Type.Object({
  OrderCode: Type.String({ minLength: 1, maxLength: 100 }),
  ClientOrderCode: Type.Optional(Type.String({ maxLength: 100 })),
  Status: Type.String({ minLength: 1, maxLength: 100 }),
  Time: Type.Optional(Type.String({ maxLength: 100 })),
  TotalFee: Type.Optional(Type.Integer({ minimum: 0 })),
});
const LabelToken = Type.Object({ token: Type.String({ minLength: 1 }) });

/** Paid by the sender; nobody opens it at the door, for all was paid before. */
const orderOf = (parcel: Consignment) => ({
  payment_type_id: 1,
  required_note: 'KHONGCHOXEMHANG',
  client_order_code: parcel.code,
  from_name: parcel.from.name,
  from_phone: parcel.from.phone,
  from_address: parcel.from.line,
  from_ward_name: parcel.from.wardName,
  from_province_name: parcel.from.provinceName,
  to_name: parcel.to.name,
  to_phone: parcel.to.phone,
  to_address: parcel.to.line,
  ...destination(parcel),
  cod_amount: 0,
  insurance_value: parcel.valueVnd,
  service_type_id: 2,
  items: parcel.items.map(({ name, quantity, grams }) => ({ name, quantity, weight: grams })),
});
const destination = ({ to, grams }: Consignment) => ({
  to_ward_code: to.place?.ward ?? '',
  to_district_id: Number(to.place?.district ?? 0),
  weight: grams,
});

const isPlaced = ({ to }: Consignment): boolean => to.place !== undefined && /^\d+$/.test(to.place.district);
const noPlace: Refused = { kind: 'refused', reason: 'place' };

const newsOf = (
  order: { code: string | undefined; number: string; status: string },
  more: Partial<CourierNews>,
): CourierNews => ({
  trackingNumber: order.number,
  code: order.code,
  status: order.status,
  state: Object.hasOwn(states, order.status) ? states[order.status] : undefined,
  ...{ at: undefined, feeVnd: undefined, raw: undefined },
  ...more,
});

/** Giao Hàng Nhanh, by `online-gateway.ghn.vn`: `Token` and `ShopId` in the head, `code` 200 in the answer. */
export function createGhn({
  token,
  shopId,
  webhookToken,
  apiBase = 'https://online-gateway.ghn.vn',
  fetch,
}: GhnOptions): Courier {
  const headers = { token, shopid: shopId };
  const ask = async (path: string, body: unknown): Promise<{ kind: 'data'; data: unknown } | Refused | Unknown> => {
    const answer = await askJson({ fetch, headers, body, url: `${apiBase}/shiip/public-api${path}` });
    if (answer.kind === 'unknown') return answer;
    if (!Value.Check(Envelope, answer.body)) return { kind: 'unknown', reason: 'an answer of another shape' };
    const { code, message = '', data } = answer.body;
    return code === 200 ? { kind: 'data', data } : { kind: 'refused', reason: message };
  };
  const strange: Unknown = { kind: 'unknown', reason: 'an answer of another shape' };
  return {
    carrier: 'ghn',
    quote: async (parcel) => {
      if (!isPlaced(parcel)) return noPlace;
      const body = { service_type_id: 2, insurance_value: parcel.valueVnd, ...destination(parcel) };
      const answer = await ask('/v2/shipping-order/fee', body);
      if (answer.kind !== 'data') return answer;
      return Value.Check(Fee, answer.data) ? { kind: 'quoted', feeVnd: vnd(answer.data.total) } : strange;
    },
    create: async (parcel) => {
      if (!isPlaced(parcel)) return noPlace;
      const answer = await ask('/v2/shipping-order/create', orderOf(parcel));
      if (answer.kind !== 'data') return answer;
      if (!Value.Check(Created, answer.data)) return strange;
      return { kind: 'booked', trackingNumber: answer.data.order_code, feeVnd: vnd(answer.data.total_fee) };
    },
    cancel: async (trackingNumber) => {
      const answer = await ask('/v2/switch-status/cancel', { order_codes: [trackingNumber] });
      return answer.kind === 'data' ? { kind: 'cancelled' } : answer;
    },
    track: async (code) => {
      const answer = await ask('/v2/shipping-order/detail-by-client-code', { client_order_code: code });
      if (answer.kind !== 'data') return answer;
      if (!Value.Check(Detail, answer.data)) return strange;
      const { order_code: number, status, updated_date } = answer.data;
      const at = readInstant(updated_date);
      return { kind: 'found', news: newsOf({ code, number, status }, { at, raw: answer.data }) };
    },
    label: async (trackingNumber) => {
      const answer = await ask('/v2/a5/gen-token', { order_codes: [trackingNumber] });
      if (answer.kind !== 'data' || !Value.Check(LabelToken, answer.data)) return undefined;
      const url = `${apiBase}/a5/public-api/printA5?token=${encodeURIComponent(answer.data.token)}`;
      return askFile({ fetch, url, headers, method: 'GET' });
    },
    readWebhook: (given, body) => {
      if (webhookToken === undefined || !sameSecret(given, webhookToken)) return 'refused';
      const raw = parseJson(body);
      if (!Value.Check(Callback, raw)) return 'malformed';
      const order = { code: raw.ClientOrderCode || undefined, number: raw.OrderCode, status: raw.Status };
      const feeVnd = raw.TotalFee === undefined ? undefined : vnd(raw.TotalFee);
      return newsOf(order, { at: readInstant(raw.Time), feeVnd, raw });
    },
  };
}
