import { sql } from 'drizzle-orm';
import { vnd } from '#core/money.ts';
import type { TransferId } from '#features/payments/types.ts';
import { fresh } from '#test/support/people.ts';
import type { Expected, Row } from './expected.ts';
import type { Stage } from './stage.ts';

const group: Row = {
  access: 'public',
  of: async (stage) => ({ code: await stage.group() }),
  ids: { own: 200, missing: 404 },
};
/** A group that is being paid by transfer. */
const transfer: Row = {
  ...group,
  of: async (stage) => {
    const code = await stage.group();
    await stage.node.guest.pay(code, 'vietqr');
    return { code };
  },
};
const payment: Row = {
  access: 'public',
  of: async (stage) => {
    const { paymentId } = await stage.node.guest.pay(await stage.group(), 'vietqr');
    return { paymentId };
  },
  ids: { own: 200, missing: 404 },
};
const session = (method: 'stripe' | 'vnpay'): Row => ({
  access: 'public',
  of: async (stage) => {
    const { redirectUrl = '' } = await stage.node.guest.pay(await stage.group(), method);
    return { session: new URL(redirectUrl).pathname.split('/').at(-1) ?? '' };
  },
  ids: { own: 200, missing: 404 },
});
const played: Partial<Row> = { ids: { own: 303, missing: 303 }, body: { do: 'pay' }, changes: true };

/** The account to which shoppers of this exchange transfer. */
const collecting = async ({ services }: Stage['node']): Promise<string> => services.payments.accountNumber() ?? '';
let line = 0;
/** A transfer that names nobody, told by a bank. */
async function unmatched({ node }: Stage): Promise<TransferId> {
  line += 1;
  const name = `access-${line}`;
  await node.services.payments.recordTransfer({
    provider: 'sepay',
    providerTxId: name,
    direction: 'in',
    accountNumber: await collecting(node),
    amountVnd: vnd(50_000),
    content: 'khong ro cua ai',
    bankReference: name,
    happenedAt: undefined,
    raw: {},
  });
  const { rows } = await node.db.execute<{ id: TransferId }>(
    sql`select id from bank_transfers where provider_tx_id = ${name}`,
  );
  return rows[0]?.id ?? ('' as TransferId);
}
const somebody = { actor: 'account:01900000-0000-7000-8000-0000000000a1' };
const another = { actor: 'account:01900000-0000-7000-8000-0000000000b2' };
const proposed = async (stage: Stage) => {
  const draft = { transferId: await unmatched(stage), allocations: [], reason: 'Trả lại' };
  return { proposalId: await stage.node.services.payments.proposeMatch(somebody, draft) };
};
const owed = async (stage: Stage) => {
  const { proposalId } = await proposed(stage);
  await stage.node.services.payments.approve(another, proposalId);
  const { rows } = await stage.node.db.execute<{ id: string }>(
    sql`select id from refunds where transfer_id = (select transfer_id from money_proposals where id = ${proposalId})`,
  );
  return { refundId: rows[0]?.id ?? '' };
};
/** What only finance may decide; each has a row of its own for the page and the API. */
const ofFinance = (of: Row['of'], own: number, more: Partial<Row> = {}): Row => ({
  access: 'staff:finance',
  ...(of && { of }),
  ids: { ...(of && { own }), missing: 404 },
  ...more,
});
const transferOf = async (stage: Stage) => ({ transferId: await unmatched(stage) });
const because = { reason: 'Thử quyền' };

export const payments: Expected = {
  'GET /minh-hoa/ngan-hang/:code': transfer,
  'POST /minh-hoa/ngan-hang/:code': { ...transfer, ids: { own: 400, missing: 404 } },
  'GET /minh-hoa/the/:session': session('stripe'),
  'POST /minh-hoa/the/:session': { ...session('stripe'), ...played },
  'GET /minh-hoa/vnpay/:session': session('vnpay'),
  'POST /minh-hoa/vnpay/:session': { ...session('vnpay'), ...played },
  'GET /thanh-toan/:code': group,
  'POST /thanh-toan/:code': { ...group, ids: { own: 400, missing: 404 } },
  'GET /thanh-toan/:code/qr.png': transfer,
  'POST /v1/order-groups/:code/payments': {
    ...group,
    ids: { own: 201, missing: 404 },
    changes: true,
    body: { method: 'vietqr' },
    headers: fresh,
  },
  'GET /v1/payments/:paymentId': payment,
  'GET /v1/payments/:paymentId/events': { ...payment, ids: { missing: 404 } },
  'GET /quan-tri/tien-cho': 'staff',
  'GET /quan-tri/doi-soat': 'staff:finance,auditor',
  'POST /quan-tri/doi-soat': { access: 'staff:finance', status: 422 },
  'GET /quan-tri/doi-soat/:transferId': ofFinance(transferOf, 200),
  'POST /quan-tri/doi-soat/:transferId': ofFinance(transferOf, 303, { body: because, changes: true }),
  'POST /quan-tri/doi-soat/:transferId/cong': ofFinance(transferOf, 422, { body: because }),
  'GET /quan-tri/doi-soat/hoan/:refundId': ofFinance(owed, 200),
  'POST /quan-tri/doi-soat/hoan/:refundId': ofFinance(owed, 422, { body: because }),
  'GET /quan-tri/doi-soat/doi-lai/:disputeId': ofFinance(undefined, 200),
  'POST /quan-tri/doi-soat/doi-lai/:disputeId': ofFinance(undefined, 303, { body: because }),
  'GET /quan-tri/doi-soat/de-xuat/:proposalId': ofFinance(proposed, 200),
  'POST /quan-tri/doi-soat/de-xuat/:proposalId': ofFinance(proposed, 303, { body: { do: 'approve' }, changes: true }),
  'POST /v1/staff/unmatched-transfers/:transferId/match': ofFinance(transferOf, 201, {
    body: { allocations: [], ...because },
    changes: true,
  }),
  'POST /v1/staff/money-proposals/:proposalId/approve': ofFinance(proposed, 200, { changes: true, headers: fresh }),
  'POST /v1/staff/money-proposals/:proposalId/reject': ofFinance(proposed, 200, { body: because, changes: true }),
  'POST /v1/staff/disputes/:disputeId/loss': ofFinance(undefined, 201, { body: { bearer: 'orders', ...because } }),
  'POST /v1/staff/refunds/:refundId/account': ofFinance(owed, 201, {
    body: { bankBin: '970436', accountNumber: '0123456789', name: 'TRAN THI THU', ...because },
    changes: true,
  }),
  'POST /v1/staff/refunds/:refundId/sent': ofFinance(owed, 409, {
    body: { bankReference: 'FT26327123456' },
    headers: fresh,
  }),
  'POST /v1/staff/refunds/:refundId/retry': ofFinance(owed, 409, { headers: fresh }),
  'POST /v1/staff/unmatched-transfers/:transferId/provider-payout': {
    access: 'staff:finance',
    of: transferOf,
    ids: { own: 415, missing: 415 },
  },
  'POST /v1/staff/bank-statements': { access: 'staff:finance', status: 415 },
  'GET /v1/staff/refunds': 'staff',
  'GET /v1/staff/unmatched-transfers': 'staff',
  'POST /v1/webhooks/bank/sepay': { access: 'webhook', status: 401 },
  // Without a key these are closed.
  'POST /v1/webhooks/bank/payos': { access: 'webhook', status: 404 },
  'POST /v1/webhooks/bank/casso': { access: 'webhook', status: 404 },
  'POST /v1/webhooks/stripe': { access: 'webhook', status: 401 },
  // VNPAY reads its own codes and no statuses.
  'GET /v1/webhooks/vnpay': 'webhook',
};
