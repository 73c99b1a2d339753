import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { accentKey, decodeKeystrokes, fold, sameButForHoiNga, soundOf, words } from '#core/vietnamese.ts';
import type { SearchDocument, SearchFacts } from '#features/search/index.ts';
import { rankedText, soundVector, wordVector } from '#features/search/rules/document.ts';
import { countFacets, passes, priceBand, withoutFilter } from '#features/search/rules/facets.ts';
import { isOneEditAway } from '#features/search/rules/match.ts';
import { createRanking, isUnwanted } from '#features/search/rules/rank.ts';
import { readSynonyms, type SynonymFile } from '#features/search/rules/synonyms.ts';
import { readRankedText } from '#features/search/rules/text.ts';
import { tellingTerms, understand } from '#features/search/rules/understand.ts';
import { filterOf } from '../../../src/adapters/meilisearch/filters.ts';
import { everyTerm } from '../../../src/adapters/postgres-search/tsquery.ts';

const file = new URL('../../../src/demo/data/synonyms.json', import.meta.url);
const synonyms = readSynonyms(JSON.parse(readFileSync(file, 'utf8')) as SynonymFile);
const plan = (q: string) => understand(q, synonyms);

describe('what a keyboard without its Vietnamese driver left', () => {
  test.each([
    ['banhs', 'bánh'],
    ['pias', 'pía'],
    ['hanhf', 'hành'],
    ['chaau', 'châu'],
    ['chauaa', undefined],
    ['xuowngr', 'xưởng'],
    ['xwowngr', 'xưởng'],
    ['ddawcj', 'đặc'],
    ['locs', 'lóc'],
    ['dduwowngf', 'đường'],
    ['nuwowcs', 'nước'],
    ['suwax', 'sữa'],
    ['banh1', 'bánh'],
    ['xu7o7ng3', 'xưởng'],
    ['bánhs', 'bánh'],
    ['bánh', undefined],
    ['d9a65u', 'đậu'],
    ['tra6u', 'trâu'],
    ['rie6ng', 'riêng'],
    ['banh', undefined],
    ['st25', undefined],
    ['ri6', undefined],
    ['cake', undefined],
    ['gift', undefined],
    ['sausage', undefined],
    ['loct', undefined],
    ['x'.repeat(200), undefined],
  ])('%s → %s', (typed, syllable) => {
    expect(decodeKeystrokes(typed)).toBe(syllable === undefined ? undefined : accentKey(syllable));
  });

  test('is undone only where the whole query could be Vietnamese', () => {
    expect(plan('hanhf tims').terms.map(({ folded }) => folded)).toEqual(['hanh', 'tim']);
    expect(plan('gaoj st25').terms.map(({ folded }) => folded)).toEqual(['gao', 'st25']);
    expect(plan('htx bof suwax').terms.map(({ folded }) => folded)).toEqual(['htx', 'bo', 'sua']);
    expect(plan('corn').terms.map(({ folded }) => folded)).toEqual(['corn']);
    const catalogue = (word: string) => ['beef', 'hair'].includes(word);
    expect(understand('beef', synonyms, catalogue).terms.map(({ folded }) => folded)).toEqual(['beef']);
    expect(understand('hair sanr', synonyms, catalogue).terms.map(({ folded }) => folded)).toEqual(['hai', 'san']);
    expect(plan('beef sausage').terms.map(({ folded }) => folded)).toEqual(['beef', 'sausage']);
  });
});

test('tone marks count wherever they stand; hỏi and ngã are near', () => {
  expect(accentKey('hoà')).toBe(accentKey('hòa'));
  expect(accentKey('thuỷ')).toBe(accentKey('thủy'));
  expect(accentKey('dừa')).not.toBe(accentKey('dứa'));
  expect(accentKey('cơm'.normalize('NFD'))).toBe(accentKey('cơm'));
  expect(sameButForHoiNga(accentKey('mảng'), accentKey('mãng'))).toBe(true);
  expect(sameButForHoiNga(accentKey('máng'), accentKey('mãng'))).toBe(false);
});

test.each([
  ['xao', 'sao'],
  ['châu', 'trâu'],
  ['riên', 'riêng'],
  ['hàng', 'hành'],
  ['dò', 'giò'],
  ['xt25', 'st25'],
  ['quý', 'quí'],
  ['trùn', 'trùng'],
  ['ruốt', 'ruốc'],
  ['lem', 'nem'],
])('%s sounds like %s', (a, b) => {
  expect(soundOf(fold(a))).toBe(soundOf(fold(b)));
});

test('words are runs of letters and digits, in any script', () => {
  expect(words("Bird’s nest, ST25 70% — 'đặc-sản' ទឹកត្រី 菜脯")).toEqual([
    'bird',
    'nest',
    'st25',
    '70',
    'đặc',
    'sản',
    'ទឹកត្រី',
    '菜脯',
  ]);
});

test('one edit is one letter, never the first', () => {
  expect(isOneEditAway('nuoc', 'nuuoc')).toBe(true);
  expect(isOneEditAway('banh', 'bahn')).toBe(true);
  expect(isOneEditAway('banh', 'binh')).toBe(true);
  expect(isOneEditAway('banh', 'canh')).toBe(false);
  expect(isOneEditAway('banh', 'bi')).toBe(false);
});

describe('understanding', () => {
  test('synonyms widen both ways, or one way', () => {
    const phrases = (q: string) => plan(q).widenings.map(({ phrase }) => phrase.map(({ folded }) => folded).join(' '));
    expect(phrases('củ cải muối')).toContain('xa bau');
    expect(phrases('xá bấu')).toContain('cu cai muoi');
    expect(phrases('mango')).toContain('xoai');
    expect(phrases('xoài')).not.toContain('mango');
    expect(phrases('អង្ករ')).toContain('gao');
    expect(phrases('hợp tác xã')).toContain('htx');
  });

  test('words that collide without accents have synonyms only with them', () => {
    const others = (q: string) => plan(q).widenings.map(({ phrase }) => phrase[0]?.folded);
    expect(others('dứa')).toEqual(['thom', 'khom']);
    expect(others('dừa')).toEqual([]);
    expect(others('dua')).toEqual([]);
    expect(others('lạc')).toEqual(['dau']);
    expect(others('lác')).toEqual([]);
  });

  test('generic words weigh little, unless there is nothing else', () => {
    expect(tellingTerms(plan('đồ ăn vặt')).map(({ folded }) => folded)).toEqual(['an', 'vat']);
    expect(tellingTerms(plan('đồ nhậu')).map(({ folded }) => folded)).toEqual(['do', 'nhau']);
    expect(tellingTerms(plan('sản phẩm')).map(({ folded }) => folded)).toEqual(['san', 'pham']);
  });

  test('«không …» behind something is what to leave out; at the front it is a thing to look for', () => {
    const { terms, without } = plan('lạp xưởng không thịt heo');
    expect(terms.map(({ folded }) => folded)).toEqual(['lap', 'xuong']);
    expect(without.map((phrase) => phrase.map(({ folded }) => folded).join(' '))).toEqual(['thit heo', 'thit lon']);
    expect(plan('không đường')).toMatchObject({ without: [], terms: [{ folded: 'khong' }, { folded: 'duong' }] });
    expect(plan('bánh pía không')).toMatchObject({ without: [] });
  });

  test('the last word may be unfinished until a space ends it', () => {
    expect(plan('trà mã').terms.map(({ prefix }) => prefix)).toEqual([false, true]);
    expect(plan('trà mã ').terms.map(({ prefix }) => prefix)).toEqual([false, false]);
  });

  test('a long query is cut, not refused', () => {
    expect(plan('bánh '.repeat(500)).terms.length).toBeLessThanOrEqual(12);
  });
});

const facts: SearchFacts = {
  category: 'che-bien-tu-gao-ngu-coc',
  categoryId: 6,
  stars: 4,
  certificate: ['vietgap'],
  ward: '31569',
  business: 'banh-pia',
  businessId: '0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b',
  partner: 'own',
  priceVnd: 85_000,
  price: priceBand(85_000),
  inStock: true,
  points: null,
  pointsCount: 0,
  listedAt: 0,
};
const product = (name: string, more: Partial<SearchDocument> = {}): SearchDocument => ({
  productId: facts.businessId as unknown as SearchDocument['productId'],
  name,
  aliases: [],
  tags: [],
  english: '',
  seller: 'HTX Bờ Kinh',
  place: ['Xã Phú Tâm', 'Huyện Châu Thành'],
  category: [],
  ingredients: '',
  description: '',
  facts,
  ...more,
});

describe('ranking', () => {
  const best = (q: string, ...products: readonly SearchDocument[]): string | undefined => {
    const scoreOf = createRanking(plan(q));
    return products
      .map((one) => ({ name: one.name, ...scoreOf(readRankedText(rankedText(one)), true) }))
      .sort((a, b) => b.score - a.score)[0]?.name;
  };

  test.each([
    ['mè láo', 'Mè láo giòn', 'Me lao xao'],
    ['dừa', 'Kẹo dừa', 'Kẹo dứa'],
    ['mang cau', 'Trà mãng cầu', 'Trà gạo lứt'],
    ['hành tím', 'Hành tím Vĩnh Châu', 'Xà phòng hành tím'],
    ['sầu riêng trứng', 'Bánh pía sầu riêng trứng muối', 'Sầu riêng nguyên trái'],
    ['trà mã', 'Trà mãng cầu', 'Trà mật ong'],
    ['khô châu', 'Khô trâu ướp sả', 'Khô mực câu'],
    ['ruốc heo', 'Chà bông heo', 'Ruốc khô'],
    ['củ cải muối', 'Xá bấu nguyên củ', 'Muối tinh'],
  ])('%s: %s before %s', (q, first, second) => {
    expect(best(q, product(second), product(first))).toBe(first);
  });

  test('a place that is named whole counts more than a word shared with another', () => {
    const here = product('Gạo thơm', { place: ['Xã Liêu Tú', 'Huyện Trần Đề'] });
    const there = product('Gạo lứt', { place: ['Phường Trần Hưng', 'Huyện Khác'] });
    expect(best('gạo trần đề', there, here)).toBe('Gạo thơm');
  });

  test('what a product is without does not count as what it has', () => {
    const without = product('Bánh pía đậu xanh', { tags: ['không sầu riêng'] });
    expect(best('bánh pía sầu riêng', without, product('Bánh pía sầu riêng'))).toBe('Bánh pía sầu riêng');
    const q = plan('bánh pía không sầu riêng');
    expect(isUnwanted(q, readRankedText(rankedText(without)))).toBe(false);
    expect(isUnwanted(q, readRankedText(rankedText(product('Bánh pía', { ingredients: 'sầu riêng 15%' }))))).toBe(true);
    expect(isUnwanted(plan('banh pia khong sau rieng'), readRankedText(rankedText(product('Pía sầu riêng'))))).toBe(
      true,
    );
  });

  test('separators inside a text do not become parts of their own', () => {
    const odd = product('Bánh; pía\nlạ', { aliases: ['a;b', "c\nd 'e\\"] });
    expect(readRankedText(rankedText(odd)).segments.filter(({ field }) => field === 'aliases')).toHaveLength(2);
    expect(wordVector(odd)).toContain("'banh':");
    expect(soundVector(odd)).not.toContain('\\');
  });
});

describe('facets and filters', () => {
  test('a price lies in one band', () => {
    expect([0, 49_999, 50_000, 199_999, 1_000_000, 9_000_000].map(priceBand)).toEqual([
      '0-49999',
      '0-49999',
      '50000-99999',
      '100000-199999',
      '1000000-',
      '1000000-',
    ]);
  });

  test('a facet counts as if its own filter were not set', () => {
    const other = { ...facts, stars: 3, inStock: false } as const;
    const counts = countFacets([facts, other], { stars: [3] });
    expect(counts.stars).toEqual({ '3': 1, '4': 1 });
    expect(counts.inStock).toEqual({ false: 1 });
    expect(passes(facts, { category: ['6'], business: [facts.businessId], priceMax: 85_000 })).toBe(true);
    expect(passes(facts, { priceMin: 85_001 })).toBe(false);
    expect(withoutFilter({ priceMin: 1, priceMax: 2, ward: ['x'] }, 'price')).toEqual({ ward: ['x'] });
  });

  test('a filter value reaches Meilisearch quoted, whatever it is', () => {
    expect(filterOf({ ward: ['1" OR x = "'], category: ['6', 'gao'], inStock: true, stars: [4, 5] })).toEqual([
      ['facts.categoryId = 6', 'facts.category = "gao"'],
      ['facts.stars = 4', 'facts.stars = 5'],
      ['facts.ward = "1\\" OR x = \\""'],
      ['facts.inStock = true'],
    ]);
  });

  test('a query reaches PostgreSQL as quoted lexemes', () => {
    expect(everyTerm(plan("gà' & !hem | (x"))).toBe("('ga' & 'hem' & 'x':*)");
    expect(everyTerm(plan('mango'))).toBe("('mango':* | ('xoai'))");
    expect(everyTerm(plan(''))).toBeUndefined();
  });
});
