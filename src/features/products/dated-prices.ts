import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import { deleteNextPrice, findPrice, lockDuePrices, saveProduct } from './queries/editing.ts';
import { savePrice } from './queries.ts';
import type { ProductId } from './types.ts';

type Deps = { readonly db: Db; readonly events: Events; readonly now: Clock };
const atOnce = 500;

async function applyDue({ events, now }: Deps, tx: Tx): Promise<number> {
  const due = await lockDuePrices(tx, now(), atOnce);
  for (const { variantId, priceVnd, validFrom } of due) {
    const compareAtVnd = (await findPrice(tx, variantId))?.compareAtVnd ?? null;
    await savePrice(tx, {
      id: newId<'PriceChange'>(),
      variantId,
      priceVnd,
      compareAtVnd: compareAtVnd !== null && compareAtVnd > priceVnd ? compareAtVnd : null,
      validFrom,
    });
    await deleteNextPrice(tx, variantId);
  }
  const products = [...new Set(due.map(({ productId }) => productId))];
  for (const productId of products) await saveProduct(tx, productId as ProductId, { updatedAt: now() });
  await events.add(tx, ...products.map((productId) => ({ type: 'product.changed' as const, productId })));
  return due.length;
}

/** Prices that were set for a day to come hold from its beginning, to the minute in which the job runs. */
export const createDatedPrices = (deps: Deps) => ({
  applyDue: async (): Promise<number> => {
    let applied = 0;
    for (;;) {
      const round = await transact(deps.db, 'system:prices', (tx) => applyDue(deps, tx));
      applied += round;
      if (round < atOnce) return applied;
    }
  },
});
