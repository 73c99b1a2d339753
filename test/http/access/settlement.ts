import { sql } from 'drizzle-orm';
import { newCode, newId } from '#core/ids.ts';
import { fresh } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import type { Expected, Row } from './expected.ts';
import type { Side, Stage } from './stage.ts';

const finance = 'staff:finance';
const watching = 'staff:finance,auditor';
const owning = 'seller:owner,manager';

/** A run of nothing at the wanted step, proposed by nobody of the callers. */
const runAt = (status: 'draft' | 'proposed' | 'approved') => async (stage: Stage) => {
  const runId = newId<'PayoutRun'>();
  const { db } = stage.node;
  // Several callers come at once, each to a run of their own.
  await inDatabase(stage.node.database.url, (client) => client.query('drop index if exists payout_runs_one_open'));
  const proposed = status === 'draft' ? null : 'test';
  const approved = status === 'approved' ? 'test:second' : null;
  await db.execute(
    sql`insert into payout_runs (id, number, status, total_vnd, payout_count, skipped, drafted_by, drafted_at, proposed_by, proposed_at, approved_by, approved_at)
      values (${runId}, ${`CT-${runId.slice(-12)}`}, ${status}, 0, 0, '[]', 'test', now(), ${proposed}, now(), ${approved}, ${approved === null ? null : sql`now()`})`,
  );
  return { runId };
};

/** A payout of that side that is on its way. */
const payoutAt = (status: 'approved' | 'paid') => async (stage: Stage, side: Side) => {
  const { runId } = await runAt('approved')(stage);
  const [account, payout, code] = [newId(), newId(), newCode()];
  const { businessId } = stage.businesses[side];
  await stage.node.db.transaction(async (tx) => {
    await tx.execute(
      sql`insert into bank_accounts (id, business_id, bank_bin, number_sealed, number_last4, holder_name, set_by, set_at)
        values (${account}, ${businessId}, '970405', 'x', '1234', 'A', 'test', now() - interval '9 days')`,
    );
    await tx.execute(sql`insert into codes (code, kind) values (${code}, 'payout')`);
    await tx.execute(
      sql`insert into payouts (id, code, run_id, business_id, bank_account_id, amount_vnd, status, ended_at)
        values (${payout}, ${code}, ${runId}, ${businessId}, ${account}, 60000, ${status}, ${status === 'paid' ? sql`now()` : null})`,
    );
    await tx.execute(
      sql`insert into payout_items (payout_id, business_id, reference, amount_vnd) values (${payout}, ${businessId}, 'test', 60000)`,
    );
  });
  return { code };
};

const step = (status: 'draft' | 'proposed' | 'approved', own: number): Row => ({
  access: finance,
  of: runAt(status),
  ids: { own, missing: 404 },
  changes: true,
  headers: fresh,
});
const ending = (status: 'approved' | 'paid'): Row => ({
  access: finance,
  of: payoutAt(status),
  ids: { own: 200, missing: 404 },
  changes: true,
  headers: fresh,
  body: { note: 'FT1' },
});

export const settlement: Expected = {
  'GET /ban-hang/chi-tra': owning,
  'GET /ban-hang/chi-tra/:code': {
    access: owning,
    of: payoutAt('approved'),
    ids: { own: 200, other: 404, missing: 404 },
  },
  'GET /ban-hang/doi-soat': owning,
  'GET /ban-hang/doi-soat/pdf': owning,
  'GET /ban-hang/doi-soat/tep': owning,
  'GET /quan-tri/chi-tra': watching,
  'POST /quan-tri/chi-tra': { access: finance, of: runAt('draft'), ids: { own: 409, missing: 409 } },
  'GET /quan-tri/chi-tra/:runId': { access: watching, of: runAt('approved'), ids: { own: 200, missing: 404 } },
  'POST /quan-tri/chi-tra/:runId': {
    access: finance,
    of: runAt('draft'),
    ids: { own: 303, missing: 404 },
    changes: true,
    body: { do: 'propose' },
  },
  'GET /quan-tri/so-cai': watching,
  'GET /v1/seller/payouts': owning,
  'GET /v1/seller/payouts/:code': {
    access: owning,
    of: payoutAt('approved'),
    ids: { own: 200, other: 404, missing: 404 },
  },
  'GET /v1/seller/statement': owning,
  'GET /v1/seller/statement/file': owning,
  'GET /v1/seller/statements': owning,
  'GET /v1/staff/payout-runs': watching,
  'GET /v1/staff/payout-runs/:runId': { access: watching, of: runAt('approved'), ids: { own: 200, missing: 404 } },
  // Another is open.
  'POST /v1/staff/payout-runs': { access: finance, of: runAt('draft'), ids: { own: 409, missing: 409 } },
  'POST /v1/staff/payout-runs/:runId/abandon': step('draft', 204),
  'POST /v1/staff/payout-runs/:runId/approve': step('proposed', 200),
  'POST /v1/staff/payout-runs/:runId/bank-file': step('approved', 200),
  'POST /v1/staff/payout-runs/:runId/propose': step('draft', 204),
  'POST /v1/staff/payout-runs/:runId/refresh': step('draft', 422),
  'POST /v1/staff/payouts/:code/failed': ending('approved'),
  'POST /v1/staff/payouts/:code/paid': ending('approved'),
  'POST /v1/staff/payouts/:code/returned': ending('paid'),
  'POST /v1/staff/businesses/:businessId/bank-account/confirm': {
    access: finance,
    of: async (stage, side) => {
      await payoutAt('approved')(stage, side);
      return { businessId: stage.businesses[side].businessId };
    },
    ids: { own: 204, missing: 404 },
    body: { note: 'Đã gọi' },
  },
};
