import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bps, vnd } from '#core/money.ts';
import { createClient } from '#test/support/client.ts';
import { createDatabase, type TestDatabase } from '#test/support/database.ts';
import { expectSound } from '#test/support/invariants.ts';
import { demo, startNode, type TestNode } from '#test/support/node.ts';
import {
  createShopper,
  fresh,
  type Group,
  type Line,
  pickVariants,
  type Shopper,
  type Variant,
} from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { counted, inParallel, limitMs, many, seeded, shared } from '#test/support/scale.ts';
import { type WebProcesses, webProcesses } from '#test/support/web.ts';

const buyers = many(300, 1_000);
const stock = many(50, 100);
const random = seeded('a crowd');
const bank = createBank(random.between(1, 1_000_000));

let database: TestDatabase;
let webs: WebProcesses;
/** In this process, to look at the database and to run jobs; the crowd goes to the web processes. */
let node: TestNode;
let doors: readonly Shopper[];
let variants: readonly Variant[];

beforeAll(async () => {
  database = await createDatabase({ template: demo });
  webs = webProcesses(database);
  const [one, two] = await Promise.all([webs.start(), webs.start()]);
  doors = [createShopper(one.url), createShopper(two.url)];
  node = await startNode({ database });
  variants = pickVariants((await node.guest.products()).items, 18);
});
afterAll(async () => {
  await webs.close();
  await node.close();
  await database.drop();
});

const rounds = Array.from({ length: shared(1, 10) }, (_, round) => round + 1);

test.each(rounds)(
  `round %i: ${buyers} buyers at two doors for a stock of ${stock}: ${stock} of them, and nobody sees an error of ours`,
  { timeout: limitMs },
  async (round) => {
    const scarce = variants.at(-round);
    const others = variants.slice(0, 7);
    if (!scarce) throw new Error('There is nothing to sell');
    await node.setStock(scarce.variantId, stock);
    for (const other of others) await node.setStock(other.variantId, buyers * 20);
    const crowd = Array.from({ length: buyers }, (_, index) => {
      const more = random.shuffle(others).slice(0, random.between(0, 2));
      const lines = [scarce, ...more].map((variant): Line => [variant.variantId, 1]);
      return { shopper: doors[index % doors.length] as Shopper, lines: random.shuffle(lines) };
    });
    const carts = await inParallel(crowd, 24, ({ shopper, lines }) => shopper.fillCart(...lines));

    const startedAt = performance.now();
    const tookMs: number[] = [];
    const answers = await Promise.all(
      crowd.map(async ({ shopper }, index) => {
        const answer = await shopper.client.send<Group & { code: string }>(
          'POST',
          `/v1/carts/${carts[index]}/checkout`,
          { body: {}, headers: fresh() },
        );
        tookMs.push(performance.now() - startedAt);
        return answer;
      }),
    );
    const at = (part: number) => Math.round(tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length * part)] ?? 0);

    const outcomes = answers.map(({ status, body }) => (status === 201 ? 'ordered' : `${status} ${body.code}`));
    const counts = Object.fromEntries(
      [...new Set(outcomes)].map((one) => [one, outcomes.filter((other) => other === one).length]),
    );
    expect(counts).toEqual({ ordered: stock, '409 stock-short': buyers - stock });
    const shelf = () => node.db.execute(sql`select on_hand, held from stock where variant_id = ${scarce.variantId}`);
    expect((await shelf()).rows).toEqual([{ on_hand: stock, held: stock }]);

    const placed = answers.flatMap(({ status, body }) => (status === 201 ? [body] : []));
    await inParallel(placed, 12, async ({ code, totalVnd }, index) => {
      const shopper = doors[index % doors.length] as Shopper;
      const { qr } = await shopper.pay(code, 'vietqr');
      await bank.transfer(shopper.client.base, { memo: qr?.memo ?? '', amountVnd: totalVnd });
    });
    expect((await shelf()).rows).toEqual([{ on_hand: 0, held: 0 }]);
    for (const { code } of placed) expect((await node.guest.group(code)).status).toBe('paid');
    await node.runJobs();
    await expectSound(node.db, { bank });
    counted('T1', { rounds: 1, buyers, sold: placed.length }, { 'ms of half': at(0.5), 'ms of 99 %': at(0.99) });
  },
);

test('200 carts with a voucher whose budget is for 50: 50 get it, and not a đồng more is promised', async () => {
  const [, , , variant] = variants;
  if (!variant) throw new Error('There is nothing to sell');
  const [buying, room] = [200, 50];
  await node.setStock(variant.variantId, buying * 2);
  const off = 5_000;
  const until = new Date(Date.now() + 86_400_000);
  await node.services.vouchers.give(
    { actor: 'test', address: '' },
    {
      ...{ code: 'CHENLAN', name: 'Chen lấn', businessId: null, agreement: '', exchangeBps: bps(10_000) },
      ...{
        kind: 'fixed',
        rateBps: null,
        amountVnd: vnd(off),
        capVnd: null,
        minimumVnd: vnd(0),
        scope: 'all',
        goods: [],
      },
      ...{ firstOrder: false, stackable: false, isPublic: false, maxUses: null, maxUsesPerCustomer: null },
      ...{ budgetVnd: vnd(off * room), validFrom: new Date(Date.now() - 1_000), validUntil: until },
    },
  );
  const carts = await inParallel(Array.from({ length: buying }), 24, async (_, index) => {
    const { client, fillCart } = doors[index % doors.length] as Shopper;
    const cartId = await fillCart([variant.variantId, 1]);
    await client.expect(200, 'PUT', `/v1/carts/${cartId}/voucher`, { body: { code: 'CHENLAN' } });
    return { client, cartId };
  });
  const answers = await Promise.all(
    carts.map(({ client, cartId }) =>
      client.send<{ code: string }>('POST', `/v1/carts/${cartId}/checkout`, { body: {}, headers: fresh() }),
    ),
  );
  const ordered = answers.filter(({ status }) => status === 201).length;
  const tooLate = answers.filter(({ body }) =>
    ['voucher-used-up', 'voucher-not-applicable'].includes(body.code),
  ).length;
  expect({ ordered, tooLate }).toEqual({ ordered: room, tooLate: buying - room });
  const { rows } = await node.db.execute(
    sql`select spent_vnd::int as spent, uses from vouchers where code = 'CHENLAN'`,
  );
  expect(rows).toEqual([{ spent: off * room, uses: room }]);
  await node.runJobs();
  await expectSound(node.db);
});

test('every transfer told one to twenty times, shuffled, at both doors at once, some of it forged: one effect each', async () => {
  const forger = createBank(random.between(1, 1_000_000), 'not-the-key-of-the-bank');
  const [, , variant] = variants;
  const groups = await inParallel(Array.from({ length: shared(12, 60) }), 8, async (_, index): Promise<Group> => {
    const shopper = doors[index % doors.length] as Shopper;
    const group = await shopper.order([variant?.variantId ?? '', 1]);
    const { qr } = await shopper.pay(group.code, 'vietqr');
    bank.move({ memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    return group;
  });
  const untold = bank.untold();
  const messages = untold.flatMap((payload) =>
    Array.from({ length: random.between(1, 20) }, () => ({ payload, feed: random.chance(0.05) ? forger : bank })),
  );
  // Each is told at least once by the bank itself.
  messages.push(...untold.map((payload) => ({ payload, feed: bank })));
  const statuses = await inParallel(random.shuffle(messages), 40, ({ payload, feed }, index) =>
    feed.tell((doors[index % doors.length] as Shopper).client.base, payload),
  );
  const forged = messages.filter(({ feed }) => feed === forger).length;
  expect(statuses.filter((status) => status === 401)).toHaveLength(forged);
  expect(statuses.filter((status) => status === 200)).toHaveLength(messages.length - forged);
  for (const { code } of groups) expect((await node.guest.group(code)).status).toBe('paid');
  await node.runJobs();
  await expectSound(node.db, { bank });
  counted('T3', { webhooks: messages.length, forged });
});

test('one transfer told 20 times in the same instant: one effect', async () => {
  const { guest } = node;
  const group = await guest.order([variants[3]?.variantId ?? '', 1]);
  const payment = await guest.pay(group.code, 'vietqr');
  const payload = bank.move({ memo: payment.qr?.memo ?? '', amountVnd: group.totalVnd });
  const before = await node.countRows();
  const statuses = await Promise.all(
    Array.from({ length: 20 }, (_, index) => bank.tell((doors[index % doors.length] as Shopper).client.base, payload)),
  );
  expect(statuses).toEqual(statuses.map(() => 200));
  const after = await node.countRows();
  const grown = Object.fromEntries(
    Object.entries(after).flatMap(([table, count]) =>
      count === before[table] ? [] : [[table, count - (before[table] ?? 0)]],
    ),
  );
  expect(grown).toEqual({
    bank_transfers: 1,
    journals: 2,
    entries: 6,
    order_events: 1,
    order_transitions: 2,
    stock_movements: 1,
    events: 2,
  });
  expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'paid', receivedVnd: group.totalVnd });
});

test('two tabs check the same cart out in the same instant, twenty times over: one order a cart', async () => {
  const carts = await inParallel(Array.from({ length: 20 }), 8, () =>
    node.guest.fillCart([variants[4]?.variantId ?? '', 1]),
  );
  const statuses = await Promise.all(
    carts.flatMap((cart) =>
      doors.map(async ({ client }) => {
        const { status } = await createClient(client.base).send('POST', `/v1/carts/${cart}/checkout`, {
          body: {},
          headers: fresh(),
        });
        return status;
      }),
    ),
  );
  expect(statuses.filter((status) => status === 201)).toHaveLength(20);
  expect(statuses.filter((status) => status === 409)).toHaveLength(20);
});
