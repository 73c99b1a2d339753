import type { FieldChange } from '#features/products/types.ts';
import type { Risk } from '../types.ts';

/** Which fields apply at once, from which local day on. Whatever no row names waits for an officer. */
type RiskRow = { readonly field: RegExp; readonly since: string };

/**
 * What cannot mislead about what the goods are. A price is among them only near its reference; taking a size off sale
 * harms nobody, bringing one back was approved before.
 */
const lowRisk: readonly RiskRow[] = [
  { field: /^variant\.[^.]+\.(onHand|minOrder|maxOrder|active|sku)$/, since: '2026-11-01' },
  { field: /^(grossWeightG|lengthCm|widthCm|heightCm|seasonMonths)$/, since: '2026-11-01' },
];
const prices = /^variant\.([^.]+)\.(priceVnd|next|compareAtVnd)$/;

/** How far a price may move from its reference without an officer: 30 %, in both directions. */
const freeRangeBps = 3_000;

export type PriceFacts = {
  readonly today: string;
  /** Of each size, what it cost 30 days ago: small steps every day do not add up unseen. */
  readonly referenceVnd: ReadonlyMap<string, number>;
};

const isNear = (priceVnd: number, referenceVnd: number | undefined): boolean =>
  referenceVnd !== undefined && Math.abs(priceVnd - referenceVnd) * 10_000 <= referenceVnd * freeRangeBps;

const priceIn = (value: unknown): number | null => {
  if (typeof value === 'number') return value;
  return value !== null && typeof value === 'object' && 'priceVnd' in value ? Number(value.priceVnd) : null;
};

/** Whether a change applies at once and is only recorded, or waits while the product stays as it is. */
export function riskOf({ field, after }: Pick<FieldChange, 'field' | 'after'>, facts: PriceFacts): Risk {
  const [, variantId = '', member] = prices.exec(field) ?? [];
  if (member !== undefined) {
    const price = priceIn(after);
    // A struck-out price was charged before, or it is refused; taking one away or calling off a future price is free.
    if (price === null || member === 'compareAtVnd') return 'low';
    return isNear(price, facts.referenceVnd.get(variantId)) ? 'low' : 'high';
  }
  return lowRisk.some((row) => row.since <= facts.today && row.field.test(field)) ? 'low' : 'high';
}
