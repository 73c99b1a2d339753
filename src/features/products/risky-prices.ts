import { type Clock, dayMs } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import type { Changes } from '#features/changes/index.ts';
import { referenceDays } from './saving.ts';
import type { VariantId } from './types.ts';
import { listReferencePrices } from './views/seller.ts';

export type NewPrice = { readonly variantId: VariantId; readonly before: Vnd; readonly after: Vnd };

/** For tables of prices, which change many at once. */
export const createRiskyPrices = ({ changes, now }: { readonly changes: Changes; readonly now: Clock }) => ({
  /** Of these new prices, the sizes whose price is for an officer to look at. */
  listRiskyPrices: async (tx: Tx, prices: readonly NewPrice[]): Promise<ReadonlySet<VariantId>> => {
    const variantIds = prices.map(({ variantId }) => variantId);
    const referenceVnd = await listReferencePrices(tx, variantIds, new Date(now().getTime() - referenceDays * dayMs));
    const fieldOf = (id: VariantId): string => `variant.${id}.priceVnd`;
    const asked = prices.map(({ variantId, before, after }) => ({ field: fieldOf(variantId), before, after }));
    const high = new Set(changes.sort(asked, { referenceVnd }).high.map(({ field }) => field));
    return new Set(variantIds.filter((id) => high.has(fieldOf(id))));
  },
});
