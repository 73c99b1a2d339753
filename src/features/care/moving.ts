import { newId } from '#core/ids.ts';
import { vnd, ZERO } from '#core/money.ts';
import { Problem } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import { buyerAt } from '#features/notices/types.ts';
import { piecesLeft, refundableOf, sumParts } from '#features/orders/index.ts';
import type { Deps } from './deps.ts';
import {
  addReturnEvent,
  getPolicy,
  listReturnLines,
  lockReturn,
  type ReturnRow,
  saveReturn,
} from './queries/returns.ts';
import { checkMove, dueAtOf, freightGoesBack, officerDueAt } from './rules/returns.ts';
import type { ReturnState } from './types.ts';
import type { ReturnView } from './views/returns.ts';

export const subjectOf = ({ id }: Pick<ReturnView, 'id'>) => ({ kind: 'return', id }) as const;
export const officerPath = ({ code }: Pick<ReturnView, 'code'>): string => `/quan-tri/doi-tra/${code}`;

/** The return under its lock, with the group of its order locked before it. Undefined where `known` has vanished. */
export async function lockAll({ orders }: Deps, tx: Tx, known: ReturnView): Promise<ReturnRow> {
  await orders.forOthers.lockGroup(tx, known.groupId);
  const row = await lockReturn(tx, known.id);
  if (!row) throw new Error(`Return ${known.code} is gone`);
  return row;
}

type Change = Partial<
  Pick<
    ReturnRow,
    'sellerNote' | 'appealNote' | 'officerNote' | 'carrier' | 'trackingNumber' | 'restock' | 'refundVnd' | 'escalatedAt'
  >
>;

/** Takes a return one legal step further, starts the clock of that step and writes down what happened. */
export async function moveReturn(
  { now }: Deps,
  tx: Tx,
  row: ReturnRow,
  state: ReturnState,
  change: Change = {},
  note: string | null = null,
): Promise<ReturnRow> {
  checkMove(row.state, state);
  const at = now();
  const dueAt = dueAtOf(state, await getPolicy(tx, row.policyFrom), at);
  const moved = { ...change, state, dueAt, updatedAt: at };
  await saveReturn(tx, row.id, moved);
  await addReturnEvent(tx, row.id, state, note, at);
  return { ...row, ...moved };
}

/** Calls an officer, who has so many days. Whoever calls has the row locked. */
export async function callOfficer({ queues, now }: Deps, tx: Tx, known: ReturnView): Promise<void> {
  const { code, orderCode, businessName, businessId, policyFrom } = known;
  await queues.put(tx, {
    queue: 'complaints',
    subject: subjectOf(known),
    title: `${businessName} · ${orderCode}`,
    path: officerPath(known),
    businessId,
    dueAt: officerDueAt(await getPolicy(tx, policyFrom), now()),
    facts: { code, order: orderCode },
  });
}

export type Told = 'shopper' | 'seller' | 'officers';

/** Tells those whom a step concerns; each kind once for each time the return comes to it. */
export async function tell(
  { notices }: Deps,
  tx: Tx,
  kind: string,
  known: ReturnView,
  to: Told,
  values = {},
): Promise<void> {
  const { code, orderCode, businessId, businessName, phone } = known;
  const whom = {
    shopper: { to: buyerAt(known), path: `/doi-tra/${code}` },
    seller: { to: { businessId, roles: ['owner', 'manager', 'packer'] as const }, path: `/ban-hang/doi-tra/${code}` },
    officers: { to: { staffRole: 'support' as const }, path: officerPath(known) },
  }[to];
  // Whose number was forgotten is not to be found again.
  if (to === 'shopper' && phone === '') return;
  await notices.tell(tx, {
    kind,
    ...whom,
    values: { code, order: orderCode, business: businessName, ...values },
    key: `${kind}:${to}:${known.id}:${newId()}`,
  });
}

/** Puts what came back on the shelf again. */
export async function putOnShelf({ stock, products }: Deps, tx: Tx, known: ReturnView): Promise<void> {
  const lines = known.lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
  await stock.giveBack(tx, lines, known.orderId);
  const facts = await products.listVariantFacts(
    lines.map(({ variantId }) => variantId),
    tx,
  );
  for (const productId of new Set(facts.map((one) => one.productId))) await products.touch(tx, productId);
}

/** As much as is left of what was paid, where other refunds of the order have taken part of it already. */
async function refundUpTo({ payments }: Deps, tx: Tx, refund: Parameters<Deps['payments']['refundOrder']>[1]) {
  try {
    await payments.refundOrder(tx, refund);
    return refund.amountVnd;
  } catch (error) {
    // Refused before anything was written: the bound is looked at under the lock of the share.
    if (!(error instanceof Problem) || error.code !== 'refund-exceeds-payment') throw error;
    const leftVnd = vnd(Number(error.extra.leftVnd ?? 0));
    if (leftVnd <= ZERO) return ZERO;
    await payments.refundOrder(tx, { ...refund, amountVnd: leftVnd });
    return leftVnd;
  }
}

/**
 * The money of a return goes back by the way it came. The pieces count as returned from here on, so that what is
 * returned or called off of the same line later is reckoned after them. The caller holds the locks and acts as the exchange.
 */
export async function refundReturn(deps: Deps, tx: Tx, row: ReturnRow): Promise<ReturnRow> {
  const { orders } = deps;
  checkMove(row.state, 'refunded');
  const wanted = await listReturnLines(tx, row.id);
  const lines = await orders.forOthers.listLinesOf(tx, [row.orderId]);
  const back = new Map(wanted.map(({ lineId, quantity }) => [lineId, quantity]));
  const parts = sumParts(lines.map((line) => refundableOf(line, back.get(line.id) ?? 0)));
  const left = lines.reduce((sum, line) => sum + piecesLeft(line) - (back.get(line.id) ?? 0), 0);
  const shippingVnd = freightGoesBack(row.reason, left) ? await orders.forOthers.freightOf(tx, row.orderId) : ZERO;
  const amountVnd = vnd(parts.paidVnd + shippingVnd);
  await orders.forOthers.addReturned(tx, wanted);
  const refundVnd =
    amountVnd > ZERO
      ? await refundUpTo(deps, tx, {
          orderId: row.orderId,
          amountVnd,
          reason: 'returned',
          cause: `returned:${row.id}`,
          pieces: parts,
        })
      : ZERO;
  const moved = await moveReturn(deps, tx, row, 'refunded', { refundVnd });
  await orders.forOthers.followPieces(tx, row.orderId);
  return moved;
}
