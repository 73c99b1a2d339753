import { createHash } from 'node:crypto';
import { type Clock, localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { bps } from '#core/money.ts';
import { Problem, refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { Ledger } from '#features/ledger/index.ts';
import type { Orders } from '#features/orders/index.ts';
import type { OrderId } from '#features/orders/types.ts';
import { fileOf, type OpenRow } from './file.ts';
import { findFile, insertEntry, insertFile, listEntriesOf, listFiles, listRules } from './queries.ts';
import { checkMonthOver, keptOf, monthOf, offsetOf, withheldOf } from './rules.ts';
import { type RevenueKind, type TaxEntry, type TaxFileFormat, type TaxRule, taxProblems } from './types.ts';
import { findOrderFacts, findRefundedOrder, listMonth, listMonths, type OrderFacts, sumOfYear } from './views.ts';

const refuse = refusals(taxProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly audit: Audit;
  readonly ledger: Pick<Ledger, 'bookTax'>;
  readonly orders: { readonly forPayments: Pick<Orders['forPayments'], 'lockGroup'> };
  readonly businesses: Pick<Businesses, 'readPersonalNumber'>;
};
export type Tax = ReturnType<typeof createTax>;
export type Clerk = { readonly actor: string; readonly address: string };

/** Households and farms, unless they asked to declare by themselves; companies and cooperatives declare anyway. */
const isWithheld = ({ type, mode }: OrderFacts): boolean =>
  (mode ?? (type === 'household' || type === 'farm' ? 'exchange' : 'none')) === 'exchange';

async function rulesOf(tx: Tx, now: Date): Promise<Readonly<Record<RevenueKind, TaxRule>>> {
  const rules = (await listRules(tx, now)).map((rule) => ({
    ...rule,
    vatBps: bps(rule.vatBps),
    pitBps: bps(rule.pitBps),
  }));
  const of = (kind: RevenueKind): TaxRule => {
    const rule = rules.find((one) => one.kind === kind);
    if (!rule) throw new Error('No tax rule is in force: run the migrations');
    return rule;
  };
  return { goods: of('goods'), services: of('services') };
}

/** What is owed of an order when it has been received: its revenue less what has gone back by then. */
async function firstEntry(tx: Tx, facts: OrderFacts, now: Date): Promise<TaxEntry | undefined> {
  if (!facts.received || !isWithheld(facts)) return undefined;
  const kept = keptOf(facts);
  const year = await sumOfYear(tx, facts.businessId, localDate(now).slice(0, 4));
  const rules = await rulesOf(tx, now);
  if (facts.direct && !rules.goods.coversDirect) return undefined;
  const withheld = withheldOf(kept, rules, year);
  return kept.goods + kept.services > 0
    ? { kind: 'withheld', goodsVnd: kept.goods, servicesVnd: kept.services, ...withheld }
    : undefined;
}

/** Brings the tax of an order to what it must be: withheld once it was received, offset as parts of it go back. */
async function settle({ orders, ledger, now }: Deps, tx: Tx, orderId: OrderId): Promise<boolean> {
  const at = now();
  const today = localDate(at);
  const seen = await findOrderFacts(tx, orderId, today);
  if (!seen) return false;
  await orders.forPayments.lockGroup(tx, seen.groupId);
  const [facts, entries] = [await findOrderFacts(tx, orderId, today), await listEntriesOf(tx, orderId)];
  if (!facts) return false;
  const entry = entries.length > 0 ? offsetOf(entries, keptOf(facts)) : await firstEntry(tx, facts, at);
  if (!entry) return false;
  const { businessId } = facts;
  const step = entries.length;
  await insertEntry(tx, { ...entry, id: newId<'TaxEntry'>(), orderId, businessId, step, month: monthOf(today), at });
  await ledger.bookTax(tx, { ...entry, orderId, businessId, key: `tax:${orderId}:${step}` });
  return true;
}

export const createTax = (deps: Deps) => {
  const { db, now, audit, businesses } = deps;
  /** Opens each person's number; each opening is written down by whoever keeps it. */
  const openNumbers = async (
    clerk: Clerk,
    file: NonNullable<Awaited<ReturnType<typeof findFile>>>,
  ): Promise<OpenRow[]> => {
    const open: OpenRow[] = [];
    for (const row of file.rows) {
      const reading = businesses.readPersonalNumber(clerk, row.businessId, `Bảng kê thuế ${file.number}`);
      const personalNumber = await reading.catch((error: unknown) => {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      });
      open.push({ ...row, personalNumber });
    }
    return open;
  };

  return {
    /** After an order was received or part of it went back. Called again it changes nothing. */
    settle: (orderId: OrderId): Promise<boolean> => transact(db, 'system:tax', (tx) => settle(deps, tx, orderId)),
    settleRefund: async (refundId: string): Promise<void> => {
      const orderId = await findRefundedOrder(db, refundId);
      if (orderId) await transact(db, 'system:tax', (tx) => settle(deps, tx, orderId));
    },
    listMonths: async () => {
      const files = new Map((await listFiles(db)).map((file) => [file.month, file]));
      return (await listMonths(db)).map((month) => ({ ...month, file: files.get(month.month) ?? null }));
    },
    /** Freezes the file of a month that is over. Frozen before, it stays as it is. */
    freeze: (clerk: Clerk, month: string): Promise<string> => {
      checkMonthOver(month, localDate(now()));
      return transact(db, clerk.actor, async (tx) => {
        const rows = await listMonth(tx, month);
        const number = `BKT-${month}`;
        const sha256 = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
        const isNew = await insertFile(tx, { month, number, rows, sha256, frozenBy: clerk.actor, frozenAt: now() });
        const after = { number, sha256, sellers: rows.length };
        if (isNew)
          await audit.record(tx, {
            action: 'tax-file.frozen',
            subject: { kind: 'tax-file', id: month },
            after,
            address: clerk.address,
          });
        return number;
      });
    },
    /** The frozen file with the sellers' numbers, opened one by one for this purpose. */
    file: async (clerk: Clerk, month: string, format: TaxFileFormat): Promise<{ name: string; bytes: Buffer }> => {
      const file = await findFile(db, month);
      if (!file) throw refuse('tax-file-not-found');
      const { number, frozenAt, sha256 } = file;
      const bytes = await fileOf(format, { number, month, frozenAt, sha256 }, await openNumbers(clerk, file));
      return { name: `${number}.${format}`, bytes };
    },
  };
};
