import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Db, Reader } from '#db/client.ts';
import { createAudit } from '#features/audit/index.ts';
import { createLedger } from '#features/ledger/index.ts';
import type { Check } from './invariants/check.ts';
import { complaintChecks } from './invariants/complaints.ts';
import { jobChecks, promiseChecks, quietChecks, stuckChecks } from './invariants/ground.ts';
import { orderChecks } from './invariants/orders.ts';
import { settledPartnerChecks } from './invariants/partners.ts';
import { directChecks, paymentChecks, settledChecks } from './invariants/payments.ts';
import { registryChecks, settledRegistryChecks } from './invariants/registry.ts';
import { reportChecks } from './invariants/reports.ts';
import { settledTaxChecks, settlementChecks } from './invariants/settlement.ts';
import { stockChecks } from './invariants/stock.ts';
import type { Bank } from './providers/bank.ts';
import type { StripeSimulator } from './providers/stripe.ts';
import type { VnpaySimulator } from './providers/vnpay.ts';

export type Providers = {
  readonly bank?: Bank;
  readonly stripe?: StripeSimulator;
  readonly vnpay?: VnpaySimulator;
  /** Processes or connections died under way: keys of requests that nobody sent again have no answer. */
  readonly interrupted?: boolean;
};

/** What must hold at any moment, whatever happened. */
export const always: readonly Check[] = [
  ...stockChecks,
  ...orderChecks,
  ...complaintChecks,
  ...paymentChecks,
  ...settlementChecks,
  ...directChecks,
  ...registryChecks,
  ...promiseChecks,
  ...reportChecks,
];
/** What must hold besides once the queued jobs have run. */
export const settled: readonly Check[] = [
  ...settledChecks,
  ...settledPartnerChecks,
  ...settledRegistryChecks,
  ...settledTaxChecks,
  ...jobChecks,
];
export { quietChecks, stuckChecks };

/** Sentences on what these checks find. */
export async function findBroken(reader: Reader, checks: readonly Check[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { check, query } of checks) {
    const { rows } = await reader.execute<{ subject: string; detail: string }>(query);
    faults.push(...rows.map(({ subject, detail }) => `${check}: ${subject} (${detail})`));
  }
  return faults;
}

/** The sum of one clearing account: debits of receipts, or credits of refunds that were sent. */
const moved = async (db: Db, account: string, kinds: readonly string[]): Promise<number> => {
  const { rows } = await db.execute<{ sum: string }>(
    sql`select coalesce(sum(e.amount_vnd), 0)::bigint as sum from entries e join journals j on j.id = e.journal_id where e.account = ${account} and j.kind = any(${sql.param([...kinds])}::text[])`,
  );
  return Number(rows[0]?.sum ?? 0);
};

const now = (): Date => new Date();
const noAnchors = { read: async () => [], append: async () => {} };

/** What the chains over books and acts, and all that the books prove, say. */
async function findBrokenChains(db: Db): Promise<string[]> {
  const [books, acts] = await Promise.all([
    createLedger({ db, now }).verify(),
    createAudit({ db, now, anchors: noAnchors }).verify(),
  ]);
  return [
    ...books.findings.map(({ check, subject, detail }) => `ledger: ${check}: ${subject} (${detail})`),
    ...acts.findings.map(({ detail }) => `audit: ${detail}`),
  ];
}

const back = ['refund-sent', 'refund-failed'];

/** Where the books of a provider and ours differ. */
async function compareBooks(db: Db, { bank, stripe, vnpay }: Providers): Promise<string[]> {
  const told: readonly (readonly [what: string, account: string, kinds: readonly string[], vnd: number | undefined])[] =
    [
      ['money at the bank', 'clearing:bank', ['receipt', 'suspense'], bank?.toldVnd()],
      ['money at Stripe', 'clearing:stripe', ['receipt'], stripe?.chargedVnd()],
      ['refunds by Stripe', 'clearing:stripe', back, stripe && -stripe.refundedVnd()],
      ['disputes at Stripe', 'clearing:stripe', ['dispute-opened', 'dispute-won'], stripe && -stripe.disputedVnd()],
      ['money at VNPAY', 'clearing:vnpay', ['receipt'], vnpay?.chargedVnd()],
      ['refunds by VNPAY', 'clearing:vnpay', back, vnpay && -vnpay.refundedVnd()],
    ];
  const faults: string[] = [];
  for (const [what, account, kinds, theirs] of told) {
    if (theirs === undefined) continue;
    const ours = await moved(db, account, kinds);
    if (ours !== theirs) faults.push(`${what}: our books say ${ours}, the provider's say ${theirs}`);
  }
  return faults;
}

/** Sentences on everything that is not as it must be; none when all is sound. `quiet` says that queued jobs have run. */
export async function findFaults(db: Db, providers: Providers = {}, quiet = true): Promise<string[]> {
  const whenQuiet = quiet ? [...settled, ...(providers.interrupted ? [] : quietChecks)] : [];
  return [
    ...(await findBroken(db, [...always, ...whenQuiet])),
    ...(await findBrokenChains(db)),
    ...(await compareBooks(db, providers)),
  ];
}

/** Fails with every fault there is. `quiet` says that queued jobs have run. */
export async function expectSound(db: Db, providers: Providers = {}, quiet = true): Promise<void> {
  expect(await findFaults(db, providers, quiet)).toEqual([]);
}

/** Fails with everything that stands still past its limit. The scheduled jobs have run at this time. */
export async function expectNothingStuck(db: Db, at: Date): Promise<void> {
  expect(await findBroken(db, stuckChecks(at))).toEqual([]);
}
