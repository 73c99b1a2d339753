import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEGAL_MOVES } from '#features/orders/rules/moves.ts';
import { FULFILMENT_STATES, ORDER_PAYMENT_STATES, ORDER_STATES, SHIPMENT_STATES } from '#features/orders/types.ts';
import { expectSound, findFaults } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';

/** A paid order of two pieces whose first is in a parcel, with raw SQL at hand: the walls stand whoever writes. */
let market: Market;
let order: { id: string; code: string };
beforeAll(async () => {
  market = await openMarket();
  const { url } = market.node;
  const seller = await signIn(url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  const variantId = items[0]?.variantId ?? '';
  await market.node.setStock(variantId, 50);
  const group = await market.guest.order([variantId, 2]);
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  const code = group.orders[0]?.code ?? '';
  await seller.expect(204, 'POST', `/v1/seller/orders/${code}/confirm`);
  await seller.expect(204, 'POST', `/v1/seller/orders/${code}/pack`, { body: { lines: [{ variantId, quantity: 1 }] } });
  const [row] = await raw<{ id: string; code: string }>('select id, code from orders where code = $1', [code]);
  if (!row) throw new Error('The order is gone');
  order = row;
  await market.node.runJobs();
});
afterAll(() => market.close());

const asOwner = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => inDatabase(market.node.database.url, work);
const raw = <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  asOwner(async (client) => (await client.query<Row & pg.QueryResultRow>(text, [...values])).rows);
const asApp = (text: string) =>
  asOwner(async (client) => {
    await client.query('set role cho_noi_app');
    return client.query(text);
  });
/** Tries every step of a fact from where the order is, each in a transaction that is given up. */
async function triesOf(column: string, from: string, states: readonly string[]): Promise<string[]> {
  const taken: string[] = [];
  for (const to of states) {
    await asOwner(async (client) => {
      await client.query('begin');
      // The state to start from is put there by what no role of the application may do.
      await client.query('set local session_replication_role = replica');
      await client.query(`update orders set ${column} = $2 where id = $1`, [order.id, from]);
      await client.query('set local session_replication_role = origin');
      try {
        await client.query(`update orders set ${column} = $2 where id = $1`, [order.id, to]);
        taken.push(to);
      } catch (error) {
        expect((error as pg.DatabaseError).constraint).toBe('order_transitions_legal');
      }
      await client.query('rollback');
    });
  }
  return taken;
}

test('the table of legal steps is the one that the code knows', async () => {
  const rows = await raw<{ fact: string; from: string; to: string }>(
    'select fact, from_state as "from", to_state as "to" from order_moves',
  );
  const known = Object.entries(LEGAL_MOVES).flatMap(([fact, moves]) =>
    moves.map(([from, to]) => `${fact} ${from} ${to}`),
  );
  expect(rows.map(({ fact, from, to }) => `${fact} ${from} ${to}`).toSorted()).toEqual(known.toSorted());
});

test.each([
  ['status', 'status', ORDER_STATES],
  ['payment', 'payment_status', ORDER_PAYMENT_STATES],
  ['fulfilment', 'fulfilment_status', FULFILMENT_STATES],
] as const)('SQL takes the legal steps of %s and refuses every other', async (fact, column, states) => {
  for (const from of states) {
    const legal = LEGAL_MOVES[fact].filter(([here]) => here === from).map(([, to]) => to);
    expect((await triesOf(column, from, states)).toSorted(), from).toEqual([...legal, from].toSorted());
  }
});

test('SQL refuses a parcel to jump back, and keeps each step that it takes', async () => {
  const [shipment] = await raw<{ id: string }>('select id from shipments where order_id = $1', [order.id]);
  const taken: string[] = [];
  for (const to of SHIPMENT_STATES.filter((state) => state !== 'created')) {
    await asOwner(async (client) => {
      await client.query('begin');
      try {
        await client.query('update shipments set state = $2 where id = $1', [shipment?.id, to]);
        const log = await client.query('select to_state from order_transitions where shipment_id = $1', [shipment?.id]);
        expect(log.rows).toEqual([{ to_state: to }]);
        taken.push(to);
      } catch (error) {
        expect((error as pg.DatabaseError).constraint, to).toBe('order_transitions_legal');
      }
      await client.query('rollback');
    });
  }
  expect(taken.toSorted()).toEqual(
    LEGAL_MOVES.shipment
      .filter(([from]) => from === 'created')
      .map(([, to]) => to)
      .toSorted(),
  );
});

describe('nobody writes the log but the step itself', () => {
  test.each([
    `insert into order_transitions (order_id, fact, from_state, to_state, actor, at) select id, 'status', 'placed', 'confirmed', 'me', now() from orders limit 1`,
    'update order_transitions set actor = actor',
    'delete from order_transitions',
    `insert into order_moves values ('status', 'completed', 'placed')`,
    'delete from order_moves',
    'update shipment_events set state = state',
    'delete from shipment_lines',
  ])('%s', async (statement) => {
    await expect(asApp(statement)).rejects.toThrow(/permission denied/);
  });

  test.each(['order_transitions', 'shipment_events', 'shipment_lines'])('the owner changing %s', async (table) => {
    await expect(raw(`delete from ${table}`)).rejects.toThrow(/append-only/);
    await expect(raw(`truncate ${table} cascade`)).rejects.toThrow(/append-only/);
  });

  test('an order or a parcel that begins half-way', async () => {
    const copy = (table: string, change: string) =>
      raw(`insert into ${table} select (jsonb_populate_record(t, '${change}'::jsonb)).* from ${table} t limit 1`);
    const id = '01900000-0000-7000-8000-00000000aaaa';
    await expect(copy('orders', `{"id": "${id}", "status": "confirmed"}`)).rejects.toMatchObject({
      constraint: 'orders_begin',
    });
    await expect(copy('shipments', `{"id": "${id}", "state": "delivered"}`)).rejects.toMatchObject({
      constraint: 'shipments_begin',
    });
  });
});

/** What no role of the application can do: the triggers are asleep. */
const behindTheWalls = (text: string) =>
  asOwner(async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(text.replaceAll('$', order.id));
  });

test.each<[string, string, string, RegExp]>([
  [
    'a fact that no event made',
    `update orders set status = 'placed' where id = '$'`,
    `update orders set status = 'confirmed' where id = '$'`,
    /events say confirmed.*\n.*the log says confirmed/,
  ],
  [
    'a fulfilment that the pieces do not bear out',
    `update shipment_lines set quantity = 2 where shipment_id = (select id from shipments where order_id = '$')`,
    `update shipment_lines set quantity = 1 where shipment_id = (select id from shipments where order_id = '$')`,
    /is none, pieces say 1/,
  ],
  [
    'more pieces in parcels than were bought',
    `update shipment_lines set quantity = 3 where shipment_id = (select id from shipments where order_id = '$')`,
    `update shipment_lines set quantity = 1 where shipment_id = (select id from shipments where order_id = '$')`,
    /3 in parcels, 2 bought/,
  ],
  [
    'a step that is missing from the log',
    `create table lost as select * from order_transitions where order_id = '$' and to_state = 'placed'; delete from order_transitions where seq in (select seq from lost)`,
    `insert into order_transitions overriding system value select * from lost; drop table lost`,
    /begins at placed/,
  ],
])('the checker finds %s', async (_what, spoil, mend, fault) => {
  const { db } = market.node;
  await expectSound(db, market);
  await behindTheWalls(spoil);
  expect((await findFaults(db, market)).join('\n')).toMatch(fault);
  await behindTheWalls(mend);
  await expectSound(db, market);
});
