import { LOCALES, pathIn } from '#web/locale.ts';
import type { Listed } from './views.ts';

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
export const xmlText = (text: string): string =>
  text.replace(forbidden, '').replace(/[&<>"]/g, (letter) => markup[letter] ?? letter);

/** Pages without a thing of their own that anybody may find. */
const standing = [
  '/',
  '/co-so',
  '/ban-do',
  '/tim-kiem',
  '/chung-nhan',
  '/tra-cuu',
  '/uu-dai',
  '/hop-qua',
  '/chinh-sach-doi-tra',
  '/khieu-nai',
  '/bieu-phi',
  '/bao-cao',
  '/chinh-sach',
  '/quy-che',
  '/chinh-sach-khieu-nai',
  '/thu-tu-hien-thi',
  '/chu-quan',
  '/quyen-rieng-tu',
];
export const standingPages: readonly Listed[] = standing.map((path) => ({ path, changedAt: null, pictureIds: [] }));

/** A page in each language, each naming the others, as search engines ask of translations. */
const urlOf =
  (publicUrl: string) =>
  ({ path, changedAt, pictureIds }: Listed): string => {
    const at = (locale: (typeof LOCALES)[number]): string => xmlText(publicUrl + pathIn(locale, path));
    const others = [...LOCALES.map((locale) => [locale, at(locale)] as const), ['x-default', at('vi')] as const].map(
      ([language, address]) => `<xhtml:link rel="alternate" hreflang="${language}" href="${address}"/>`,
    );
    const pictures = pictureIds.map(
      (id) => `<image:image><image:loc>${xmlText(`${publicUrl}/pictures/${id}/640`)}</image:loc></image:image>`,
    );
    const rest = `${changedAt ? `<lastmod>${changedAt}</lastmod>` : ''}${others.join('')}${pictures.join('')}`;
    return LOCALES.map((locale) => `<url><loc>${at(locale)}</loc>${rest}</url>\n`).join('');
  };

export const sitemapOf = (publicUrl: string, pages: readonly Listed[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
${pages.map(urlOf(publicUrl)).join('')}</urlset>
`;

export const indexOf = (publicUrl: string, names: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${names.map((name) => `<sitemap><loc>${xmlText(`${publicUrl}/sitemaps/${name}.xml`)}</loc></sitemap>\n`).join('')}</sitemapindex>
`;
