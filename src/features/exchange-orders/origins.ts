import { outsideTransaction } from '#db/client.ts';
import type { Federation } from '#features/federation/index.ts';
import type { Ctx, Ordering, Outcome } from '#federation/adapters/adapter.ts';
import type { Origins } from './types.ts';

/** The partners that are known, asked over the guarded way out, never inside a transaction. */
export function createOrigins({ orderingAt, isOrderable }: Pick<Federation, 'orderingAt' | 'isOrderable'>): Origins {
  const ask = outsideTransaction(
    'a partner exchange',
    async <T>(key: string, question: (ordering: Ordering, ctx: Ctx) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
      const at = await orderingAt(key);
      return at ? question(at.ordering, at.ctx) : { unknown: 'unreachable' };
    },
  ) as <T>(key: string, question: (ordering: Ordering, ctx: Ctx) => Promise<Outcome<T>>) => Promise<Outcome<T>>;
  return {
    isOrderable,
    quote: (key, asked) => ask(key, (ordering, ctx) => ordering.quote(ctx, asked)),
    reserve: (key, asked, idempotencyKey) => ask(key, (ordering, ctx) => ordering.reserve(ctx, asked, idempotencyKey)),
    confirm: (key, order) => ask(key, (ordering, ctx) => ordering.confirm(ctx, order)),
    cancel: (key, orderId, reason) => ask(key, (ordering, ctx) => ordering.cancel(ctx, orderId, reason)),
    orderState: (key, by) => ask(key, (ordering, ctx) => ordering.orderState(ctx, by)),
    orderChanges: (key, cursor) => ask(key, (ordering, ctx) => ordering.orderChanges(ctx, cursor)),
    settlement: (key, day) => ask(key, (ordering, ctx) => ordering.settlement(ctx, day)),
  };
}
