import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { QueryResultRow } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Reader, transact } from '#db/client.ts';
import { checkNames, findFaults } from '#features/ledger/queries.ts';
import { hours, minutes } from '#test/support/clock.ts';
import {
  always,
  expectNothingStuck,
  expectSound,
  findBroken,
  findFaults as findEverything,
  quietChecks,
  settled,
  stuckChecks,
} from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { payOut } from '#test/support/paying-out.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { reportFaults } from './planted.reports.ts';
import { plantedInRegistry } from './planted-registry.ts';

/**
 * A check that never bites is worth nothing: each is shown a fault of its own, planted by whoever owns the database and
 * stops at no trigger, and reports it by its name.
 */
let market: Market;

beforeAll(async () => {
  market = await openMarket();
  const { node, guest, bank, stripe } = market;
  await payOut(market);
  const seller = { actor: 'test' };
  const paid = async (...variants: readonly (readonly [string, number])[]) => {
    const group = await guest.order(...variants);
    const { qr } = await guest.pay(group.code, 'vietqr');
    await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    return group;
  };
  // One paid and half delivered, one called off and refunded, one that waits for the rest of its money, one that lapsed.
  const several = await paid([market.variant().variantId, 2], [market.variant().variantId, 2]);
  const [first] = several.orders;
  const { rows } = await node.db.execute<{ variantId: string }>(
    sql`select l.variant_id as "variantId" from order_lines l join orders o on o.id = l.order_id where o.code = ${first?.code}`,
  );
  await node.services.orders.confirmOrder(first?.code ?? '', seller);
  await node.services.orders.shipOrder(first?.code ?? '', seller, {
    lines: [{ variantId: rows[0]?.variantId ?? '', quantity: 1 }],
  });
  await paid([market.variant().variantId, 3]);
  const { sessionId, group: off } = await market.awaitCard(market.variant(), 2);
  await stripe.tell(node.url, stripe.pay(sessionId));
  await node.services.orders.cancelOrder(off.orders[0]?.code ?? '', seller, { reason: 'Hết hàng' });
  await market.awaitTransfer(market.variant(), 1);
  node.clock.advance(minutes(31));
  await node.runScheduled('orders.expire');
  await bank.transfer(node.url, { memo: 'KHONG CO MA', amountVnd: 12_000 });
  const { group, memo } = await market.awaitTransfer(market.variant(), 2);
  await bank.transfer(node.url, { memo, amountVnd: group.totalVnd - 1_000 });
  await node.runJobs();
  const { audit, reports } = node.services;
  const clerk = { actor: 'test', address: '' };
  for (const period of ['2025-Q1', '2025-Q2']) await reports.freeze(clerk, { period });
  for (const id of ['first', 'second', 'third'])
    await transact(node.db, 'test', (tx) => audit.record(tx, { action: 'test.done', subject: { kind: 'test', id } }));
});
afterAll(() => market.close());

const paidGroup = `(select id from order_groups where status = 'paid' order by code limit 1)`;
const paidOrder = `(select id from orders where group_id = ${paidGroup} order by code limit 1)`;
/** A complaint of that order without a log, which says that so much went back. */
const plantedComplaint = (refundVnd: number): string =>
  `insert into complaints (id, code, subject, business_id, order_id, kind, wish, phone, state, policy_from, refund_vnd, created_at, updated_at)
    select '01900000-0000-7000-8000-0000000000c0', code, 'order', business_id, id, 'late', 'other', '', 'settled', '2026-01-01', ${refundVnd}, now(), now()
    from orders where id = ${paidOrder}`;
/** A leg that the books know nothing of. */
const plantedLeg = (state: string, capturedAt: string, confirmedAt: string): string =>
  `insert into exchange_legs (id, code, cart_id, partner_key, state, state_since, delivery, phone, terms, shipping_code, accepted_vnd, accepted_at, captured_at, confirmed_at, created_at)
    select 'planted', code, 'none', 'can-tho', '${state}', now(), '{}', '', '{}', 'standard', 70000, now(), ${capturedAt}, ${confirmedAt}, now() from codes limit 1`;
const waitingGroup = `(select id from order_groups where status = 'awaiting-payment' order by code limit 1)`;
const waitingOrder = `(select id from orders where group_id = ${waitingGroup} limit 1)`;
const paidPayment = `(select id from payments where group_id = ${paidGroup} and completed_at is not null)`;
const refundedOrder = `(select order_id from refunds where order_id is not null limit 1)`;
const claimed = `(select id from holds where status = 'claimed' order by id limit 1)`;
const journalOf = (kind: string) => `(select id from journals where kind = '${kind}' order by id limit 1)`;
const one = (table: string, where = 'true') => `(select ctid from ${table} where ${where} limit 1)`;
const dropCheck = (table: string, name: string) => `alter table ${table} drop constraint ${name}`;

const directPart = (status: string, received: string, refunded = '0') =>
  `insert into direct_payments (id, order_id, group_id, business_id, code, status, amount_vnd, received_vnd, refunded_vnd, bank_bin, account_number, holder_name, expires_at, created_at)
    select gen_random_uuid(), o.id, o.group_id, o.business_id, o.code, '${status}', o.total_vnd, ${received}, ${refunded}, '970436', '1', 'A', now(), now() from orders o where o.id = ${paidOrder}`;

/** The name of each check, and what breaks what it guards. */
const planted: Readonly<Record<string, readonly string[]>> = {
  ...reportFaults,
  'stock is never negative and never held beyond what is there': [
    dropCheck('stock', 'stock_held_within_on_hand'),
    `update stock set held = on_hand + 1 where ctid = ${one('stock')}`,
  ],
  'a paid group took its goods from the shelf exactly once, an unpaid one not at all': [
    `update holds set quantity = quantity + 1 where id = ${claimed}`,
  ],
  'a group that waits for its money holds all its goods, until its time is over': [
    `update holds set status = 'released', ended_at = created_at where reference = ${waitingGroup}::text`,
  ],
  'nothing is held for a group that does not wait for its money': [
    `update holds set status = 'held' where id = ${claimed}`,
  ],
  'a hold of a checkout is of a group': [`update holds set reference = gen_random_uuid()::text where id = ${claimed}`],
  'what was sold left the shelf in the journal, once': [
    `delete from stock_movements where ctid = ${one('stock_movements', `reason = 'sale'`)}`,
  ],
  'no more pieces of an order came back to the shelf than were bought': [
    `update stock_movements set change = change + 5 where reason = 'return'`,
  ],
  'what is in parcels or was lost left the shelf before': [
    dropCheck('order_lines', 'order_lines_extra'),
    `update order_lines set extra_quantity = -quantity`,
  ],
  'an order that was paid and called off gave all its pieces back to the shelf, lost ones apart': [
    `delete from stock_movements where reason = 'return'`,
  ],
  'a paid group was completed once: one paid event an order': [
    `insert into order_events (id, order_id, type, detail, at) select gen_random_uuid(), order_id, 'paid', '{}', at from order_events where type = 'paid' limit 1`,
  ],
  "an order's facts are what its events make of them": [
    `update orders set status = case status when 'completed' then 'placed' else 'completed' end where id = ${paidOrder}`,
  ],
  'the log of steps ends where the order and its parcels are, and has no gap': [
    `delete from order_transitions where order_id = ${paidOrder} and to_state = 'placed'`,
  ],
  'no more pieces are in parcels than were bought and not called off': [`update shipment_lines set quantity = 1000`],
  'an order is as far as its least advanced piece': [
    `update shipments set state = 'delivered'`,
    `update shipment_lines set quantity = 2`,
  ],
  'every step that was taken is a legal one': [
    `update order_transitions set from_state = 'completed' where ctid = ${one('order_transitions', `to_state = 'placed'`)}`,
  ],
  'a group is what its orders make of it': [
    `update order_groups set status = 'partly-cancelled' where id = ${paidGroup}`,
  ],
  'a cart that was ordered is one group, and a group is of one cart': [
    `update carts set group_code = 'ST0000000000' where ctid = ${one('carts', `status = 'ordered'`)}`,
  ],
  'every code that people see is of one thing only': [
    `update payments set code = (select code from orders limit 1) where id = ${paidPayment}`,
  ],
  'all entries sum to zero': [`update entries set amount_vnd = amount_vnd + 1 where ctid = ${one('entries')}`],
  'a paid group was paid by exactly one payment, and no other group by any': [
    `update payments set completed_at = null where id = ${paidPayment}`,
  ],
  'each order has in each payment of its group the share that it costs': [
    `update payment_shares set amount_vnd = amount_vnd + 1 where ctid = ${one('payment_shares', `order_id = ${paidOrder}`)}`,
  ],
  'a share is of an order of the group that is paid': [
    `insert into payment_shares (payment_id, order_id, amount_vnd, refunded_vnd) values (${paidPayment}, ${waitingOrder}, 1, 0)`,
  ],
  'a refund of an order goes back by the payment that paid for it': [
    `update refunds set payment_id = ${paidPayment} where order_id is not null`,
  ],
  'deposits hold exactly what waits: money of groups that are not paid, less what goes back of it': [
    `update entries set account = 'suspense' where account = 'deposits' and journal_id = ${journalOf('receipt')}`,
  ],
  'what is owed to shoppers in the books is what was not sent yet': [`update refunds set status = 'queued'`],
  'money that nobody has claimed is in the books as such': [
    `update bank_transfers set state = 'outgoing' where state = 'unmatched'`,
  ],
  'what a business is owed is its sales, less what went back of them': [
    `update entries set business_id = (select id from businesses where id <> entries.business_id limit 1) where account = 'payable' and journal_id = ${journalOf('sale')}`,
  ],
  'of an order that is paid to its business the books hold the fee and what the exchange adds, and no money': [
    `update orders set settlement = 'direct' where id = ${paidOrder}`,
  ],
  'what a business received is what it and its bank have said': [directPart('pending', '5')],
  'what was said to be received of a business is the price of a sale, a part that waits, or owed back': [
    directPart('paid', '5'),
  ],
  'an order that is paid to its business is paid exactly if the business has its price': [
    `update orders set settlement = 'direct' where id = ${paidOrder}`,
  ],
  'what a business owes of the price of an order is what its payment says, and the order says so': [
    directPart('paid', 'o.total_vnd', '7'),
  ],
  'an order whose price went back whole leaves nothing with the business or the exchange': [
    `update entries set amount_vnd = amount_vnd - 1 where account = 'payable' and journal_id = (select id from journals where kind = 'refund-due' and reference in (select id::text from orders where payment_status = 'refunded') limit 1)`,
  ],
  'a payout is the sum of its items, all of its own business': [
    `update payout_items set amount_vnd = amount_vnd + 1 where ctid = ${one('payout_items')}`,
  ],
  'a run is the sum of its payouts, and as far as they are': [
    `update payout_runs set status = 'closed' where status = 'approved'`,
  ],
  'nothing is paid out beyond what it earned: no earning is in two payouts': [
    `insert into payout_items (payout_id, business_id, reference, order_id, amount_vnd)
      select (select id from payouts where status = 'approved'), i.business_id, i.reference, i.order_id, i.amount_vnd from payout_items i join payouts p on p.id = i.payout_id where p.status = 'paid'`,
  ],
  'a payout is in the books exactly as far as it went': [
    `update payouts set status = 'returned' where status = 'paid'`,
  ],
  'what is on its way to businesses is in payouts that have not ended': [
    `update entries set amount_vnd = amount_vnd - 1 where account = 'payouts-due' and amount_vnd < 0`,
  ],
  'what a business is owed is what it earned, less what was paid out': [
    `update journals set kind = 'sale' where id = ${journalOf('payout')}`,
  ],
  'a closed month is the sum of its journals, after the month before it': [
    `update statements set closing_vnd = closing_vnd + 1`,
  ],
  'withheld tax in the books is what the rows of tax say, step by step': [
    `update tax_entries set vat_vnd = vat_vnd + 1 where kind = 'withheld'`,
  ],
  'no more tax is offset than was withheld, in steps without a gap': [
    `update tax_entries set goods_vnd = goods_vnd * 9 where kind = 'offset'`,
  ],
  'pieces count as returned once their return was refunded, and not before': [
    `update order_lines set returned_quantity = 0 where returned_quantity > 0`,
  ],
  'no more pieces are in returns than reached the shopper': [`update return_lines set quantity = 4`],
  'a return gives its money back once it ends so, and only then': [`update returns set refund_vnd = refund_vnd + 1`],
  'a complaint stands where its log ends': [plantedComplaint(0)],
  'what a complaint says went back is what its refunds sum to': [plantedComplaint(1)],
  'of an order whose price went back whole no tax is left': [
    `update orders set payment_status = 'refunded' where id in (select order_id from tax_entries)`,
  ],
  'nothing that was acknowledged is lost: what a kept answer names is there': [
    `update idempotency_keys set body = replace(body, '"code":"ST', '"code":"SX')`,
  ],
  'no payment of a finished group still waits': [`update payments set status = 'pending' where id = ${paidPayment}`],
  "no job waits whose time has come, and none is in nobody's hands": [
    `insert into pgboss.job (name, data) values ('orders.expire', '{}')`,
  ],
  'no job was given up': [`insert into pgboss.job (name, data, state) values ('orders.expire', '{}', 'failed')`],
  'every idempotency key has its answer': [
    `update idempotency_keys set state = 'running' where ctid = ${one('idempotency_keys')}`,
  ],
  'no group waits for money past its time': [
    `update order_groups set expires_at = created_at where id = ${waitingGroup}`,
  ],
  'no hold outlives its time': [`update holds set expires_at = created_at where status = 'held'`],
  'no paid order waits for its seller past the limit': [
    `update orders set confirm_by = created_at where status = 'placed'`,
  ],
  'no payment waits past its time': [`update payments set expires_at = created_at where status = 'underpaid'`],
  'no refund that a provider can send waits for an hour': [
    `update refunds set status = 'queued', created_at = created_at - interval '3 hours'`,
  ],
  'shares of a payment sum to its amount': [
    `update payment_shares set amount_vnd = amount_vnd + 1 where ctid = ${one('payment_shares')}`,
  ],
  'orders of a group sum to its total': [`update order_groups set total_vnd = total_vnd + 1 where id = ${paidGroup}`],
  'every paid order has one sale in the books, and no other order has': [
    `update journals set key = 'lost' where id = ${journalOf('sale')}`,
  ],
  'every đồng a payment received is in the books once': [
    `update payments set received_vnd = received_vnd + 1 where id = ${paidPayment}`,
  ],
  'every refund that is queued or sent is owed in the books': [`update refunds set amount_vnd = amount_vnd + 1`],
  'what a group received is its price, a part that waits for the rest, or goes back': [
    `update payments set received_vnd = received_vnd - 1 where id = ${paidPayment}`,
  ],
  'refunds of an order are what its share says, and its payment status says so': [
    `update payment_shares set refunded_vnd = 1 where order_id = ${refundedOrder}`,
  ],
  'no payment gives back more than it received': [`update payments set received_vnd = 1`],
  'every transfer to our account is in the books once': [
    `update bank_transfers set provider_tx_id = provider_tx_id || 'x'`,
  ],
  'what is in suspense is what transfers brought that nobody has claimed': [
    `update bank_transfers set state = 'given-back' where state = 'unmatched'`,
  ],
  'what providers passed on is in the books as the files that two officers looked at': [
    `with file as (insert into provider_settlements (id, provider, reference, transfer_id, gross_vnd, fee_vnd, net_vnd, line_count, digest, imported_by, imported_at)
        select '01900000-0000-7000-8000-0000000000c1', 'stripe', 'po_planted', id, 1000, 0, 1000, 1, '', 'test', now() from bank_transfers limit 1 returning id),
      line as (insert into provider_settlement_lines (settlement_id, line, kind, reference, gross_vnd, fee_vnd) select id, 2, 'charge', 'pi_planted', 1000, 0 from file)
      insert into provider_settled_lines (provider, kind, reference, settlement_id) select 'stripe', 'charge', 'pi_planted', id from file`,
  ],
  'a refund is sent in the books exactly if it was sent': [`update refunds set status = 'failed'`],
  'what a partner exchange owes is what it confirmed, less what went back': [
    `update entries set account = 'receivable:nobody' where account = 'clearing:bank' and journal_id = ${journalOf('receipt')}`,
  ],
  'a group that a partner exchange sold is paid by it, and by nobody else': [
    `update order_groups set partner_key = (select key from partners limit 1) where id = ${paidGroup}`,
  ],
  'a partner exchange was told how each of its orders stands': [
    `insert into partner_orders (group_id, partner_key, key, request_hash, quote_id, buyer_code, agreed, tx, document, created_at)
      values (${paidGroup}, (select key from partners limit 1), 'planted', '', gen_random_uuid(), '', '{}', pg_current_xact_id(), '{"state":"reserved"}', now())`,
  ],
  ...plantedInRegistry,
  'what came for a leg is in the books once, and a leg that was taken is paid whole': [
    plantedLeg('captured', 'now()', 'null'),
  ],
  'what a partner exchange is owed is what it sold, less what goes back': [plantedLeg('confirmed', 'now()', 'now()')],
  'what is held for legs came for them, is not sold, and does not go back': [
    `update entries set account = 'exchange-deposits' where account = 'suspense'`,
  ],
  'every refund of a leg is owed in the books, and sent exactly if it was sent': [
    plantedLeg('refunding', 'now()', 'null'),
    `insert into exchange_leg_refunds (cause, leg_id, amount_vnd, status, created_at) values ('leg:planted', 'planted', 5, 'sent', now())`,
  ],
  'what is disputed in the books is what open disputes claim': [
    `update entries set account = 'disputed' where account = 'suspense'`,
  ],
  'the lines of an order sum to it: goods, discount, VAT and fee': [
    `update order_lines set vat_vnd = vat_vnd + 1 where order_id = ${paidOrder}`,
  ],
  'the parts of gift boxes sum to what the boxes cost': [
    `insert into bundles (id, slug, name_vi, name_en, description_vi, price_vnd, status, created_at, updated_at)
      values ('01900000-0000-7000-8000-0000000000b1', 'box', 'Hộp quà', 'Gift box', '', 1000, 'listed', now(), now())`,
    `update order_groups set bundle_id = '01900000-0000-7000-8000-0000000000b1', bundle_quantity = 1
      where id = (select group_id from orders where id = ${paidOrder})`,
  ],
  'a sale journal says what the order says: total, promotion, commission and its VAT': [
    `update entries set amount_vnd = amount_vnd - 1 where account = 'commission' and journal_id = ${journalOf('sale')}`,
  ],
  'what a voucher has spent is what its live uses took, each within an order that says so': [
    dropCheck('orders', 'orders_total'),
    `update orders set discount_vnd = 1 where id = ${paidOrder}`,
  ],
  'a group is paid exactly if its orders are': [`update orders set payment_status = 'unpaid' where id = ${paidOrder}`],
  'held stock is the sum of live holds': [
    `update stock set held = held + 1, on_hand = on_hand + 1 where ctid = ${one('stock')}`,
  ],
  'stock is the sum of its movements': [`update stock set on_hand = on_hand + 1 where ctid = ${one('stock')}`],
};

const stuck = () => stuckChecks(market.node.clock.now());
const ours = () => [...always, ...settled, ...quietChecks, ...stuck()];

test('what nobody touched is sound', async () => {
  await expectSound(market.node.db, market);
  await expectNothingStuck(market.node.db, market.node.clock.now());
});

test('every check has its planted fault', () => {
  const names = [...ours().map(({ check }) => check), ...checkNames];
  expect(names.filter((name) => !(name in planted))).toEqual([]);
  expect(Object.keys(planted).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(Object.entries(planted))('%s', async (name, statements) => {
  const found = await inDatabase(market.node.database.url, async (client) => {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    let changed = 0;
    for (const statement of statements) changed += (await client.query<QueryResultRow>(statement)).rowCount ?? 0;
    const reader = drizzle({ client, casing: 'snake_case' }) as unknown as Reader;
    const faults = [
      ...(await findBroken(reader, ours())),
      ...(await findFaults(reader)).map(({ check, subject }) => `${check}: ${subject}`),
    ];
    await client.query('rollback');
    expect(changed).toBeGreaterThan(0);
    return faults;
  });
  expect(found.filter((sentence) => sentence.startsWith(`${name}: `))).not.toEqual([]);
});

test('money that a provider has and we have not, and the other way round', async () => {
  const { node, bank, stripe } = market;
  const other = { ...bank, toldVnd: () => bank.toldVnd() + 1 };
  expect(await findEverything(node.db, { bank: other })).toEqual([expect.stringMatching(/money at the bank/)]);
  const another = { ...stripe, chargedVnd: () => stripe.chargedVnd() - 1, refundedVnd: () => 0 };
  expect(await findEverything(node.db, { stripe: another })).toEqual(
    [/money at Stripe/, /refunds by Stripe/].map((what) => expect.stringMatching(what)),
  );
});

test('what stands still past its limit is told when its time is over, and not before', async () => {
  const { node } = market;
  const stuckAt = async (ms: number) =>
    (await findBroken(node.db, stuckChecks(new Date(node.clock.now().getTime() + ms)))).join('\n');
  expect(await stuckAt(0)).toBe('');
  expect(await stuckAt(hours(49))).toMatch(/no paid order waits for its seller past the limit/);
  expect(await stuckAt(minutes(31))).toMatch(/no group waits for money past its time/);
});

test('an act that was changed in the log, and a journal in the books', async () => {
  const { database, db } = market.node;
  const tamper = (...statements: readonly string[]) =>
    inDatabase(database.url, async (client) => {
      await client.query('set session_replication_role = replica');
      for (const statement of statements) await client.query(statement);
    });
  await tamper(
    `update audit_entries set subject_id = 'other' where subject_id = 'second'`,
    `update journals set reference = reference || 'x' where kind = 'suspense'`,
  );
  const found = (await findEverything(db)).join('\n');
  await tamper(
    `update audit_entries set subject_id = 'second' where subject_id = 'other'`,
    `update journals set reference = left(reference, -1) where kind = 'suspense'`,
  );
  expect(found).toMatch(/audit: The act .* is not what was written/);
  expect(found).toMatch(/ledger: every journal stands in the chain as it was written/);
  expect(await findEverything(db)).toEqual([]);
});
