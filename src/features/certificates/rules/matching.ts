import { competenceOn, isScoreOf } from './law.ts';
import { nameKey, readStar, type SheetRow } from './sheet.ts';

/** A product of our own that a line may mean. */
export type Candidate = {
  readonly productId: string;
  readonly sku: string;
  readonly gtin: string | null;
  readonly name: string;
  readonly business: string;
  readonly taxCode: string | null;
};
export const ROW_OUTCOMES = [
  'new',
  'recorded',
  'unknown',
  'ambiguous',
  'contradiction',
  'twice',
  'wrong-star',
  'wrong-score',
] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

export type JudgedRow = {
  readonly row: SheetRow;
  readonly outcome: RowOutcome;
  /** The one that is meant, where that is certain. */
  readonly product: Candidate | undefined;
  /** What an officer may choose from, where it is not. */
  readonly candidates: readonly Candidate[];
  readonly star: 3 | 4 | 5 | undefined;
  readonly scoreTenths: number | undefined;
};
export type ListedDecision = { readonly issuer: string; readonly issuedOn: string };
export type Judging = {
  readonly decision: ListedDecision;
  readonly candidates: readonly Candidate[];
  /** Products for which this decision stands in the register already. */
  readonly recorded: ReadonlySet<string>;
  /** What an officer chose, by line. */
  readonly choices: Readonly<Record<string, string>>;
};

const offered = 10;
const digits = (text: string): string => text.replace(/\D/g, '');

type Index = {
  readonly bySku: ReadonlyMap<string, Candidate[]>;
  readonly byGtin: ReadonlyMap<string, Candidate[]>;
  readonly byName: ReadonlyMap<string, Candidate[]>;
};
const indexOf = (candidates: readonly Candidate[]): Index => ({
  bySku: Map.groupBy(candidates, ({ sku }) => sku.toUpperCase()),
  byGtin: Map.groupBy(
    candidates.filter(({ gtin }) => gtin !== null && gtin !== ''),
    ({ gtin }) => gtin ?? '',
  ),
  byName: Map.groupBy(candidates, ({ name }) => nameKey(name)),
});

/** Whether what the line says of the business fits; `undefined` when it says nothing. */
function fitsBusiness(row: SheetRow, candidate: Candidate): boolean | undefined {
  if (row.taxCode !== '' && candidate.taxCode !== null) return digits(row.taxCode) === digits(candidate.taxCode);
  if (row.business !== '') return nameKey(row.business) === nameKey(candidate.business);
  return undefined;
}

type Matched = {
  readonly outcome?: RowOutcome;
  readonly product?: Candidate;
  readonly candidates: readonly Candidate[];
};

/** A code or a barcode says which product is meant, unless what stands beside it says otherwise. */
function matchCoded(row: SheetRow, coded: readonly Candidate[]): Matched {
  const fitting = coded.filter((candidate) => fitsBusiness(row, candidate) !== false);
  const [only, ...more] = fitting;
  if (!only) return { outcome: 'contradiction', candidates: coded };
  return more.length > 0 ? { outcome: 'ambiguous', candidates: fitting } : { product: only, candidates: [] };
}

/** A name needs its business beside it. A code that nobody has beside a name that somebody has is a slip of one of them. */
function matchNamed(row: SheetRow, named: readonly Candidate[]): Matched {
  const hasCode = row.sku !== '' || row.gtin !== '';
  const fitting = named.filter((candidate) => fitsBusiness(row, candidate) === true);
  const [only, ...more] = fitting;
  if (only && more.length === 0 && !hasCode) return { product: only, candidates: [] };
  const open = fitting.length > 0 ? fitting : named.filter((candidate) => fitsBusiness(row, candidate) !== false);
  return { outcome: open.length > 0 ? 'ambiguous' : 'unknown', candidates: open };
}

/** By code first, then by barcode, then by name with its business. */
function match(row: SheetRow, { bySku, byGtin, byName }: Index): Matched {
  const coded = bySku.get(row.sku.toUpperCase()) ?? byGtin.get(digits(row.gtin)) ?? [];
  return coded.length > 0 ? matchCoded(row, coded) : matchNamed(row, byName.get(nameKey(row.name)) ?? []);
}

function scoreOf({ score }: SheetRow): number | 'none' | 'wrong' {
  if (score === '') return 'none';
  const typed = score.replace(',', '.');
  return /^\d{1,3}(\.\d{1,2})?$/.test(typed) ? Math.round(Number(typed) * 10) : 'wrong';
}

const isStar = (star: number | undefined): star is 3 | 4 | 5 => star === 3 || star === 4 || star === 5;

function judgeRow(row: SheetRow, index: Index, { decision, recorded, choices }: Judging): JudgedRow {
  const { outcome, product: found, candidates } = match(row, index);
  const chosen = candidates.find(({ productId }) => productId === choices[row.line]);
  const product = chosen ?? found;
  const star = readStar(row.star);
  const score = scoreOf(row);
  const judged = {
    row,
    product,
    candidates: candidates.slice(0, offered),
    star: isStar(star) ? star : undefined,
    scoreTenths: typeof score === 'number' ? score : undefined,
  };
  if (!isStar(star) || competenceOn(decision.issuer, star, decision.issuedOn) === 'failed')
    return { ...judged, outcome: 'wrong-star' };
  if (score === 'wrong' || (typeof score === 'number' && !isScoreOf(star, score)))
    return { ...judged, outcome: 'wrong-score' };
  if (!product) return { ...judged, outcome: outcome ?? 'unknown' };
  return { ...judged, outcome: recorded.has(product.productId) ? 'recorded' : 'new' };
}

/** What each line would do. Nothing is guessed: what fits several products waits for an officer's choice. */
export function judgeRows(rows: readonly SheetRow[], judging: Judging): readonly JudgedRow[] {
  const index = indexOf(judging.candidates);
  const seen = new Set<string>();
  return rows.map((row) => {
    const judged = judgeRow(row, index, judging);
    const id = judged.product?.productId;
    if (judged.outcome !== 'new' || id === undefined) return judged;
    if (seen.has(id)) return { ...judged, outcome: 'twice' as const };
    seen.add(id);
    return judged;
  });
}
