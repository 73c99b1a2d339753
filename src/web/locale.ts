export const LOCALES = ['vi', 'en', 'km'] as const;
export type Locale = (typeof LOCALES)[number];

/** Vietnamese lives at the root; the other languages have a prefix, so that each page has one address per language. */
export const prefixOf = (locale: Locale): '' | '/en' | '/km' => (locale === 'vi' ? '' : `/${locale}`);

/** The address of `path` (which starts with a slash) in a language. */
export const pathIn = (locale: Locale, path: string): string =>
  path === '/' ? prefixOf(locale) || '/' : prefixOf(locale) + path;

/** Splits what a browser asked for into its language and the path without it. */
export function localeOf(path: string): { readonly locale: Locale; readonly path: string } {
  const match = /^\/(en|km)(?=\/|$|\?)/.exec(path);
  if (!match) return { locale: 'vi', path };
  const rest = path.slice(3);
  return { locale: match[1] === 'en' ? 'en' : 'km', path: rest.startsWith('/') ? rest : `/${rest}` };
}
