import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { vnd } from '#core/money.ts';
import type { Consignment, Courier, CourierNews, Party, Refused, Unknown } from '#features/couriers/types.ts';
import type { ShipmentState } from '#features/orders/types.ts';
import { askFile, askJson, parseJson, readInstant, sameSecret } from './calls.ts';

export type GhtkOptions = {
  readonly token: string;
  readonly webhookToken: string | undefined;
  readonly apiBase?: string | undefined;
  readonly fetch: typeof fetch;
};

/** GHTK's numbers for where a parcel is. 123, 127, 128, 45, 49 and 410 are what its shippers report in between. */
const states: Readonly<Record<string, ShipmentState>> = {
  '-1': 'cancelled',
  1: 'created',
  2: 'created',
  3: 'picked_up',
  4: 'out_for_delivery',
  5: 'delivered',
  6: 'cod_settled',
  7: 'created',
  8: 'created',
  9: 'failed_attempt',
  10: 'failed_attempt',
  11: 'returned',
  12: 'created',
  13: 'lost_damaged',
  20: 'returning',
  21: 'returned',
  123: 'picked_up',
  127: 'created',
  128: 'created',
  45: 'delivered',
  49: 'failed_attempt',
  410: 'failed_attempt',
};

const Verdict = Type.Object({ success: Type.Boolean(), message: Type.Optional(Type.String()) });
const Number_ = Type.Union([Type.Integer(), Type.String({ pattern: '^-?\\d+$', maxLength: 10 })]);
const Quoted = Type.Object({ fee: Type.Object({ fee: Type.Integer({ minimum: 0 }) }) });
const Created = Type.Object({
  order: Type.Object({
    label: Type.String({ minLength: 1 }),
    fee: Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d+$' })]),
  }),
});
/** An order that GHTK has already: it answers with the label that it gave it. */
const Exists = Type.Object({
  error: Type.Object({ code: Type.Literal('ORDER_ID_EXIST'), ghtk_label: Type.String({ minLength: 1 }) }),
});
const Found = Type.Object({
  order: Type.Object({
    label_id: Type.String({ minLength: 1 }),
    status: Number_,
    modified: Type.Optional(Type.String()),
    ship_money: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d+$' })])),
  }),
});
const Callback = Type.Object({
  label_id: Type.String({ minLength: 1, maxLength: 100 }),
  partner_id: Type.Optional(Type.String({ maxLength: 100 })),
  status_id: Number_,
  action_time: Type.Optional(Type.String({ maxLength: 100 })),
  fee: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d+$', maxLength: 12 })])),
});

/** Names as GHTK has them, or today's own: it reads names, and guesses the district where it is left out. */
const namesOf = ({ place, wardName, provinceName }: Party) => ({
  province: place?.province ?? provinceName,
  district: place?.district ?? '',
  ward: place?.ward ?? wardName,
});
const kilograms = (grams: number): number => grams / 1_000;

const orderOf = ({ code, from, to, items, grams, valueVnd }: Consignment) => {
  const here = namesOf(from);
  return {
    products: items.map(({ name, quantity, grams: weight }) => ({ name, quantity, weight: kilograms(weight) })),
    order: {
      id: code,
      pick_name: from.name,
      pick_tel: from.phone,
      pick_address: from.line,
      ...{ pick_province: here.province, pick_district: here.district, pick_ward: here.ward },
      name: to.name,
      tel: to.phone,
      address: to.line,
      ...namesOf(to),
      hamlet: 'Khác',
      pick_money: 0,
      value: valueVnd,
      is_freeship: '1',
      transport: 'road',
      total_weight: kilograms(grams),
    },
  };
};

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
const feeOf = (fee: number | string | undefined) => (fee === undefined ? undefined : vnd(Number(fee)));

/** Giao Hàng Tiết Kiệm, by `services.giaohangtietkiem.vn`: `Token` in the head, `success` in the answer. */
export function createGhtk({
  token,
  webhookToken,
  apiBase = 'https://services.giaohangtietkiem.vn',
  fetch,
}: GhtkOptions): Courier {
  const headers = { token };
  const strange: Unknown = { kind: 'unknown', reason: 'an answer of another shape' };
  const ask = async (
    path: string,
    body?: unknown,
  ): Promise<{ kind: 'data'; data: unknown } | (Refused & { data: unknown }) | Unknown> => {
    const method = body === undefined ? 'GET' : 'POST';
    const answer = await askJson({
      fetch,
      headers,
      method,
      ...(body !== undefined && { body }),
      url: `${apiBase}${path}`,
    });
    if (answer.kind === 'unknown') return answer;
    if (!Value.Check(Verdict, answer.body)) return strange;
    const { success, message = '' } = answer.body;
    return success ? { kind: 'data', data: answer.body } : { kind: 'refused', reason: message, data: answer.body };
  };
  const track: Courier['track'] = async (code) => {
    const answer = await ask(`/services/shipment/v2/partner_id:${encodeURIComponent(code)}`);
    if (answer.kind !== 'data') return answer;
    if (!Value.Check(Found, answer.data)) return strange;
    const { label_id: number, status, modified, ship_money } = answer.data.order;
    const more = { at: readInstant(modified), feeVnd: feeOf(ship_money), raw: answer.data };
    return { kind: 'found', news: newsOf({ code, number, status: String(status) }, more) };
  };
  return {
    carrier: 'ghtk',
    quote: async ({ from, to, grams, valueVnd }) => {
      const [here, there] = [namesOf(from), namesOf(to)];
      const query = new URLSearchParams({
        ...{ pick_province: here.province, pick_district: here.district },
        ...{ province: there.province, district: there.district },
        ...{ weight: String(grams), value: String(valueVnd), transport: 'road' },
      });
      const answer = await ask(`/services/shipment/fee?${query}`);
      if (answer.kind !== 'data') return answer;
      return Value.Check(Quoted, answer.data) ? { kind: 'quoted', feeVnd: vnd(answer.data.fee.fee) } : strange;
    },
    create: async (parcel) => {
      const answer = await ask('/services/shipment/order', orderOf(parcel));
      if (answer.kind === 'refused' && Value.Check(Exists, answer.data)) {
        const known = await track(parcel.code);
        if (known.kind !== 'found') return { kind: 'unknown', reason: 'has the parcel and does not tell of it' };
        return { kind: 'booked', trackingNumber: known.news.trackingNumber, feeVnd: known.news.feeVnd ?? vnd(0) };
      }
      if (answer.kind !== 'data') return answer;
      if (!Value.Check(Created, answer.data)) return strange;
      const { label, fee } = answer.data.order;
      return { kind: 'booked', trackingNumber: label, feeVnd: vnd(Number(fee)) };
    },
    cancel: async (trackingNumber) => {
      const answer = await ask(`/services/shipment/cancel/${encodeURIComponent(trackingNumber)}`, {});
      return answer.kind === 'data' ? { kind: 'cancelled' } : answer;
    },
    track,
    label: (trackingNumber) =>
      askFile({
        fetch,
        headers,
        method: 'GET',
        url: `${apiBase}/services/label/${encodeURIComponent(trackingNumber)}`,
      }),
    readWebhook: (given, body) => {
      if (webhookToken === undefined || !sameSecret(given, webhookToken)) return 'refused';
      const raw = parseJson(body);
      if (!Value.Check(Callback, raw)) return 'malformed';
      const order = { code: raw.partner_id || undefined, number: raw.label_id, status: String(raw.status_id) };
      return newsOf(order, { at: readInstant(raw.action_time), feeVnd: feeOf(raw.fee), raw });
    },
  };
}
