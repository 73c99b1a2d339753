import type { Settings } from 'meilisearch';
import { fold } from '#core/vietnamese.ts';
import {
  FACETS,
  type Phrase,
  rankedText,
  type SearchDocument,
  type Synonyms,
  soundsOf,
} from '#features/search/index.ts';
import { facetAttribute } from './filters.ts';

/** Where words are looked for, the most telling first: the `attribute` rule ranks by this order. */
export const WORD_ATTRIBUTES = [
  'name',
  'aliases',
  'tags',
  'english',
  'seller',
  'place',
  'category',
  'ingredients',
  'description',
];
export const SOUND_ATTRIBUTES = ['sounds'];

/**
 * Meilisearch folds accents before it looks for synonyms, so a word that stands for others only with these accents is
 * sent as a token of its own: `dứa` finds what `dua`, `khom` and `thom` find, while `dừa` finds only `dua`.
 */
export const accentToken = (accent: string): string =>
  `z${[...accent].map((letter) => (letter < '\x80' ? letter : `q${letter.charCodeAt(0).toString(36)}`)).join('')}z`;

const joined = (phrase: Phrase): string => phrase.map(({ folded }) => folded).join(' ');

const synonymsSetting = ({ byPhrase, byAccent }: Synonyms): Record<string, string[]> =>
  Object.fromEntries([
    ...[...byPhrase].map(([from, to]) => [from, to.map(({ phrase }) => joined(phrase))] as const),
    ...[...byAccent].map(
      ([accent, to]) => [accentToken(accent), [fold(accent), ...to.map(({ phrase }) => joined(phrase))]] as const,
    ),
  ]);

export const settingsOf = (synonyms: Synonyms): Settings => ({
  searchableAttributes: [...WORD_ATTRIBUTES, ...SOUND_ATTRIBUTES],
  displayedAttributes: ['id', 'text', 'facts'],
  filterableAttributes: [...FACETS.map(facetAttribute), 'facts.categoryId', 'facts.businessId', 'facts.priceVnd'],
  sortableAttributes: ['facts.listedAt', 'facts.priceVnd', 'sortName'],
  rankingRules: ['sort', 'words', 'typo', 'proximity', 'attribute', 'exactness'],
  synonyms: synonymsSetting(synonyms),
  stopWords: [...synonyms.stopWords],
  // Vietnamese syllables have two to six letters: one letter more or less in a short one is another word.
  typoTolerance: { minWordSizeForTypos: { oneTypo: 5, twoTypos: 10 } },
  faceting: { maxValuesPerFacet: 200 },
  // Ranking weighs how close words stand; pairs of words by distance would double the time to index 20,000 products.
  proximityPrecision: 'byAttribute',
  facetSearch: false,
  pagination: { maxTotalHits: 100_000 },
});

export const toIndexed = (document: SearchDocument) => ({
  id: document.productId,
  name: document.name,
  aliases: document.aliases,
  tags: document.tags,
  english: document.english,
  seller: document.seller,
  place: document.place,
  category: document.category,
  ingredients: document.ingredients,
  description: document.description,
  sounds: soundsOf(document),
  sortName: fold(document.name),
  text: rankedText(document),
  facts: document.facts,
});
