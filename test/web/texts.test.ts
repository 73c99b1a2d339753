import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { categoryName, categorySlugs } from '#web/i18n/categories.ts';
import { areas, messages } from '#web/i18n/messages.ts';
import { translateIn } from '#web/i18n/translate.ts';
import { localeOf, pathIn } from '#web/locale.ts';

const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort();
const { vi, en, km } = messages;
const entries = Object.entries(vi);

test.each([
  ['English', en],
  ['Khmer', km],
] as const)('%s has every text, with the same holes to fill', (_name, texts) => {
  const table: Readonly<Record<string, string | undefined>> = texts;
  for (const [key, text] of entries) {
    expect(table[key], key).toBeTruthy();
    expect(holes(table[key] ?? ''), key).toEqual(holes(text));
  }
});

test('a key stands in one area: in a second one it would speak in place of the first', () => {
  const keys = areas.flatMap((area) => Object.keys(area.vi));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('no text holds markup: the template would show it as it is', () => {
  for (const texts of [vi, en, km])
    for (const [key, text] of Object.entries(texts)) expect(text, key).not.toMatch(/<\w|&\w+;/);
});

test('a hole has two braces on each side: with one it would be shown', () => {
  // These are filled by a script, in the page.
  const byScript = /^(picture\.ready|noNetwork\.seen|outbox\.)/;
  for (const texts of [vi, en, km])
    for (const [key, text] of Object.entries(texts).filter(([key]) => !byScript.test(key)))
      expect(text.replaceAll(/\{\{\w+\}\}/g, ''), key).not.toMatch(/[{}]/);
});

test('every text is used somewhere', () => {
  const root = new URL('../../src/', import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('i18n'))
    .map((file) => readFileSync(new URL(file, root), 'utf8'))
    .join('\n');
  const said = new Set(sources.match(/'[\w.:-]+'/g));
  expect(entries.map(([key]) => key).filter((key) => !said.has(`'${key}'`))).toEqual([]);
});

test('one product is one product in English too', () => {
  const t = translateIn('en');
  expect(t('search.found', { count: 1 })).toBe('1 product');
  expect(t('search.found', { count: 2 })).toBe('2 products');
});

test('every product set has a name in each language', () => {
  expect(categorySlugs).toHaveLength(26);
  for (const slug of categorySlugs)
    for (const locale of ['vi', 'en', 'km'] as const) expect(categoryName(locale, slug, '')).not.toBe('');
});

test.each([
  ['/', 'vi', '/'],
  ['/en', 'en', '/'],
  ['/km/gio-hang', 'km', '/gio-hang'],
  ['/en?x=1', 'en', '/?x=1'],
  ['/english', 'vi', '/english'],
] as const)('%s is %s of %s', (address, locale, path) => {
  expect(localeOf(address)).toEqual({ locale, path });
});

test('a page and its language make one address', () => {
  expect([pathIn('vi', '/'), pathIn('en', '/'), pathIn('km', '/co-so')]).toEqual(['/', '/en', '/km/co-so']);
});
