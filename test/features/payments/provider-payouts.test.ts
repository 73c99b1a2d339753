import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { ProposalId, TransferId } from '#features/payments/types.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Counter, openCounter } from '#test/support/payouts.ts';
import { fresh } from '#test/support/people.ts';

let counter: Counter;
beforeAll(async () => {
  counter = await openCounter();
});
afterEach(async () => {
  await counter.node.runJobs();
  await expectSound(counter.node.db, counter);
});
afterAll(() => counter.close());

type Sent = { readonly provider: string; readonly reference: string; readonly reason: string; readonly csv: string };
const proposePassed = (transferId: string, { csv, ...fields }: Sent) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new File([csv], 'payout.csv', { type: 'text/csv' }));
  const path = `/v1/staff/unmatched-transfers/${transferId}/provider-payout`;
  return counter.first.send<{ proposalId: ProposalId; code?: string; lines?: unknown; line?: number }>('POST', path, {
    body: form,
  });
};
const approve = (who: Counter['first'], id: string) =>
  who.send<{ code?: string }>('POST', `/v1/staff/money-proposals/${id}/approve`, { headers: fresh() });
const transferOf = async (amountVnd: number, content: string): Promise<TransferId> => {
  const { id } = await counter.bank.transfer(counter.node.url, { memo: '', content, amountVnd });
  const { rows } = await counter.node.db.execute<{ id: TransferId }>(
    sql`select id from bank_transfers where provider_tx_id = ${String(id)}`,
  );
  return rows[0]?.id ?? ('' as TransferId);
};
const stateOf = async (id: TransferId): Promise<unknown> => {
  const { rows } = await counter.node.db.execute<{ state: string }>(
    sql`select state from bank_transfers where id = ${id}`,
  );
  return rows[0]?.state;
};

/** A card payment, and part of it given back: what Stripe calls both. */
async function soldByCard(): Promise<{ charge: string; refund: string; totalVnd: number; backVnd: number }> {
  const { node, stripe, variant } = counter;
  const { group, sessionId } = await counter.awaitCard(variant());
  await stripe.tell(node.url, stripe.pay(sessionId));
  const { rows: orders } = await node.db.execute<{ id: never; groupId: never }>(
    sql`select o.id, o.group_id as "groupId" from orders o join order_groups g on g.id = o.group_id where g.code = ${group.code}`,
  );
  const [order] = orders;
  await transact(node.db, 'test', async (tx) => {
    await node.services.orders.forPayments.lockGroup(tx, order?.groupId as never);
    const cause = `test:${group.code}`;
    await node.services.payments.refundOrder(tx, {
      orderId: order?.id as never,
      amountVnd: vnd(5_000),
      reason: 'complaint',
      cause,
    });
  });
  await node.runJobs();
  const { rows } = await node.db.execute<{ charge: string; refund: string }>(
    sql`select p.provider_reference as charge, r.provider_reference as refund from payments p join refunds r on r.payment_id = p.id
      join order_groups g on g.id = p.group_id where g.code = ${group.code}`,
  );
  return { charge: rows[0]?.charge ?? '', refund: rows[0]?.refund ?? '', totalVnd: group.totalVnd, backVnd: 5_000 };
}

const heading = 'automatic_payout_id,reporting_category,source_id,payment_intent_id,gross,fee,net,currency';
const fileOf = (
  payout: string,
  lines: readonly (readonly [kind: string, source: string, payment: string, gross: number, fee: number])[],
): string =>
  [
    heading,
    ...lines.map(
      ([kind, source, payment, gross, fee]) =>
        `${payout},${kind},${source},${payment},${gross}.00,${fee}.00,${gross - fee}.00,vnd`,
    ),
  ].join('\n');

test('what Stripe passes on clears what it held, to the đồng, when two have looked at its file', async () => {
  const { charge, refund, totalVnd, backVnd } = await soldByCard();
  const heldBefore = await counter.balance('clearing:stripe');
  expect(heldBefore).toBe(totalVnd - backVnd);
  const csv = fileOf('po_1', [
    ['charge', 'ch_1', charge, totalVnd, 6_000],
    ['refund', refund, charge, -backVnd, 0],
    ['fee', 'txn_9', '', -700, 0],
  ]);
  const netVnd = totalVnd - backVnd - 6_700;
  const transferId = await transferOf(netVnd, 'STRIPE PAYMENTS PO_1');
  expect(await counter.balance('suspense')).toBe(-netVnd);
  const sent = { provider: 'stripe', reference: 'po_1', reason: 'Theo tập tin po_1', csv };
  const proposed = await proposePassed(transferId, sent);
  expect(proposed.status).toBe(201);
  // Nothing has moved yet, and whoever proposed cannot approve.
  expect(await counter.balance('clearing:stripe')).toBe(heldBefore);
  expect(await approve(counter.first, proposed.body.proposalId)).toMatchObject({ body: { code: 'money-four-eyes' } });
  const page = await counter.second.send('GET', `/quan-tri/doi-soat/de-xuat/${proposed.body.proposalId}`);
  expect(page.text).toContain('Stripe, đợt po_1, 3 dòng');
  expect((await approve(counter.second, proposed.body.proposalId)).status).toBe(200);
  expect(await counter.balance('clearing:stripe')).toBe(0);
  expect(await counter.balance('suspense')).toBe(0);
  expect(await counter.balance('provider-fees')).toBe(6_700);
  expect(await stateOf(transferId)).toBe('provider-payout');
  // The same money a second time, under another name: seen by the books, and nothing is left of the attempt.
  const again = await transferOf(netVnd, 'STRIPE PAYMENTS PO_2');
  const second = await proposePassed(again, { ...sent, reference: 'po_2' });
  expect(second.status).toBe(201);
  expect(await approve(counter.second, second.body.proposalId)).toMatchObject({
    status: 409,
    body: { code: 'provider-lines-settled' },
  });
  expect(await stateOf(again)).toBe('unmatched');
  expect(await counter.balance('clearing:stripe')).toBe(0);
});

test('a file that is not of this transfer, or says something else than the books, changes nothing and names the lines', async () => {
  const { charge, totalVnd } = await soldByCard();
  const netVnd = totalVnd - 3_000;
  const transferId = await transferOf(netVnd, 'STRIPE PAYMENTS PO_3');
  const sent = { provider: 'stripe', reference: 'po_3', reason: 'Theo tập tin' };
  const tryFile = async (csv: string, more: Partial<Sent> = {}) =>
    (await proposePassed(transferId, { ...sent, csv, ...more })).body;
  expect(await tryFile(fileOf('po_3', [['charge', 'ch', charge, totalVnd, 2_999]]))).toMatchObject({
    code: 'provider-net-differs',
    netVnd: netVnd + 1,
    amountVnd: netVnd,
  });
  expect(await tryFile(fileOf('po_3', [['charge', 'ch', 'pi_nobody', totalVnd, 3_000]]))).toMatchObject({
    code: 'provider-lines-differ',
    lines: [{ line: 2, reference: 'pi_nobody', theirsVnd: totalVnd, oursVnd: null }],
  });
  const twoParts = fileOf('po_3', [
    ['charge', 'ch', charge, totalVnd - 10, 3_000],
    ['charge', 'ch', charge, 10, 0],
  ]);
  expect(await tryFile(twoParts)).toMatchObject({
    code: 'provider-lines-differ',
    lines: [
      { line: 2, theirsVnd: totalVnd - 10, oursVnd: totalVnd },
      { line: 3, theirsVnd: 10 },
    ],
  });
  const unreadable: readonly (readonly [string, number])[] = [
    ['xin chào', 1],
    [`${heading}\n`, 1],
    [fileOf('po_3', [['charge', 'ch', '', totalVnd, 3_000]]), 2],
    [fileOf('po_3', [['magic', 'ch', charge, totalVnd, 3_000]]), 2],
    [fileOf('po_3', [['charge', 'ch', charge, totalVnd, 3_000]]).replace(',vnd', ',usd'), 2],
    [fileOf('po_3', [['charge', 'ch', charge, -totalVnd, 3_000]]), 2],
    [`${heading}\npo_3,charge,ch,${charge},${totalVnd},3000,${totalVnd},vnd`, 2],
  ];
  for (const [csv, line] of unreadable)
    expect([csv, await tryFile(csv)]).toMatchObject([csv, { code: 'provider-file-unreadable', line }]);
  const good = fileOf('po_3', [['charge', 'ch', charge, totalVnd, 3_000]]);
  expect(await tryFile(good, { reference: ' ' })).toMatchObject({ code: 'provider-payout-reference' });
  expect(await tryFile(good, { reason: 'x' })).toMatchObject({ code: 'money-reason-required' });
  expect(await tryFile(good, { provider: 'paypal' })).toMatchObject({ code: 'invalid-request' });
  const { rows } = await counter.node.db.execute(sql`select id from provider_settlements where reference = 'po_3'`);
  expect(rows).toEqual([]);
  expect(await stateOf(transferId)).toBe('unmatched');

  // On the page the refusal says which line, and what was typed is there still.
  const form = await counter.first.send('GET', `/quan-tri/doi-soat/${transferId}`);
  const csrf = /name="_csrf" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  const [given = ''] = form.headers.getSetCookie().filter((one) => one.startsWith('_csrf='));
  const headers = { cookie: `${counter.first.always.cookie}; ${given.split(';')[0]}` };
  const body = new FormData();
  for (const [name, value] of [
    ['_csrf', csrf],
    ['provider', 'stripe'],
    ['reference', 'po_3'],
    ['why', 'Theo tập tin'],
  ] as const)
    body.set(name, value);
  body.set('file', new File([fileOf('po_3', [['charge', 'ch', 'pi_nobody', totalVnd, 3_000]])], 'p.csv'));
  const answer = await counter.first.send('POST', `/quan-tri/doi-soat/${transferId}/cong`, { body, headers });
  expect(answer.status).toBe(409);
  expect(answer.text).toContain('Dòng 2: sàn không biết pi_nobody');
  expect(answer.text).toContain('value="po_3"');
});

test('VNPAY’s report in Vietnamese is read, and the desk says what is still held', async () => {
  const { node, vnpay, variant } = counter;
  const { group, txnRef } = await counter.awaitVnpay(variant());
  vnpay.decide(txnRef);
  expect(await vnpay.tell(node.url, txnRef)).toBe('00');
  const desk = async () => (await counter.first.send('GET', '/quan-tri/doi-soat')).text;
  expect(await desk()).toMatch(/VNPAY: 1 thanh toán/);
  const { rows } = await node.db.execute<{ reference: string }>(
    sql`select p.provider_reference as reference from payments p join order_groups g on g.id = p.group_id where g.code = ${group.code}`,
  );
  const gross = group.totalVnd.toLocaleString('vi-VN');
  const csv = `BÁO CÁO ĐỐI SOÁT;;;\nLoại giao dịch;Mã giao dịch;Số tiền;Phí\nThanh toán;${rows[0]?.reference};${gross};1.100\n;;${gross};1.100\n`;
  const transferId = await transferOf(group.totalVnd - 1_100, 'VNPAY TT DOI SOAT');
  const sent = { provider: 'vnpay', reference: 'DS-2026-11', reason: 'Đối soát tháng', csv };
  const { status, body } = await proposePassed(transferId, sent);
  expect(status).toBe(201);
  expect((await approve(counter.second, body.proposalId)).status).toBe(200);
  expect(await counter.balance('clearing:vnpay')).toBe(0);
  expect(await desk()).not.toMatch(/VNPAY: 1 thanh toán/);
});
