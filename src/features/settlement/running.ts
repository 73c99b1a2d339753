import { localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { type Tx, transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Beside, Deps, Officer } from './deps.ts';
import {
  countRunsOf,
  deletePlanned,
  findRun,
  getRule,
  insertPayouts,
  insertRun,
  listItemsOf,
  listPayoutsOf,
  listRuns,
  lockRun,
  lockRuns,
  type PayoutRow,
  type RunRow,
  savePayouts,
  updateRun,
} from './queries.ts';
import {
  checkApproval,
  checkStep,
  isPaid,
  refuse,
  type SettlementRule,
  skipReasonOf,
  stateOf,
  sumOf,
} from './rules.ts';
import type { RunId, Skipped } from './types.ts';
import { type BusinessEarning, listEarnings, listPayees, listRunPayouts, type PayeeView } from './views.ts';

export const subjectOf = (id: RunId) => ({ kind: 'payout-run', id });
const limitOfRuns = 100;

type Due = { readonly payee: PayeeView; readonly earnings: readonly BusinessEarning[]; readonly dueVnd: Vnd };

/** What is due now, business by business. What payouts of any run hold is not in it. */
async function listDue({ now }: Deps, tx: Tx, rule: SettlementRule): Promise<readonly Due[]> {
  const due = (await listEarnings(tx)).filter((earning) => stateOf(earning, rule, now()) === 'due');
  const byBusiness = Map.groupBy(due, ({ businessId }) => businessId);
  const payees = await listPayees(tx, [...byBusiness.keys()]);
  return payees.map((payee) => {
    const earnings = byBusiness.get(payee.businessId) ?? [];
    return { payee, earnings, dueVnd: sumOf(earnings) };
  });
}

type Plan = {
  readonly payouts: readonly Parameters<typeof insertPayouts>[1][number][];
  readonly items: readonly Parameters<typeof insertPayouts>[2][number][];
  readonly skipped: readonly Skipped[];
  readonly totalVnd: Vnd;
};

async function plan(deps: Deps, tx: Tx, runId: RunId): Promise<Plan> {
  const rule = await getRule(tx, deps.now());
  const all = (await listDue(deps, tx, rule)).map((due) => ({
    ...due,
    reason: skipReasonOf(due.payee, due.dueVnd, rule, deps.now()),
  }));
  const paid = all.filter(({ reason }) => reason === undefined);
  const taken = await deps.codes.take(tx, 'payout', paid.length);
  const planned = paid.flatMap(({ payee, earnings, dueVnd }, index) => {
    const id = newId<'Payout'>();
    const { businessId, account } = payee;
    if (!account) return [];
    const payout = { id, runId, businessId, code: taken[index] ?? '', bankAccountId: account.id, amountVnd: dueVnd };
    const items = earnings.map(({ reference, orderId, amountVnd }) => ({
      payoutId: id,
      businessId,
      reference,
      orderId,
      amountVnd,
    }));
    return [{ payout: { ...payout, status: 'planned' as const }, items }];
  });
  const skipped = all.flatMap(({ payee: { businessId, name }, dueVnd, reason }) =>
    reason ? [{ businessId, name, dueVnd, reason }] : [],
  );
  const payouts = planned.map(({ payout }) => payout);
  return { payouts, items: planned.flatMap(({ items }) => items), skipped, totalVnd: sumOf(payouts) };
}

/** Writes what is due into the run. A run of nothing is not made: it would be approved without being looked at. */
async function fill(deps: Deps, tx: Tx, run: Pick<RunRow, 'id'>, save: (made: Plan) => Promise<void>): Promise<void> {
  const made = await plan(deps, tx, run.id);
  if (made.payouts.length === 0) throw refuse('payout-run-empty', { skipped: made.skipped });
  await save(made);
  await insertPayouts(tx, made.payouts, made.items);
}

export const getLocked = async (tx: Tx, id: RunId): Promise<RunRow> => {
  const run = await lockRun(tx, id);
  if (!run) throw refuse('payout-run-not-found');
  return run;
};

/** Businesses whose planned payout is no longer what is due to them, or that are not to be paid any more. */
async function listStale(tx: Tx, payouts: readonly PayoutRow[]): Promise<readonly BusinessId[]> {
  const items = await listItemsOf(
    tx,
    payouts.map(({ id }) => id),
  );
  // What they hold themselves is not open any more; whatever is open of the same things has come since.
  const open = await listEarnings(tx);
  const changed = new Set(open.map(({ businessId, reference }) => `${businessId} ${reference}`));
  const owing = new Set(open.filter(({ amountVnd }) => amountVnd < 0).map(({ businessId }) => businessId));
  const payees = await listPayees(
    tx,
    payouts.map(({ businessId }) => businessId),
  );
  const accounts = new Map(
    payees.map(({ businessId, status, account }) => [businessId, isPaid(status) ? account?.id : undefined]),
  );
  const moved = payouts.filter(
    ({ businessId, bankAccountId }) => owing.has(businessId) || accounts.get(businessId) !== bankAccountId,
  );
  const stale = items.filter(({ businessId, reference }) => changed.has(`${businessId} ${reference}`));
  return [...new Set([...moved, ...stale].map(({ businessId }) => businessId))];
}

/** What was proposed, and nothing else, is owed no more: stale amounts are refused. */
async function approveLocked({ now, ledger, notices }: Deps, tx: Tx, { id, totalVnd }: RunRow, actor: string) {
  const payouts = await listPayoutsOf(tx, id);
  const stale = await listStale(tx, payouts);
  if (stale.length > 0) throw refuse('payout-run-stale', { businesses: stale });
  await updateRun(tx, id, { status: 'approved', approvedBy: actor, approvedAt: now() });
  await savePayouts(tx, id, 'planned', 'approved');
  await ledger.bookPayouts(
    tx,
    payouts.map((payout) => ({ ...payout, payoutId: payout.id })),
  );
  await notices.tell(
    tx,
    ...payouts.map(({ businessId, amountVnd, code }) => ({
      kind: 'payout.approved',
      to: { businessId },
      values: { amount: amountVnd.toLocaleString('vi-VN'), code },
      path: '/ban-hang/chi-tra',
    })),
  );
  return { status: 'approved', totalVnd, payouts: payouts.length };
}

/** From draft to approval. Every step is one transaction with its entry in the log of acts. */
export function createRuns(deps: Deps) {
  const { db, now, audit } = deps;
  const step = (
    { actor, address }: Officer,
    id: RunId,
    action: string,
    work: (tx: Tx, run: RunRow) => Promise<object>,
  ): Promise<void> =>
    transact(db, actor, async (tx) => {
      await lockRuns(tx);
      const run = await getLocked(tx, id);
      const after = await work(tx, run);
      const before = { status: run.status };
      await audit.record(tx, { action: `payout-run.${action}`, subject: subjectOf(id), before, after, address });
    });
  return {
    draft: ({ actor, address }: Officer): Promise<RunId> =>
      transact(db, actor, async (tx) => {
        await lockRuns(tx);
        if ((await listRuns(tx, limitOfRuns)).some(({ status }) => status === 'draft' || status === 'proposed'))
          throw refuse('payout-run-open');
        const id = newId<'PayoutRun'>();
        const year = localDate(now()).slice(0, 4);
        const number = `CT-${year}-${String((await countRunsOf(tx, year)) + 1).padStart(4, '0')}`;
        await fill(deps, tx, { id }, async ({ payouts, totalVnd, skipped }) => {
          const sums = { totalVnd, payoutCount: payouts.length, skipped };
          await insertRun(tx, { id, number, status: 'draft', ...sums, draftedBy: actor, draftedAt: now() });
          const after = { number, totalVnd, payouts: payouts.length };
          await audit.record(tx, { action: 'payout-run.drafted', subject: subjectOf(id), after, address });
        });
        return id;
      }),
    /** Makes the draft anew from what is due now. */
    refresh: (officer: Officer, id: RunId): Promise<void> =>
      step(officer, id, 'refreshed', async (tx, run) => {
        checkStep(run, 'draft', 'proposed');
        await deletePlanned(tx, id);
        await fill(deps, tx, run, ({ payouts, totalVnd, skipped }) =>
          updateRun(tx, id, {
            status: 'draft',
            totalVnd,
            payoutCount: payouts.length,
            skipped,
            proposedBy: null,
            proposedAt: null,
          }),
        );
        return { status: 'draft' };
      }),
    propose: (officer: Officer, id: RunId): Promise<void> =>
      step(officer, id, 'proposed', async (tx, run) => {
        checkStep(run, 'draft');
        await updateRun(tx, id, { status: 'proposed', proposedBy: officer.actor, proposedAt: now() });
        return { status: 'proposed', totalVnd: run.totalVnd };
      }),
    /** What was proposed, and nothing else, is owed no more and is on its way. */
    approve: (officer: Officer, id: RunId, beside?: Beside): Promise<void> =>
      step(officer, id, 'approved', async (tx, run) => {
        checkApproval(run, officer.actor);
        const after = await approveLocked(deps, tx, run, officer.actor);
        await beside?.(tx);
        return after;
      }),
    abandon: (officer: Officer, id: RunId): Promise<void> =>
      step(officer, id, 'abandoned', async (tx, run) => {
        checkStep(run, 'draft', 'proposed');
        await savePayouts(tx, id, 'planned', 'abandoned');
        await updateRun(tx, id, { status: 'abandoned', closedAt: now() });
        return { status: 'abandoned' };
      }),
    listRuns: () => listRuns(db, limitOfRuns),
    getRun: async (id: RunId) => {
      const run = await findRun(db, id);
      if (!run) throw refuse('payout-run-not-found');
      return { run, payouts: await listRunPayouts(db, id) };
    },
  };
}

export type EarningSums = { readonly dueVnd: Vnd; readonly heldVnd: Vnd; readonly comingVnd: Vnd };

/** What of a business is due, held, and still to come. */
export async function sumEarnings({ db, now }: Deps, businessId: BusinessId): Promise<EarningSums> {
  const rule = await getRule(db, now());
  const open = await listEarnings(db, businessId);
  const of = (state: string): Vnd => sumOf(open.filter((one) => stateOf(one, rule, now()) === state));
  return { dueVnd: of('due'), heldVnd: of('held'), comingVnd: of('coming') };
}
