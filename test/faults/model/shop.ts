import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { vnd } from '#core/money.ts';
import { Problem } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import { minutes } from '#test/support/clock.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Group, recipient } from '#test/support/people.ts';
import { type Action, emptyModel, type Model } from './model.ts';
import type { ReturnAction } from './returns.ts';

/** What stands in the real shop for a deal of a run. */
type Deal = {
  readonly group: Group;
  memo: string;
  session: string;
  /** By shelf: the order's code, and those of its returns. */
  readonly codes: readonly string[];
  readonly returns: readonly string[][];
};
export type Real = Map<number, Deal>;
export type Shop = Awaited<ReturnType<typeof openShop>>;

const seller = { actor: 'test' };
const decider = { actor: 'test', address: '' };
const shopper = { actor: 'test', phone: recipient.phone };
const onShelf = 6;

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    // The same cause with another amount is a mistake of ours, and refused as such.
    if (error instanceof Error && error.message.endsWith('has caused another refund')) return 'fault';
    throw error;
  }
};

/** A real shop with three shelves of three businesses, and everything that can be asked of it. */
export async function openShop() {
  const market: Market = await openMarket();
  const { node, guest, bank, stripe } = market;
  const { orders, care } = node.services;
  const shelf = [market.variant(), market.variant(), market.variant()];
  const prices = shelf.map(({ priceVnd }) => priceVnd);
  const own = sql.param(shelf.map(({ variantId }) => variantId));
  // Fresh goods are taken back for other reasons and within hours.
  await node.db.execute(
    sql`update products set storage = 'ambient' where id in (select product_id from variants where id = any(${own}::uuid[]))`,
  );

  async function orderFor(real: Real, id: number, wanted: readonly number[]): Promise<string> {
    const lines = shelf.flatMap(({ variantId }, index) =>
      (wanted[index] ?? 0) > 0 ? [[variantId, wanted[index] ?? 0] as const] : [],
    );
    const cart = await guest.fillCart(...lines);
    const { status, body } = await guest.client.send<Group & { code: string }>('POST', `/v1/carts/${cart}/checkout`, {
      body: {},
      headers: fresh(),
    });
    if (status !== 201) return body.code;
    const { rows } = await node.db.execute<{ code: string; variantId: string }>(
      sql`select o.code, l.variant_id as "variantId" from orders o join order_lines l on l.order_id = o.id join order_groups g on g.id = o.group_id where g.code = ${body.code}`,
    );
    const codes = shelf.map(({ variantId }) => rows.find((row) => row.variantId === variantId)?.code ?? '');
    real.set(id, { group: body, memo: '', session: '', codes, returns: shelf.map(() => []) });
    return 'done';
  }

  async function refund(code: string, amountVnd: number, cause: string): Promise<string> {
    const { db, services } = node;
    const { rows } = await db.execute<{ orderId: OrderId; groupId: never }>(
      sql`select id as "orderId", group_id as "groupId" from orders where code = ${code}`,
    );
    const [row] = rows;
    if (!row) return 'order-not-found';
    return refusal(
      transact(db, 'test', async (tx) => {
        await services.orders.forPayments.lockGroup(tx, row.groupId);
        await services.payments.refundOrder(tx, {
          orderId: row.orderId,
          amountVnd: vnd(amountVnd),
          reason: 'complaint',
          cause,
        });
      }),
    );
  }

  async function open(known: Deal, way: 'vietqr' | 'stripe'): Promise<string> {
    if (way === 'vietqr' ? known.session : known.memo || known.session) return 'nothing';
    const { status, body } = await guest.client.send<{ code: string; qr?: { memo: string }; redirectUrl?: string }>(
      'POST',
      `/v1/order-groups/${known.group.code}/payments`,
      { body: { method: way }, headers: fresh() },
    );
    if (status !== 201) return body.code;
    known.memo = body.qr?.memo ?? '';
    known.session = stripe.sessionOf(body.redirectUrl);
    return 'done';
  }

  async function charge({ session }: Deal): Promise<string> {
    if (session === '' || stripe.session(session).status !== 'open') return 'nothing';
    expect(await stripe.tell(node.url, stripe.pay(session))).toBe(200);
    return 'done';
  }

  async function giveBack(known: Deal, action: ReturnAction): Promise<string> {
    const code = known.codes[action.index] ?? '';
    const codes = known.returns[action.index] ?? [];
    if (action.kind === 'ask') {
      const lines = [{ variantId: shelf[action.index]?.variantId ?? '', quantity: action.pieces }];
      const reason = action.isFault ? 'poor-quality' : 'changed-mind';
      return refusal(care.requestReturn(code, shopper, { lines, reason }).then((made) => codes.push(made.code)));
    }
    const back = codes[action.nth];
    if (back === undefined) return 'nothing';
    return refusal(
      {
        accept: () => care.accept(back, decider, { keepGoods: false }),
        keep: () => care.accept(back, decider, { keepGoods: true }),
        refuse: () => care.refuse(back, decider, 'Không đúng'),
        withdraw: () => care.withdraw(back, shopper),
        'send-back': () => care.sendBack(back, shopper, { carrier: 'Bưu điện', trackingNumber: '' }),
        shelve: () => care.receive(back, decider, { restock: true }),
        receive: () => care.receive(back, decider, { restock: false }),
        refund: () => care.refund(back, decider),
      }[action.word](),
    );
  }

  /** What is asked of one order of a deal. */
  async function performOn(known: Deal, action: Extract<Action, { readonly index: number }>): Promise<string> {
    const code = known.codes[action.index] ?? '';
    if (code === '') return 'nothing';
    if (action.kind === 'ask' || action.kind === 'answer') return giveBack(known, action);
    if (action.kind === 'refund') return refund(code, action.amountVnd, `model:${code}:${action.id}`);
    if (action.kind === 'confirm') return refusal(orders.confirmOrder(code, seller));
    if (action.kind === 'deliver') return refusal(orders.deliverOrder(code, seller));
    const variantId = shelf[action.index]?.variantId ?? '';
    const lines = action.pieces === 0 ? undefined : [{ variantId, quantity: action.pieces }];
    if (action.kind === 'pack') return refusal(orders.packOrder(code, seller, lines));
    if (action.kind === 'ship') return refusal(orders.shipOrder(code, seller, { lines }));
    return refusal(orders.cancelOrder(code, seller, { reason: 'Hết hàng', lines }));
  }

  return {
    market,
    /** Does in the real shop what an action says; the answer in one word. */
    perform: async (real: Real, model: Model, action: Action): Promise<string> => {
      if (action.kind === 'wait') {
        node.clock.advance(minutes(action.minutes));
        return 'done';
      }
      if (action.kind === 'expire') {
        await node.runScheduled('orders.expire');
        await node.runJobs();
        return 'done';
      }
      if (action.kind === 'order') return orderFor(real, action.id, action.wanted);
      const known = real.get(action.deal);
      if (!known) return 'nothing';
      if (action.kind === 'open') return open(known, 'vietqr');
      if (action.kind === 'card') return open(known, 'stripe');
      if (action.kind === 'charge') return charge(known);
      if (action.kind !== 'transfer') return performOn(known, action);
      const amountVnd = (model.deals.get(action.deal)?.totalVnd ?? 0) + action.much;
      if (known.memo === '' || amountVnd <= 0) return 'nothing';
      await bank.transfer(node.url, { memo: known.memo, amountVnd });
      return 'done';
    },
    /** What it says of itself, in the words of the paper. */
    look: async (real: Real): Promise<unknown> => {
      const codes = sql.param([...real.values()].map(({ group }) => group.code));
      const { rows } = await node.db.execute<{ code: string; facts: string; onHand: number; spare: number }>(
        sql`select o.code, concat_ws(' ', g.status, o.status, o.payment_status, o.fulfilment_status, l.cancelled_quantity, l.returned_quantity, coalesce(s.refunded_vnd, 0),
            (select string_agg(parcel, ' ' order by parcel collate "C") from (select concat(case s.state when 'created' then 'packed' when 'delivered' then 'delivered' else 'away' end, ':', sum(i.quantity)) as parcel
              from shipments s join shipment_lines i on i.shipment_id = s.id where s.order_id = o.id and s.state <> 'cancelled' group by s.id) parcels),
            (select string_agg(concat(r.state, ':', coalesce(r.refund_vnd, 0)), ' ' order by r.created_at, r.id) from returns r where r.order_id = o.id)) as facts,
            (select coalesce(sum(r.amount_vnd), 0)::int from refunds r join payments p on p.id = r.payment_id where p.group_id = g.id and r.order_id is null) as spare
          from orders o join order_groups g on g.id = o.group_id join order_lines l on l.order_id = o.id
          left join payments p on p.group_id = g.id and p.completed_at is not null left join payment_shares s on s.payment_id = p.id and s.order_id = o.id
          where g.code = any(${codes}::text[])
        union all select variant_id::text, on_hand::text, 0 from stock where variant_id = any(${own}::uuid[])`,
      );
      const found = new Map(rows.map((row) => [row.code, row]));
      return {
        onHand: shelf.map(({ variantId }) => Number(found.get(variantId)?.facts)),
        deals: Object.fromEntries(
          [...real].map(([id, { codes: orderCodes }]) => [
            id,
            {
              spareVnd: orderCodes.map((code) => found.get(code)?.spare).find((spare) => spare !== undefined) ?? 0,
              orders: orderCodes.map((code) => found.get(code)?.facts ?? ''),
            },
          ]),
        ),
      };
    },
    /** An empty shop: what an earlier run left open has lapsed, and each shelf has so many. */
    clear: async (): Promise<Model> => {
      node.clock.advance(minutes(31));
      await node.runScheduled('orders.expire');
      await node.runJobs();
      for (const { variantId } of shelf) await node.setStock(variantId, onShelf);
      const { rows } = await node.db.execute(
        sql`select variant_id, on_hand, held from stock where variant_id = any(${own}::uuid[]) and (on_hand, held) <> (${onShelf}, 0)`,
      );
      expect(rows).toEqual([]);
      return emptyModel(prices, onShelf);
    },
  };
}
