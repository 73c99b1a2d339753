import type { Clock } from '#core/clock.ts';
import type { Id } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import type { Db } from '#db/client.ts';
import { readAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Coming, Today, TodayScope } from './types.ts';
import { listEnding, listLow, listToConfirm, listWaiting, sumHandingOver, sumPacking } from './views.ts';

type Seller = { readonly actor: string; readonly businessIds: readonly BusinessId[] };
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly orders: { readonly confirmOrder: (code: string, seller: Seller) => Promise<unknown> };
  readonly settlement: { readonly forecast: (businessIds: readonly BusinessId[]) => Promise<Coming> };
  readonly notices: { readonly countUnread: (accountId: Id<'Account'>) => Promise<number> };
};
export type TodayDesk = ReturnType<typeof createToday>;

/** More than this at once is more than anybody reads before the press. */
const confirmedAtOnce = 50;

export const createToday = ({ db, now, orders, settlement, notices }: Deps) => ({
  /** One query a section, under the walls of a seller. */
  read: async (scope: TodayScope, accountId: Id<'Account'>): Promise<Today> => {
    const { businessIds, managedIds } = scope;
    const at = now();
    const isManager = managedIds.length > 0;
    const sections = await readAsSeller(db, businessIds, async (reader) => ({
      confirm: await listToConfirm(reader, businessIds),
      pack: await sumPacking(reader, businessIds, at),
      handOver: await sumHandingOver(reader, businessIds, at),
      waiting: await listWaiting(reader, scope, at),
      stock: await listLow(reader, businessIds),
      papers: isManager ? await listEnding(reader, managedIds, at) : null,
    }));
    const [money, unreadNotices] = await Promise.all([
      isManager ? settlement.forecast(managedIds) : null,
      notices.countUnread(accountId),
    ]);
    return { ...sections, money, unreadNotices };
  },
  /**
   * Confirms the orders that were on the screen, and none that came in since. One that cannot be confirmed any more stops
   * none of the others; how many were, and how many were not.
   */
  confirm: async (seller: Seller, codes: readonly string[]): Promise<{ done: number; refused: number }> => {
    let done = 0;
    let refused = 0;
    for (const code of new Set(codes.slice(0, confirmedAtOnce))) {
      try {
        await orders.confirmOrder(code, seller);
        done += 1;
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 409) throw error;
        refused += 1;
      }
    }
    return { done, refused };
  },
});
