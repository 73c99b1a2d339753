import { localDate } from '#core/clock.ts';
import { transact } from '#db/client.ts';
import type { Deps } from './deps.ts';
import { getRule, listBookDays, saveBookDay } from './queries.ts';
import { sharesOf } from './rules.ts';
import { listClearing, readTimes } from './views.ts';

const daysShown = 30;
const findingsKept = 100;

/** How the books stand: what hangs, what was late, what nobody has claimed, and whether they add up at all. */
export const createReckoning = (deps: Deps) => {
  const { db, now, ledger, notices } = deps;
  const measure = async () => {
    const { clearingDays } = await getRule(db, now());
    const [clearing, times] = await Promise.all([
      listClearing(db, now(), clearingDays),
      readTimes(db, now(), clearingDays),
    ]);
    return { clearing, times, shares: sharesOf(clearing, times) };
  };
  return {
    getBooks: async () => {
      const [balances, { clearing, shares }, days] = await Promise.all([
        ledger.balances(),
        measure(),
        listBookDays(db, daysShown),
      ]);
      return { balances, clearing, shares, days };
    },
    /**
     * Proves the books, writes down how the day ended, and alerts finance. Balances that drifted are made anew after
     * they were told. Run by a job each night.
     */
    prove: async (): Promise<void> => {
      const { findings } = await ledger.verify();
      const { clearing, times, shares } = await measure();
      const day = localDate(now());
      const overdueVnd = clearing.reduce((sum, { overdueVnd: overdue }) => sum + overdue, 0);
      await transact(db, 'system:ledger', async (tx) => {
        await saveBookDay(tx, {
          day,
          ...shares,
          detail: { ...times, overdueVnd },
          sound: findings.length === 0,
          findings: findings.slice(0, findingsKept),
          writtenAt: now(),
        });
        const to = { staffRole: 'finance' } as const;
        const path = '/quan-tri/so-cai';
        if (findings.length > 0)
          await notices.tell(tx, {
            kind: 'books.unsound',
            to,
            path,
            values: { count: findings.length },
            key: `books:${day}`,
          });
        if (overdueVnd > 0)
          await notices.tell(tx, {
            kind: 'books.uncleared',
            to,
            path,
            values: { amount: overdueVnd.toLocaleString('vi-VN') },
            key: `clearing:${day}`,
          });
      });
      if (findings.some(({ check }) => check.startsWith('balances'))) await ledger.rebuildBalances();
    },
  };
};
