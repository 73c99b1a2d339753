/** A rate of VAT and the days on which it may be charged, the last one included. Basis points. */
type VatRate = { readonly bps: number; readonly since: string; readonly until: string | null };

/**
 * Rates by date. 0 stands for goods that are not taxed or exempt at the producer. The reduced 8 % holds until 31 December
 * 2026 (Resolution 204/2025/QH15, Decree 174/2025/NĐ-CP).
 */
const rates: readonly VatRate[] = [
  { bps: 0, since: '2024-01-01', until: null },
  { bps: 500, since: '2024-01-01', until: null },
  { bps: 800, since: '2025-07-01', until: '2026-12-31' },
  { bps: 1_000, since: '2024-01-01', until: null },
];

const standardBps = 1_000;
const reducedBps = 800;
/** Fresh, raw and merely cleaned farm produce sold by its producer. */
const untaxedSets: ReadonlySet<number> = new Set([1, 2, 3, 4]);

/** The rates that may be chosen on a local day, lowest first. */
export const vatRatesOn = (date: string): readonly number[] =>
  rates.filter(({ since, until }) => since <= date && (until === null || date <= until)).map(({ bps }) => bps);

/** Goods under excise tax are outside the reduction, so spirits and wine bear the full rate. */
export const vatRatesFor = (date: string, isAlcohol: boolean): readonly number[] =>
  isAlcohol ? [standardBps] : vatRatesOn(date);

/** What is charged where the seller names no rate. */
export function usualVat(date: string, categoryId: number, isAlcohol: boolean): number {
  if (isAlcohol) return standardBps;
  if (untaxedSets.has(categoryId)) return 0;
  return vatRatesOn(date).includes(reducedBps) ? reducedBps : standardBps;
}

/** The rate that was chosen, if it may be charged for such goods; else the usual one. */
export const ratedFor = (
  date: string,
  chosenBps: number | null,
  { id, isAlcohol }: { readonly id: number; readonly isAlcohol: boolean },
): number =>
  chosenBps !== null && vatRatesFor(date, isAlcohol).includes(chosenBps) ? chosenBps : usualVat(date, id, isAlcohol);
