import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { Problem } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import { hours, minutes } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Group, type Variant } from '#test/support/people.ts';
import { counted, limitMs, many, seedOf, shared } from '#test/support/scale.ts';
import { type Action, emptyModel, facts, type Model, step } from './model/model.ts';

/**
 * A shop on paper beside the real one: carts, orders, transfers, parcels, cancellations and refunds in any order, single
 * and two at once. Whatever is asked, the answer and the state afterwards are those of the paper.
 */
const seed = seedOf('a shop on paper');
const runs = shared(100, 5_000);
const most = many(20, 60);

let market: Market;
let shelf: readonly Variant[];
let prices: readonly number[];
beforeAll(async () => {
  market = await openMarket();
  shelf = [market.variant(), market.variant(), market.variant()];
  prices = shelf.map(({ priceVnd }) => priceVnd);
});
afterAll(() => market.close());

/** What stands in the real shop for the deals of a run. */
type Real = {
  readonly groups: Map<number, { readonly group: Group; memo: string; readonly codes: readonly string[] }>;
};
const seller = { actor: 'test' };

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

async function orderFor(real: Real, id: number, wanted: readonly number[]): Promise<string> {
  const { guest } = market;
  const lines = shelf.flatMap(({ variantId }, index) =>
    (wanted[index] ?? 0) > 0 ? [[variantId, wanted[index] ?? 0] as const] : [],
  );
  const cart = await guest.fillCart(...lines);
  const { status, body } = await guest.client.send<Group & { code: string }>('POST', `/v1/carts/${cart}/checkout`, {
    body: {},
    headers: fresh(),
  });
  if (status !== 201) return body.code;
  const { rows } = await market.node.db.execute<{ code: string; variantId: string }>(
    sql`select o.code, l.variant_id as "variantId" from orders o join order_lines l on l.order_id = o.id join order_groups g on g.id = o.group_id where g.code = ${body.code}`,
  );
  const codes = shelf.map(({ variantId }) => rows.find((row) => row.variantId === variantId)?.code ?? '');
  real.groups.set(id, { group: body, memo: '', codes });
  return 'done';
}

async function refund(code: string, amountVnd: number, cause: string): Promise<string> {
  const { db, services } = market.node;
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

/** Does in the real shop what an action says; the answer in one word. */
async function perform(real: Real, model: Model, action: Action): Promise<string> {
  const { node, bank, guest } = market;
  const { orders } = node.services;
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
  const known = real.groups.get(action.deal);
  if (!known) return 'nothing';
  const code = 'index' in action ? (known.codes[action.index] ?? '') : '';
  if ('index' in action && code === '') return 'nothing';
  const variantId = 'index' in action ? (shelf[action.index]?.variantId ?? '') : '';
  if (action.kind === 'open') {
    const { status, body } = await guest.client.send<{ code: string; qr: { memo: string } }>(
      'POST',
      `/v1/order-groups/${known.group.code}/payments`,
      { body: { method: 'vietqr' }, headers: fresh() },
    );
    if (status !== 201) return body.code;
    known.memo = body.qr.memo;
    return 'done';
  }
  if (action.kind === 'transfer') {
    if (known.memo === '') return 'nothing';
    const amountVnd = amountOf(model, action);
    if (amountVnd <= 0) return 'nothing';
    await bank.transfer(node.url, { memo: known.memo, amountVnd });
    return 'done';
  }
  if (action.kind === 'refund') return refund(code, action.amountVnd, `model:${code}:${action.id}`);
  if (action.kind === 'confirm' || action.kind === 'deliver')
    return refusal(action.kind === 'confirm' ? orders.confirmOrder(code, seller) : orders.deliverOrder(code, seller));
  const lines = action.pieces === 0 ? {} : { lines: [{ variantId, quantity: action.pieces }] };
  if (action.kind === 'ship') return refusal(orders.shipOrder(code, seller, lines));
  return refusal(orders.cancelOrder(code, seller, { reason: 'Hết hàng', ...lines }));
}

const amountOf = (model: Model, { deal, much }: { readonly deal: number; readonly much: number }): number =>
  Math.max(0, (model.deals.get(deal)?.totalVnd ?? 0) + much);

/** What the real shop says of itself, in the words of the paper. */
async function look(real: Real): Promise<unknown> {
  const { db } = market.node;
  const codes = [...real.groups.values()].map(({ group }) => group.code);
  const { rows } = await db.execute<{ code: string; facts: string; refunded: number }>(
    sql`select o.code, concat_ws(' ', g.status, o.status, o.payment_status, o.fulfilment_status, l.cancelled_quantity) as facts, coalesce(s.refunded_vnd, 0)::int as refunded
      from orders o join order_groups g on g.id = o.group_id join order_lines l on l.order_id = o.id
      left join payments p on p.group_id = g.id and p.completed_at is not null left join payment_shares s on s.payment_id = p.id and s.order_id = o.id
      where g.code = any(${sql.param(codes)}::text[])`,
  );
  const { rows: spare } = await db.execute<{ code: string; back: number }>(
    sql`select g.code, sum(r.amount_vnd)::int as back from refunds r join payments p on p.id = r.payment_id join order_groups g on g.id = p.group_id
      where r.order_id is null and g.code = any(${sql.param(codes)}::text[]) group by 1`,
  );
  const { rows: stock } = await db.execute<{ variantId: string; onHand: number }>(
    sql`select variant_id as "variantId", on_hand as "onHand" from stock where variant_id = any(${sql.param(shelf.map((one) => one.variantId))}::uuid[])`,
  );
  return {
    onHand: shelf.map(({ variantId }) => stock.find((row) => row.variantId === variantId)?.onHand),
    deals: Object.fromEntries(
      [...real.groups].map(([id, { group, codes: own }]) => [
        id,
        {
          spareVnd: spare.find(({ code }) => code === group.code)?.back ?? 0,
          orders: own.map((code) => {
            const row = rows.find((one) => one.code === code);
            return row ? `${row.facts} ${row.refunded}` : '';
          }),
        },
      ]),
    ),
  };
}

/** An empty shop: what an earlier run left open has lapsed, and each shelf has so many. */
async function clear(): Promise<Model> {
  const { node } = market;
  node.clock.advance(minutes(31));
  await node.runScheduled('orders.expire');
  await node.runJobs();
  for (const { variantId } of shelf) await node.setStock(variantId, 6);
  const { rows } = await node.db.execute(
    sql`select variant_id, on_hand, held from stock where variant_id = any(${sql.param(shelf.map((one) => one.variantId))}::uuid[]) and (on_hand, held) <> (6, 0)`,
  );
  expect(rows).toEqual([]);
  return emptyModel(prices, 6);
}

const index = fc.nat({ max: 2 });
const deal = fc.nat({ max: 4 });
const some = fc.integer({ min: 1, max: 3 });
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      id: deal,
      wanted: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 }), fc.nat({ max: 2 })),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('open' as const), deal }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('transfer' as const),
      deal,
      much: fc.constantFrom(0, 0, 0, -2_000, 3_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('confirm' as const), deal, index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('ship' as const), deal, index, pieces: some }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deliver' as const), deal, index }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cancel' as const), deal, index, pieces: fc.nat({ max: 2 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      deal,
      index,
      id: fc.nat({ max: 3 }),
      amountVnd: fc.constantFrom(1_000, 20_000, 90_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(5, 16, 31) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
);
/** One after the other, or two that begin in the same instant. */
const turn = fc.oneof({ weight: 5, arbitrary: fc.tuple(action) }, { weight: 1, arbitrary: fc.tuple(action, action) });

/** The clock and the jobs belong to nobody, and a new deal is known to the other only when it is there. */
const mayMeet = (actions: readonly Action[]): boolean =>
  actions.length === 1 || actions.every(({ kind }) => !['wait', 'expire', 'order', 'open'].includes(kind));

/** Has an action mean something that is there: a new deal has the next number, others one that was made. */
function aim(model: Model, one: Action): Action {
  if (one.kind === 'order') return { ...one, id: model.deals.size };
  if (!('deal' in one) || model.deals.size === 0) return one;
  const number = one.deal % model.deals.size;
  if (!('index' in one)) return { ...one, deal: number };
  const own = (model.deals.get(number)?.orders ?? []).flatMap((order, nth) => (order ? [nth] : []));
  return { ...one, deal: number, index: own[one.index % Math.max(1, own.length)] ?? 0 };
}

/** What an order costs is the price list's to say; the paper keeps what it said. */
function priced(real: Real, one: Action): Action {
  const known = one.kind === 'order' ? real.groups.get(one.id) : undefined;
  if (!known) return one;
  const totals = known.codes.map((code) => known.group.orders.find((order) => order.code === code)?.totalVnd ?? 0);
  return { ...one, totals } as Action;
}

const seen = new Map<string, number>();
let turnsTaken = 0;

async function play(turns: readonly (readonly Action[])[]): Promise<void> {
  const model = await clear();
  const real: Real = { groups: new Map() };
  let paper = model;
  for (const actions of turns) {
    const rounds = mayMeet(actions) ? [actions] : actions.map((one) => [one]);
    for (const asked of rounds) {
      const together = asked.map((one) => aim(paper, one));
      const now = paper;
      const answers = await Promise.all(together.map((one) => perform(real, now, one)));
      const orders =
        together.length === 1
          ? [[0]]
          : [
              [0, 1],
              [1, 0],
            ];
      const told = await look(real);
      const outcomes = orders.map((order) => {
        const next = structuredClone(now);
        const expected: string[] = [];
        for (const nth of order) expected[nth] = step(next, priced(real, together[nth] as Action));
        return { next, expected };
      });
      const fitting = outcomes.find(({ next, expected }) => same([answers, told], [expected, facts(next)]));
      const [first] = outcomes;
      expect([together, answers, told]).toEqual(
        fitting ? [together, answers, told] : [together, first?.expected, first && facts(first.next)],
      );
      paper = fitting?.next ?? now;
      turnsTaken += 1;
      for (const [nth, { kind }] of together.entries())
        seen.set(`${kind} ${answers[nth]}`, (seen.get(`${kind} ${answers[nth]}`) ?? 0) + 1);
    }
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

test(`${runs} runs of up to ${most} turns: the shop does what the paper says`, { timeout: limitMs }, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 5, maxLength: most, size: 'max' }), async (turns) => {
      await play(turns);
      run += 1;
      if (run % many(50, 500) > 0) return;
      await market.node.runJobs();
      await expectSound(market.node.db, market);
    }),
    { seed, numRuns: runs },
  );
  console.log(`${run} runs: ${JSON.stringify(Object.fromEntries([...seen].sort()))}`);
  market.node.clock.advance(hours(1));
  await market.node.runScheduled('orders.expire');
  await market.node.runJobs();
  await expectSound(market.node.db, market);
  counted('T8', { runs: run, turns: turnsTaken });
});
