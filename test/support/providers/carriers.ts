import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, createClient } from '../client.ts';
import { createRandom } from '../random.ts';

/**
 * What happens to the next calls; each is used up by one. `lost`: done and booked, but the answer never arrives.
 * `unavailable`: nothing was done. `garbage`: done, and answered with what nobody can read.
 */
export type Trouble = 'lost' | 'unavailable' | 'garbage';
export type Carried = { readonly number: string; readonly code: string; status: string; feeVnd: number; at: Date };
type Reply = { readonly status?: number; readonly body: unknown };
/** A carrier's dialect: its addresses, its words, and the message that it sends. */
export type Dialect = {
  readonly prefix: string;
  readonly tokenHead: string;
  readonly answer: (
    call: { readonly method: string; readonly path: string; readonly body: never },
    books: Books,
  ) => Reply | undefined;
  readonly message: (parcel: Carried) => object;
  readonly webhookPath: string;
};
export type Books = {
  readonly byCode: (code: string) => Carried | undefined;
  readonly byNumber: (number: string) => Carried | undefined;
  /** Asked twice for one code it has one parcel, as both carriers do. */
  readonly take: (code: string, first: string) => { readonly parcel: Carried; readonly isNew: boolean };
};
export type Carrier = Awaited<ReturnType<typeof startCarrier>>;

export const carrierToken = 'carrier-token-0123456789';
export const carrierWebhookToken = 'carrier-webhook-0123456789';
const baseFeeVnd = 21_500;

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** A carrier that keeps its own books and tells of them as carriers do: late, twice, shuffled, or not at all. */
export async function startCarrier(dialect: Dialect, seed = 1) {
  const random = createRandom(seed);
  const parcels: Carried[] = [];
  const troubles: Trouble[] = [];
  let calls = 0;
  let clock = Date.parse('2026-11-24T01:00:00Z');
  const tick = (): Date => {
    clock += 60_000;
    return new Date(clock);
  };
  const books: Books = {
    byCode: (code) => parcels.find((one) => one.code === code),
    byNumber: (number) => parcels.find((one) => one.number === number),
    take: (code, first) => {
      const known = books.byCode(code);
      if (known) return { parcel: known, isNew: false };
      const number = `${dialect.prefix}${random.between(1_000_000, 9_999_999)}`;
      const parcel: Carried = { number, code, status: first, feeVnd: baseFeeVnd, at: tick() };
      parcels.push(parcel);
      return { parcel, isNew: true };
    },
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    calls += 1;
    const text = await readBody(request);
    const trouble = troubles.shift();
    const send = (status: number, body: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
    if (request.headers[dialect.tokenHead] !== carrierToken)
      return send(401, '{"success":false,"code":401,"message":"token"}');
    if (trouble === 'unavailable') return send(503, 'Service Unavailable');
    const path = request.url ?? '';
    const reply = dialect.answer(
      { method: request.method ?? 'GET', path, body: (text ? JSON.parse(text) : {}) as never },
      books,
    );
    if (trouble === 'lost') return void response.socket?.destroy();
    if (trouble === 'garbage') return send(200, '<html>maintenance</html>');
    send(
      reply?.status ?? (reply ? 200 : 404),
      JSON.stringify(reply?.body ?? { success: false, code: 404, message: 'no such address' }),
    );
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients = new Map<string, Client>();
  /** Sends one message; what the exchange answers. */
  const tell = async (base: string, message: object, token = carrierWebhookToken): Promise<number> => {
    const client = clients.get(base) ?? createClient(base);
    clients.set(base, client);
    const { status } = await client.send('POST', dialect.webhookPath, {
      body: message,
      headers: { 'x-webhook-token': token },
    });
    return status;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    parcels,
    get calls() {
      return calls;
    },
    trouble: (...next: readonly Trouble[]) => troubles.push(...next),
    /** The parcel moves in the carrier's books; the message that would tell of it. */
    move: (code: string, status: string, feeVnd?: number): object => {
      const parcel = books.byCode(code);
      if (!parcel) throw new Error(`The carrier has no parcel ${code}`);
      Object.assign(parcel, { status, at: tick(), ...(feeVnd !== undefined && { feeVnd }) });
      return dialect.message({ ...parcel });
    },
    tell,
    shuffle: <Item>(items: readonly Item[]): Item[] =>
      items
        .map((item) => [random.between(0, 1_000_000), item] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, item]) => item),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type GhnOrder = {
  readonly client_order_code: string;
  readonly to_ward_code: string;
  readonly order_codes: readonly string[];
};
const ghnError = (message: string): Reply => ({ status: 400, body: { code: 400, message, data: null } });
const ghnData = (data: unknown): Reply => ({ body: { code: 200, message: 'Success', data } });

export const ghn: Dialect = {
  prefix: 'L',
  tokenHead: 'token',
  webhookPath: '/v1/webhooks/couriers/ghn',
  message: ({ number, code, status, feeVnd, at }) => ({
    ...{ OrderCode: number, ClientOrderCode: code, Status: status, TotalFee: feeVnd, Time: at.toISOString() },
    ...{ CODAmount: 0, Reason: '', Type: 'switch_status' },
  }),
  answer: ({ path, body }, books) => {
    const order = body as GhnOrder;
    switch (path.replace('/shiip/public-api', '')) {
      case '/v2/shipping-order/fee':
        return order.to_ward_code === '' ? ghnError('to_ward_code is required') : ghnData({ total: baseFeeVnd });
      case '/v2/shipping-order/create': {
        if (order.to_ward_code === 'XX') return ghnError('Địa chỉ nhận không được hỗ trợ');
        const { parcel } = books.take(order.client_order_code, 'ready_to_pick');
        return ghnData({ order_code: parcel.number, total_fee: parcel.feeVnd });
      }
      case '/v2/shipping-order/detail-by-client-code': {
        const parcel = books.byCode(order.client_order_code);
        if (!parcel) return ghnError('Đơn hàng không tồn tại');
        const { number, code, status, at } = parcel;
        return ghnData({ order_code: number, client_order_code: code, status, updated_date: at.toISOString() });
      }
      case '/v2/switch-status/cancel': {
        const parcel = books.byNumber(order.order_codes[0] ?? '');
        if (parcel?.status !== 'ready_to_pick') return ghnError('Không hủy được đơn này');
        parcel.status = 'cancel';
        return ghnData([{ order_code: parcel.number, result: true }]);
      }
      case '/v2/a5/gen-token':
        return ghnData({ token: 'label-token' });
      default:
        return path.startsWith('/a5/public-api/printA5') ? { body: '%PDF-1.7' } : undefined;
    }
  },
};

type GhtkOrder = { readonly order: { readonly id: string } };

export const ghtk: Dialect = {
  prefix: 'S1.',
  tokenHead: 'token',
  webhookPath: '/v1/webhooks/couriers/ghtk',
  message: ({ number, code, status, feeVnd, at }) => ({
    ...{ label_id: number, partner_id: code, status_id: Number(status), fee: feeVnd, action_time: at.toISOString() },
    ...{ reason_code: '', reason: '', weight: 1.2, pick_money: 0 },
  }),
  answer: ({ path, body }, books) => {
    if (path.startsWith('/services/shipment/fee?'))
      return { body: { success: true, fee: { fee: baseFeeVnd, insurance_fee: 0 } } };
    if (path === '/services/shipment/order') {
      const { parcel, isNew } = books.take((body as GhtkOrder).order.id, '2');
      if (isNew)
        return { body: { success: true, order: { label: parcel.number, fee: String(parcel.feeVnd), status_id: 2 } } };
      return {
        body: {
          success: false,
          message: 'Đơn hàng đã tồn tại',
          error: { code: 'ORDER_ID_EXIST', ghtk_label: parcel.number },
        },
      };
    }
    const code = /^\/services\/shipment\/v2\/partner_id:(.+)$/.exec(path)?.[1];
    if (code !== undefined) {
      const parcel = books.byCode(code);
      if (!parcel) return { body: { success: false, message: 'Không tìm thấy đơn hàng' } };
      const { number, status, feeVnd, at } = parcel;
      return {
        body: {
          success: true,
          order: { label_id: number, partner_id: code, status, ship_money: String(feeVnd), modified: at.toISOString() },
        },
      };
    }
    const cancelled = books.byNumber(decodeURIComponent(/^\/services\/shipment\/cancel\/(.+)$/.exec(path)?.[1] ?? ''));
    if (!cancelled) return undefined;
    cancelled.status = '-1';
    return { body: { success: true } };
  },
};
