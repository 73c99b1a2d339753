import { accentKey, decodeKeystrokes, fold, isSyllable, soundOf, words } from '#core/vietnamese.ts';
import { joined, type Phrase, type Synonym, type Synonyms, type Word } from './synonyms.ts';

/** One word of a query. */
export type Term = Word & {
  /** Whether accents were typed (or left as keystrokes): then a product spelt with other accents is worth less. */
  readonly accented: boolean;
  /** What stood in the query, when keystrokes were decoded: `beef` is no `bề` to someone who writes English. */
  readonly typed: string;
  readonly sound: string;
  /** 1 for a word that says what is wanted, less for one that fits anything on sale. */
  readonly weight: number;
  /** The last word may be unfinished. */
  readonly prefix: boolean;
};

/** Another way to say the terms from `from` up to, not including, `to`. */
export type Widening = Synonym & { readonly from: number; readonly to: number };

export type SearchPlan = {
  readonly terms: readonly Term[];
  readonly widenings: readonly Widening[];
  /** Phrases after «không»: a product that has one, and does not say that it is without it, is left out. */
  readonly without: readonly Phrase[];
};

/** Longer queries are sentences: what they ask for has been said by then, and each word costs the engine. */
const maxTerms = 12;

/** Words that name a class of anything on sale, and legal forms of sellers: they say little about which one. */
const generic = new Set(
  (
    'đồ,món,loại,hàng,cái,các,những,cho,với,ở,tại,từ,mua,bán,ngon,sản phẩm,thực phẩm,đặc sản,mặt hàng,' +
    'htx,hợp tác xã,tổ hợp tác,hkd,hộ kinh doanh,cty,công ty,tnhh,dntn,cơ sở'
  )
    .split(',')
    .map(fold),
);
const genericWeight = 0.35;
const stopWeight = 0.1;

const negations = new Set(['khong', 'ko', 'no', 'without']);
const conjunctions = new Set(['va', 'hoac', 'hay', 'nhung', 'co', 'and', 'or', 'with']);

const isNegation = ({ folded, accent }: Word): boolean =>
  negations.has(folded) && (accent === folded || accent === 'không'.normalize('NFD'));

type Read = { readonly typed: string; readonly folded: string; readonly accent: string };

/**
 * Whether somebody typed Vietnamese without its driver: every word is a syllable or the keystrokes of one (`nuts` beside
 * `cashew` is English), and some word is nothing else (`beef` alone is what the catalogue calls beef, but `hair` in
 * «hair sanr» is hải).
 */
function isKeystrokes(typed: readonly string[], isKnown: (folded: string) => boolean): boolean {
  const isOther = (word: string): boolean =>
    /[aeiouy]/.test(word) && /^[a-z]{3,}$/.test(word) && !isSyllable(word) && decodeKeystrokes(word) === undefined;
  return !typed.some(isOther) && typed.some((word) => !isKnown(word) && decodeKeystrokes(word) !== undefined);
}

function readWords(query: string, isKnown: (folded: string) => boolean): readonly Read[] {
  const typed = words(query).slice(0, maxTerms * 2);
  const decodes = isKeystrokes(typed, isKnown);
  return typed.map((word) => {
    // Digits are no letters of English: `banh1` is bánh whatever stands beside it.
    const decoded = decodes || (/\d/.test(word) && !isKnown(word)) ? decodeKeystrokes(word) : undefined;
    const accent = decoded ?? accentKey(word);
    return { typed: fold(word), folded: fold(accent), accent };
  });
}

/** Splits «bánh pía không sầu riêng» into what is wanted and what is not. «không đường» alone is a thing to look for. */
function splitNegation(read: readonly Read[]): {
  readonly wanted: readonly Read[];
  readonly unwanted: readonly Read[];
} {
  const at = read.findIndex((word, index) => index > 0 && index < read.length - 1 && isNegation(word));
  if (at < 0) return { wanted: read, unwanted: [] };
  const rest = read.slice(at + 1);
  const end = rest.findIndex((word, index) => index > 0 && conjunctions.has(word.folded));
  const unwanted = end < 0 ? rest : rest.slice(0, end);
  return { wanted: [...read.slice(0, at), ...(end < 0 ? [] : rest.slice(end + 1))], unwanted };
}

function weigh(read: readonly Read[], synonyms: Synonyms): readonly number[] {
  const weights: number[] = read.map(({ folded }) => (synonyms.stopWords.has(folded) ? stopWeight : 1));
  for (let from = 0; from < read.length; from += 1) {
    for (let to = from + 1; to <= Math.min(read.length, from + 3); to += 1) {
      if (generic.has(joined(read.slice(from, to)))) weights.fill(genericWeight, from, to);
    }
  }
  // A query of nothing but generic words still asks for something.
  return weights.every((weight) => weight < 1) ? weights.map(() => 1) : weights;
}

function widen(read: readonly Read[], synonyms: Synonyms): readonly Widening[] {
  return read.flatMap((word, from) => {
    const longest = Math.min(synonyms.longestPhrase, read.length - from);
    const phrases = Array.from({ length: longest }, (_, more) => from + more + 1).flatMap((to) =>
      (synonyms.byPhrase.get(joined(read.slice(from, to))) ?? []).map((synonym) => ({ ...synonym, from, to })),
    );
    const exact = word.accent === word.folded ? [] : (synonyms.byAccent.get(word.accent) ?? []);
    return [...phrases, ...exact.map((synonym) => ({ ...synonym, from, to: from + 1 }))];
  });
}

/**
 * What the shopper asks for, once keyboard, accents, synonyms and «không …» are understood. `isKnown` tells whether the
 * catalogue has a word, folded.
 */
export function understand(
  query: string,
  synonyms: Synonyms,
  isKnown: (folded: string) => boolean = () => false,
): SearchPlan {
  const known = (word: string): boolean => synonyms.foreign.has(word) || isKnown(word);
  const { wanted, unwanted } = splitNegation(readWords(query, known));
  const read = wanted.slice(0, maxTerms);
  const weights = weigh(read, synonyms);
  const open = /[\p{L}\p{M}\p{N}]$/u.test(query);
  const terms = read.map(
    (word, index): Term => ({
      ...word,
      accented: word.accent !== word.folded,
      sound: soundOf(word.folded),
      weight: weights[index] ?? 1,
      prefix: open && unwanted.length === 0 && index === read.length - 1,
    }),
  );
  const others = widen(unwanted, synonyms).filter(({ from, to }) => from === 0 && to === unwanted.length);
  const without = unwanted.length === 0 ? [] : [unwanted, ...others.map(({ phrase }) => phrase)];
  return { terms, widenings: widen(read, synonyms), without };
}

/** Whether a synonym stands for this term together with its neighbours. */
export const isInPhrase = (plan: SearchPlan, place: number): boolean =>
  plan.widenings.some(({ from, to }) => to > from + 1 && from <= place && place < to);

/**
 * The terms that say what is wanted: «đồ ăn vặt» is looked for as «ăn vặt», but «đồ nhậu» as a whole, since it has
 * synonyms as a whole.
 */
export function tellingTerms(plan: SearchPlan): readonly Term[] {
  const telling = plan.terms.filter(({ weight }, place) => weight === 1 || isInPhrase(plan, place));
  return telling.length > 0 ? telling : plan.terms;
}
