import { accentKey, fold, isSyllable, words } from '#core/vietnamese.ts';

/** The file of synonyms as people keep it: `src/demo/data/synonyms.json` explains its own groups. */
export type SynonymFile = {
  readonly oneWay: ReadonlyArray<{ readonly from: string; readonly to: readonly string[] }>;
  readonly twoWay: ReadonlyArray<readonly string[]>;
  readonly accentSensitive: ReadonlyArray<readonly string[]>;
  readonly stopWords: readonly string[];
};

/** A word twice: without accents for finding, with them for ranking. */
export type Word = { readonly folded: string; readonly accent: string };
export type Phrase = readonly Word[];

/** What may stand for a phrase. `alike` is false when the other phrase is only one kind of what was asked. */
export type Synonym = { readonly phrase: Phrase; readonly alike: boolean };

export type Synonyms = {
  /** By folded phrase, its words joined by a space. */
  readonly byPhrase: ReadonlyMap<string, readonly Synonym[]>;
  /** By accent key of one word: dứa is pineapple, while dừa and dưa are not. */
  readonly byAccent: ReadonlyMap<string, readonly Synonym[]>;
  readonly stopWords: ReadonlySet<string>;
  /** Latin words that are no Vietnamese syllable, such as `corn`: not to be taken for keystrokes. */
  readonly foreign: ReadonlySet<string>;
  readonly longestPhrase: number;
};

/** How legal forms are shortened in names and in queries alike. */
const abbreviations: ReadonlyArray<readonly string[]> = [
  ['htx', 'hợp tác xã'],
  ['tht', 'tổ hợp tác'],
  ['hkd', 'hộ kinh doanh'],
  ['dntn', 'doanh nghiệp tư nhân'],
  ['cty', 'công ty'],
];

export const phraseOf = (text: string): Phrase =>
  words(text).map((word) => ({ folded: fold(word), accent: accentKey(word) }));

export const joined = (phrase: Phrase): string => phrase.map(({ folded }) => folded).join(' ');

type Table = Map<string, Synonym[]>;

function add(table: Table, key: string, phrase: Phrase, alike: boolean): void {
  if (key === '' || key === joined(phrase)) return;
  const known = table.get(key) ?? [];
  if (known.some((synonym) => joined(synonym.phrase) === joined(phrase))) return;
  table.set(key, [...known, { phrase, alike }]);
}

const pairs = (group: readonly string[]) => group.flatMap((from) => group.map((to) => [from, to] as const));

/** Turns the file into look-up tables. Groups under `accentSensitive` answer only to words typed with those accents. */
export function readSynonyms(file: SynonymFile): Synonyms {
  const byPhrase: Table = new Map();
  const byAccent: Table = new Map();
  for (const [from, to] of [...file.twoWay, ...abbreviations].flatMap(pairs)) {
    add(byPhrase, joined(phraseOf(from)), phraseOf(to), true);
  }
  for (const { from, to } of file.oneWay) {
    for (const other of to) add(byPhrase, joined(phraseOf(from)), phraseOf(other), false);
  }
  for (const [from, to] of file.accentSensitive.flatMap(pairs)) {
    const [word, ...more] = phraseOf(from);
    if (word && more.length === 0 && from !== to) add(byAccent, word.accent, phraseOf(to), true);
  }
  const longestPhrase = Math.max(1, ...[...byPhrase.keys()].map((key) => key.split(' ').length));
  const foreign = new Set([...byPhrase.keys()].flatMap((key) => key.split(' ')).filter((word) => !isSyllable(word)));
  return { byPhrase, byAccent, stopWords: new Set(file.stopWords.map(fold)), foreign, longestPhrase };
}
