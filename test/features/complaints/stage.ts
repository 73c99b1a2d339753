import { sql } from 'drizzle-orm';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/node.ts';
import { openCounter } from '#test/support/payouts.ts';
import { fresh, recipient, signIn } from '#test/support/people.ts';

export type Complaint = {
  readonly code: string;
  readonly state: string;
  readonly kind: string;
  readonly verdict: string | null;
  readonly refundVnd: number;
  readonly offerVnd: number | null;
  readonly answerBy: string | null;
  readonly answeredAt: string | null;
  readonly dueAt: string | null;
  readonly overdue: boolean;
  readonly warned: boolean;
  readonly messages: readonly { readonly author: string; readonly text: string; readonly photoCount: number }[];
  readonly events: readonly { readonly type: string }[];
};
export const { phone } = recipient;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export let counter: Awaited<ReturnType<typeof openCounter>>;
export let officer: Client;
export let second: Client;
/** An exchange with two officers who decide, and a business that can be paid. */
export async function openDesk(): Promise<void> {
  counter = await openCounter();
  const { node } = counter;
  const enrol = async (name: string): Promise<Client> => {
    const login = `${name}@thu.example`;
    await transact(node.db, 'test', (tx) =>
      node.services.identity.addAccount(tx, { name, login, password: demoPassword, staffRole: 'support' }),
    );
    return signIn(node.url, login, demoPassword);
  };
  [officer, second] = [await enrol('canbo'), await enrol('canbohai')];
  await counter.setAccount(counter.own);
}

export const paid = async (variantId = counter.variants.own, pieces = 1) => {
  const group = await counter.buy([variantId, pieces]);
  const [order] = group.orders;
  if (!order) throw new Error('No order');
  return order;
};
export const delivered = async (variantId = counter.variants.own, pieces = 1) => {
  const order = await paid(variantId, pieces);
  await counter.deliver(order.code);
  return order;
};
export const words = 'Cá đã có mùi khi nhận';
export const draft = (about: string, more: object = {}) => ({
  ...{ phone, subject: 'order', about, kind: 'damaged', wish: 'refund-whole', text: words },
  ...more,
});
export const file = (about: string, more: object = {}) =>
  counter.guest.client.expect<Complaint>(201, 'POST', '/v1/complaints', { body: draft(about, more) });
export const refusal = async (about: string, more: object = {}) =>
  (await counter.guest.client.send<{ code: string }>('POST', '/v1/complaints', { body: draft(about, more) })).body.code;
export const say = (code: string, verb: string, body: object = {}) =>
  counter.guest.client.expect(204, 'POST', `/v1/complaints/${code}/${verb}`, { body: { phone, ...body } });
export const trySay = async (code: string, verb: string, body: object = {}) =>
  (
    await counter.guest.client.send<{ code: string }>('POST', `/v1/complaints/${code}/${verb}`, {
      body: { phone, ...body },
    })
  ).body?.code;
export const see = (code: string) =>
  counter.guest.client.expect<Complaint>(200, 'POST', '/v1/complaints/track', { body: { code, phone } });
export const answer = (code: string, verb: string, body: object, who = counter.seller) =>
  who.send<{ code: string } | null>('POST', `/v1/seller/complaints/${code}/${verb}`, { body });
export const decide = (code: string, body: object, who = officer) =>
  who.send<{ code: string; state: string; verdict: string; refundVnd: number }>(
    'POST',
    `/v1/staff/complaints/${code}/decision`,
    { body: { text: 'Đã xem ảnh', ...body }, headers: fresh() },
  );
export const tick = async (ms: number): Promise<void> => {
  counter.node.clock.advance(ms);
  await counter.node.services.complaints.runClocks();
};
export const events = async (code: string) => (await see(code)).events.map(({ type }) => type);
export const refundBeside = async (orderCode: string, amountVnd: number): Promise<void> => {
  const { rows } = await counter.node.db.execute<{ id: OrderId }>(sql`select id from orders where code = ${orderCode}`);
  const orderId = rows[0]?.id ?? ('' as OrderId);
  await transact(counter.node.db, 'test', (tx) =>
    counter.node.services.payments.refundOrder(tx, {
      ...{ orderId, amountVnd: vnd(amountVnd), reason: 'complaint', cause: `beside:${orderCode}` },
    }),
  );
};
export const money = () =>
  counter.seller.expect<{ dueVnd: number; heldVnd: number; comingVnd: number }>(200, 'GET', '/v1/seller/payouts');
