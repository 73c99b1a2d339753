import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { actName } from '#web/i18n/acts.ts';
import { LOCALES } from '#web/locale.ts';

test('every act that the sources write into the log has a name in each language', () => {
  const written = globSync('src/features/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\baction: '([a-z-]+\.[a-z-]+)'/g)].map(([, act = '']) => act),
  );
  expect(written.length).toBeGreaterThan(30);
  const nameless = written.filter((act) => LOCALES.some((locale) => actName(locale, act) === act));
  expect([...new Set(nameless)]).toEqual([]);
});
