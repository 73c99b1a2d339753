import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { type Exchange, sepayKey } from './exchange.ts';
import { repeat } from './repeat.ts';
import type { Measured } from './rounds.ts';

/** Buyers at the same time, each with one cart after the other. */
export const buyers = 32;

export type Item = { readonly variantId: string; readonly priceVnd: number };

/** Packs that may be ordered one by one, enough of them that two buyers seldom want the same at once. */
export const listItems = ({ query }: Exchange): Promise<Item[]> =>
  query<Item>(`select v.id as "variantId", p.price_vnd::int as "priceVnd" from variants v
    join stock s on s.variant_id = v.id join prices p on p.variant_id = v.id
    where v.position = 0 and v.min_order = 1 and s.on_hand > 100000 order by v.id limit 5000`);

type Ask = (method: 'POST' | 'PUT', path: string, body: unknown, headers?: Record<string, string>) => Promise<unknown>;

const ask =
  (pool: Pool): Ask =>
  async (method, path, body, headers = {}) => {
    const sent = { 'content-type': 'application/json', ...headers };
    const answer = await pool.request({ method, path, headers: sent, body: JSON.stringify(body) });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };

export const delivery = {
  recipient: { name: 'Khách Đo Tốc Độ', phone: '0912345678' },
  address: { line: '12 Đường Hai Bà Trưng', provinceCode: '92', wardCode: '31507' },
};

/** From an empty cart to paid, in six calls. */
async function buy(send: Ask, { variantId }: Item): Promise<void> {
  const { cartId } = (await send('POST', '/v1/carts', {})) as { cartId: string };
  await send('PUT', `/v1/carts/${cartId}/lines/${variantId}`, { quantity: 1 });
  await send('PUT', `/v1/carts/${cartId}/delivery`, delivery);
  const key = () => ({ 'idempotency-key': randomUUID() });
  const group = (await send('POST', `/v1/carts/${cartId}/checkout`, { ageConfirmed: true }, key())) as { code: string };
  const payment = (await send('POST', `/v1/order-groups/${group.code}/payments`, { method: 'vietqr' }, key())) as {
    amountVnd: number;
    qr: { memo: string; accountNumber: string };
  };
  await send('POST', '/v1/webhooks/bank/sepay', transferOf(payment), { authorization: `Apikey ${sepayKey}` });
}

let transfers = Date.now();

/** What SePay tells of a transfer that pays exactly. */
const transferOf = ({ amountVnd, qr }: { amountVnd: number; qr: { memo: string; accountNumber: string } }) => ({
  id: ++transfers,
  gateway: 'VietinBank',
  transactionDate: '2026-11-23 14:02:37',
  accountNumber: qr.accountNumber,
  code: null,
  content: `MBVCB.123.${qr.memo}.CT tu 0123 toi 0456`,
  transferType: 'in',
  transferAmount: amountVnd,
  accumulated: 1,
  subAccount: null,
  referenceCode: `FT${transfers}`,
  description: '',
});

export const pick = (items: readonly Item[]): Item => {
  const item = items[Math.floor(Math.random() * items.length)];
  if (!item) throw new Error('There is nothing to buy');
  return item;
};

const paid = async ({ query }: Exchange): Promise<number> =>
  (await query<{ count: number }>(`select count(*)::int as count from order_groups where status = 'paid'`))[0]?.count ??
  0;

/** Whole checkouts over HTTP. Fails unless each of them is paid in the database afterwards. */
export async function buyOverHttp(exchange: Exchange, items: readonly Item[], seconds: number): Promise<Measured> {
  const pool = new Pool(exchange.url, { connections: buyers });
  const before = await paid(exchange);
  let bought = 0;
  const measured = await repeat(buyers, seconds, async () => {
    await buy(ask(pool), pick(items));
    bought += 1;
  });
  await pool.close();
  const now = await paid(exchange);
  if (now - before !== bought) throw new Error(`${bought} were bought but ${now - before} are paid`);
  return measured;
}
