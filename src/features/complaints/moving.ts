import { newId } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import { Problem } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import type { Deps } from './deps.ts';
import {
  addEvent,
  type ComplaintRow,
  getRule,
  listHolidays,
  lockComplaint,
  saveComplaint,
} from './queries/complaints.ts';
import { checkMove, dueAtOf } from './rules/complaints.ts';
import type { ComplaintEventType, ComplaintState } from './types.ts';
import type { ComplaintView } from './views/complaints.ts';

export const subjectOf = ({ id }: Pick<ComplaintView, 'id'>) => ({ kind: 'complaint', id }) as const;
export const officerPath = ({ code }: Pick<ComplaintView, 'code'>): string => `/quan-tri/khieu-nai/${code}`;

/** The complaint under its lock, with the group of its order locked before it. */
export async function lockAll({ orders }: Deps, tx: Tx, known: ComplaintView): Promise<ComplaintRow> {
  if (known.groupId) await orders.forOthers.lockGroup(tx, known.groupId);
  const row = await lockComplaint(tx, known.id);
  if (!row) throw new Error(`Complaint ${known.code} is gone`);
  return row;
}

/** Takes a complaint one legal step further, starts the clock of that step and writes down what happened. */
export async function moveComplaint(
  { now }: Deps,
  tx: Tx,
  row: ComplaintRow,
  step: { readonly to: ComplaintState; readonly type: ComplaintEventType },
  change: Partial<ComplaintRow> = {},
): Promise<ComplaintRow> {
  checkMove(row.state, step.to);
  const at = now();
  const dueAt = dueAtOf(
    { kind: row.kind, state: step.to },
    await getRule(tx, row.policyFrom),
    await listHolidays(tx),
    at,
  );
  const isEnd = step.to !== 'offered' && step.to !== 'escalated' && step.to !== 'appealed';
  const moved = {
    ...change,
    state: step.to,
    dueAt,
    updatedAt: at,
    ...(step.to === 'escalated' && { escalatedAt: at }),
    ...(isEnd && row.endedAt === null && { endedAt: at }),
  };
  await saveComplaint(tx, row.id, moved);
  await addEvent(tx, { complaintId: row.id, type: step.type, fromState: row.state, toState: step.to, at });
  return { ...row, ...moved };
}

/** Calls an officer, who has until the clock of the complaint runs out. */
export async function callOfficer({ queues }: Deps, tx: Tx, known: ComplaintView, dueAt: Date | null): Promise<void> {
  const { code, orderCode, productName, businessName, businessId } = known;
  const about = orderCode ?? productName;
  await queues.put(tx, {
    queue: 'complaints',
    subject: subjectOf(known),
    title: about ? `${businessName} · ${about}` : businessName,
    path: officerPath(known),
    businessId,
    dueAt: dueAt ?? undefined,
    facts: { code, ...(orderCode && { order: orderCode }) },
  });
}

export type Told = 'shopper' | 'seller' | 'officers';

/** Tells those whom a step concerns. */
export async function tell(
  { notices }: Deps,
  tx: Tx,
  kind: string,
  known: ComplaintView,
  to: Told,
  values: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const { code, orderCode, businessId, businessName, phone, accountId } = known;
  const shopper = phone === '' ? accountId && { accountId } : { phone };
  const whom = {
    shopper: shopper && { to: shopper, path: `/khieu-nai/${code}` },
    seller: { to: { businessId }, path: `/ban-hang/khieu-nai/${code}` },
    officers: { to: { staffRole: 'support' as const }, path: officerPath(known) },
  }[to];
  // Who was forgotten is not to be found again.
  if (!whom) return;
  await notices.tell(tx, {
    kind,
    ...whom,
    values: { code, about: orderCode ?? known.productName ?? businessName, business: businessName, ...values },
    key: `${kind}:${to}:${known.id}:${newId()}`,
  });
}

/** Hands a complaint to an officer and tells everybody. */
export async function escalate(
  deps: Deps,
  tx: Tx,
  row: ComplaintRow,
  known: ComplaintView,
  type: ComplaintEventType,
  change: Partial<ComplaintRow> = {},
): Promise<ComplaintRow> {
  const moved = await moveComplaint(deps, tx, row, { to: 'escalated', type }, change);
  await callOfficer(deps, tx, known, moved.dueAt);
  await tell(deps, tx, 'complaint.escalated', known, 'shopper');
  await tell(deps, tx, 'complaint.escalated', known, 'seller');
  await tell(deps, tx, 'complaint.called', known, 'officers');
  return moved;
}

/** Money of the order goes back by the way it came, once for each `cause`. The caller holds the locks and acts as the exchange. */
export async function refundComplaint(
  { payments }: Deps,
  tx: Tx,
  { id, orderId, refundVnd }: ComplaintRow,
  amountVnd: Vnd,
  step: 'accepted' | 'decided' | 'reviewed',
): Promise<Vnd> {
  if (!orderId) throw new Error(`Complaint ${id} has no order`);
  const cause = `complaint:${id}:${step}`;
  await payments.refundOrder(tx, { orderId, amountVnd, reason: 'complaint', cause });
  return vnd(refundVnd + amountVnd);
}

/** What is left of an order where other refunds took part of it meanwhile; the bound is looked at under the lock of the share. */
export async function refundUpTo(deps: Deps, tx: Tx, row: ComplaintRow, amountVnd: Vnd): Promise<Vnd> {
  try {
    return await refundComplaint(deps, tx, row, amountVnd, 'accepted');
  } catch (error) {
    // Refused before anything was written.
    if (!(error instanceof Problem) || error.code !== 'refund-exceeds-payment') throw error;
    const leftVnd = vnd(Number(error.extra.leftVnd ?? 0));
    return leftVnd > 0 ? refundComplaint(deps, tx, row, leftVnd, 'accepted') : row.refundVnd;
  }
}
