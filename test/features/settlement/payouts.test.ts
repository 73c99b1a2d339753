import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import { days, hours } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Counter, openCounter } from '#test/support/payouts.ts';
import { fresh } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';

let counter: Counter;
beforeAll(async () => {
  counter = await openCounter();
});
afterEach(async () => {
  await counter.node.runJobs();
  await expectSound(counter.node.db, counter);
});
afterAll(() => counter.close());

type Payouts = {
  dueVnd: number;
  heldVnd: number;
  comingVnd: number;
  items: { code: string; status: string; amountVnd: number }[];
};
const ownPayouts = () => counter.seller.expect<Payouts>(200, 'GET', '/v1/seller/payouts');
const orderOf = async (code: string): Promise<{ id: OrderId; net: number }> => {
  const { rows } = await counter.node.db.execute<{ id: OrderId; net: number }>(
    sql`select id, (total_vnd + promotion_vnd - commission_vnd - commission_vat_vnd)::int as net from orders where code = ${code}`,
  );
  return rows[0] ?? { id: '' as OrderId, net: Number.NaN };
};
const refund = async (code: string, amountVnd: number, cause: string): Promise<void> => {
  const { id } = await orderOf(code);
  const { payments } = counter.node.services;
  await transact(counter.node.db, 'test', (tx) =>
    payments.refundOrder(tx, { orderId: id, amountVnd: vnd(amountVnd), reason: 'returned', cause }),
  );
};

let code = '';
let net = 0;

describe('what an order earned is due after delivery and the time to return', () => {
  test('nothing while it is not delivered, nor for seven days after', async () => {
    const group = await counter.buy([counter.variants.own, 2]);
    code = group.orders[0]?.code ?? '';
    net = (await orderOf(code)).net;
    expect(await ownPayouts()).toMatchObject({ dueVnd: 0, heldVnd: 0, comingVnd: net, items: [] });
    await counter.deliver(code);
    counter.node.clock.advance(days(7) - hours(1));
    expect(await ownPayouts()).toMatchObject({ dueVnd: 0, comingVnd: net });
    const draft = await counter.first.send('POST', '/v1/staff/payout-runs', { headers: fresh() });
    expect(draft).toMatchObject({ status: 422, body: { code: 'payout-run-empty' } });
    counter.node.clock.advance(hours(2));
    expect(await ownPayouts()).toMatchObject({ dueVnd: net, comingVnd: 0 });
  });

  test('a business without an account is left out, and one with a new account', async () => {
    const left = async () => {
      const { body } = await counter.first.send<{ skipped: unknown[] }>('POST', '/v1/staff/payout-runs', {
        headers: fresh(),
      });
      return body.skipped;
    };
    expect(await left()).toMatchObject([{ businessId: counter.own, dueVnd: net, reason: 'no-account' }]);
    await counter.setAccount(counter.own);
    expect(await left()).toMatchObject([{ reason: 'account-new' }]);
    const confirm = (note: string) =>
      counter.first.send('POST', `/v1/staff/businesses/${counter.own}/bank-account/confirm`, { body: { note } });
    expect(await confirm('  ')).toMatchObject({ status: 422, body: { code: 'payout-note-missing' } });
    const strange = '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b';
    expect(
      await counter.first.send('POST', `/v1/staff/businesses/${strange}/bank-account/confirm`, { body: { note: 'x' } }),
    ).toMatchObject({ status: 404, body: { code: 'bank-account-unknown' } });
    expect((await confirm('Đã gọi số cũ 0912 345 678')).status).toBe(204);
    const run = await counter.draft();
    expect(run).toMatchObject({ status: 'draft', totalVnd: net, payoutCount: 1, skipped: [] });
    expect(run.payouts).toMatchObject([{ businessId: counter.own, amountVnd: net, status: 'planned', itemCount: 1 }]);
    expect((await ownPayouts()).items).toEqual([]);
    await counter.act(counter.first, run.runId, 'abandon');
  });
});

describe('four eyes', () => {
  test('one proposes, another approves; a second run waits', async () => {
    const run = await counter.draft();
    const again = await counter.second.send('POST', '/v1/staff/payout-runs', { headers: fresh() });
    expect(again).toMatchObject({ status: 409, body: { code: 'payout-run-open' } });
    expect(await counter.act(counter.second, run.runId, 'approve')).toMatchObject({
      status: 409,
      body: { code: 'payout-run-state' },
    });
    expect((await counter.act(counter.first, run.runId, 'propose')).status).toBe(204);
    expect(await counter.act(counter.first, run.runId, 'approve')).toMatchObject({
      status: 403,
      body: { code: 'payout-four-eyes' },
    });
    expect((await counter.act(counter.auditor, run.runId, 'approve')).status).toBe(403);
    expect(await counter.balance('payouts-due')).toBe(0);
    expect(await counter.act(counter.second, run.runId, 'approve')).toMatchObject({
      status: 200,
      body: { status: 'approved' },
    });
    expect(await counter.balance('payouts-due')).toBe(-net);
    expect(await counter.balance('payable', counter.own)).toBe(0);
    expect(await ownPayouts()).toMatchObject({ dueVnd: 0, items: [{ status: 'approved', amountVnd: net }] });
    const own = await counter.seller.expect<{ items: unknown }>(
      200,
      'GET',
      `/v1/seller/payouts/${(await ownPayouts()).items[0]?.code}`,
    );
    expect(own.items).toMatchObject([{ orderCode: code, amountVnd: net }]);
    expect(await counter.other.send('GET', `/v1/seller/payouts/${run.payouts[0]?.code}`)).toMatchObject({
      status: 404,
      body: { code: 'payout-not-found' },
    });
  });

  test('the database says so too, whoever writes', async () => {
    const write = (change: string) =>
      inDatabase(counter.node.database.url, (client) => client.query(`update payout_runs set ${change}`));
    await expect(write('approved_by = proposed_by')).rejects.toThrow(/payout_runs_four_eyes/);
    await expect(write(`approved_by = null, approved_at = null`)).rejects.toThrow(/payout_runs_approved/);
    const sneak = (statement: string) =>
      inDatabase(counter.node.database.url, async (client) => {
        await client.query('set role cho_noi_app');
        await client.query(statement);
      });
    await expect(sneak('update payouts set amount_vnd = 1')).rejects.toThrow(/permission denied/);
    await expect(sneak('update payout_items set amount_vnd = 1')).rejects.toThrow(/permission denied/);
    await expect(sneak('delete from payouts')).rejects.toThrow(/stays/);
    await expect(sneak('delete from payout_items')).rejects.toThrow(/stays/);
    await expect(
      inDatabase(counter.node.database.url, (client) => client.query('update payouts set amount_vnd = amount_vnd + 1')),
    ).rejects.toThrow(/items of payout .* sum to/);
  });
});

const runs = async () =>
  (await counter.first.expect<{ items: { runId: string; status: string }[] }>(200, 'GET', '/v1/staff/payout-runs'))
    .items;

describe('at the bank', () => {
  test('a file as banks take it, with the number in full, and each reading in the log', async () => {
    const [run] = await runs();
    const before = await counter.node.countRows();
    const file = await counter.act(counter.first, run?.runId ?? '', 'bank-file');
    expect(file.status).toBe(200);
    const [heading, line] = file.text.replace('\ufeff', '').trim().split('\r\n');
    expect(heading).toBe('STT,So tai khoan,Ten nguoi thu huong,Ma ngan hang,Ngan hang,So tien,Noi dung');
    expect(line).toMatch(
      new RegExp(`^1,19034567890123,TRAN THI DAM,970405,[A-Z ]+,${net},ST[0-9A-Z]{10} CT-\\d{4}-\\d{4}$`),
    );
    const after = await counter.node.countRows();
    expect(Number(after.personal_data_readings) - Number(before.personal_data_readings)).toBe(1);
    expect((await counter.act(counter.auditor, run?.runId ?? '', 'bank-file')).status).toBe(403);
  });

  test('failed: owed again, and in the next run; paid: told twice, booked once; returned: owed again', async () => {
    const [open] = await runs();
    const [payout] = (await counter.getRun(open?.runId ?? '')).payouts;
    expect(await counter.end(payout?.code ?? '', 'returned')).toMatchObject({
      status: 409,
      body: { code: 'payout-state' },
    });
    expect(await counter.end(payout?.code ?? '', 'failed', ' ')).toMatchObject({
      status: 422,
      body: { code: 'payout-note-missing' },
    });
    expect(await counter.end('ST0000000000', 'failed')).toMatchObject({
      status: 404,
      body: { code: 'payout-not-found' },
    });
    expect((await counter.end(payout?.code ?? '', 'failed', 'Sai số tài khoản')).status).toBe(200);
    expect((await counter.getRun(open?.runId ?? '')).status).toBe('closed');
    expect(await counter.balance('payouts-due')).toBe(0);
    expect(await counter.balance('payable', counter.own)).toBe(-net);

    const second = await counter.run();
    expect(second.payouts).toMatchObject([{ amountVnd: net }]);
    const paid = second.payouts[0]?.code ?? '';
    expect((await counter.end(paid, 'paid')).status).toBe(200);
    const bank = await counter.balance('clearing:bank');
    expect((await counter.end(paid, 'paid')).body).toEqual({ code: paid, status: 'paid' });
    expect(await counter.balance('clearing:bank')).toBe(bank);
    expect(await counter.balance('payouts-due')).toBe(0);

    expect((await counter.end(paid, 'returned', 'Tài khoản đã đóng')).status).toBe(200);
    expect(await counter.balance('clearing:bank')).toBe(bank + net);
    expect(await ownPayouts()).toMatchObject({ dueVnd: net });
    const third = await counter.run();
    await counter.end(third.payouts[0]?.code ?? '', 'paid');
    expect(await ownPayouts()).toMatchObject({ dueVnd: 0, comingVnd: 0 });
  });
});

describe('what was paid out too early comes back by itself', () => {
  test('a refund after the payout is owed, and taken from the next', async () => {
    await refund(code, 30_000, 'returned:late');
    const owed = (await ownPayouts()).dueVnd;
    expect(owed).toBeLessThan(-27_000);
    const draft = await counter.first.send('POST', '/v1/staff/payout-runs', { headers: fresh() });
    expect(draft).toMatchObject({ status: 422, body: { skipped: [{ reason: 'owes', dueVnd: owed }] } });
    const group = await counter.buy([counter.variants.own, 3]);
    const next = group.orders[0]?.code ?? '';
    await counter.deliver(next);
    counter.node.clock.advance(days(8));
    const earned = (await orderOf(next)).net;
    const run = await counter.run();
    expect(run.payouts).toMatchObject([{ amountVnd: earned + owed, itemCount: 2 }]);
    await counter.end(run.payouts[0]?.code ?? '', 'paid');
    expect(await counter.balance('payable', counter.own)).toBe(0);
  });

  test('what changed between draft and approval is not approved', async () => {
    const group = await counter.buy([counter.variants.own, 4]);
    const late = group.orders[0]?.code ?? '';
    await counter.deliver(late);
    counter.node.clock.advance(days(8));
    const run = await counter.draft();
    await counter.act(counter.first, run.runId, 'propose');
    await refund(late, 10_000, 'returned:between');
    expect(await counter.act(counter.second, run.runId, 'approve')).toMatchObject({
      status: 409,
      body: { code: 'payout-run-stale', businesses: [counter.own] },
    });
    expect((await counter.act(counter.first, run.runId, 'refresh')).status).toBe(204);
    const anew = await counter.getRun(run.runId);
    expect(anew).toMatchObject({ status: 'draft', payoutCount: 1 });
    expect(anew.totalVnd).toBeLessThan(run.totalVnd);
    await counter.setAccount(counter.own, '0071000987654');
    await counter.act(counter.first, run.runId, 'propose');
    expect((await counter.act(counter.second, run.runId, 'approve')).body).toMatchObject({ code: 'payout-run-stale' });
    expect((await counter.act(counter.second, run.runId, 'abandon')).status).toBe(204);
    expect((await counter.act(counter.first, run.runId, 'abandon')).body).toMatchObject({ code: 'payout-run-state' });
    counter.node.clock.advance(days(4));
    const last = await counter.run();
    expect(last.totalVnd).toBe(anew.totalVnd);
    await counter.end(last.payouts[0]?.code ?? '', 'paid');
  });

  test('less than the least payout waits; who is suspended waits', async () => {
    await counter.setAccount(counter.theirs);
    const group = await counter.buy([counter.variants.theirs, 1]);
    const small = group.orders[0]?.code ?? '';
    await counter.deliver(small);
    counter.node.clock.advance(days(8));
    const { net: earned } = await orderOf(small);
    await refund(small, Math.max(1, group.totalVnd - 40_000), 'returned:small');
    const skipped = async () =>
      (
        await counter.first.send<{ skipped: { reason: string }[] }>('POST', '/v1/staff/payout-runs', {
          headers: fresh(),
        })
      ).body.skipped;
    expect(earned).toBeGreaterThan(40_000);
    expect(await skipped()).toMatchObject([{ businessId: counter.theirs, reason: 'below-minimum' }]);
    await inDatabase(counter.node.database.url, (client) =>
      client.query(`update businesses set status = 'suspended' where id = $1`, [counter.theirs]),
    );
    expect(await skipped()).toMatchObject([{ reason: 'not-approved' }]);
    await inDatabase(counter.node.database.url, (client) =>
      client.query(`update businesses set status = 'approved' where id = $1`, [counter.theirs]),
    );
  });
});
