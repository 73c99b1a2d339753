import { LOCALES, pathIn } from '#web/locale.ts';
import { xmlText } from './sitemaps.ts';
import type { NewProduct } from './views.ts';

type Site = { readonly publicUrl: string; readonly demo: boolean };

/** Pages of one visitor, and lists without end: nothing in them is for others to keep. */
const closed = ['/gio-hang', '/thanh-toan', '/tai-khoan', '/ban-hang', '/quan-tri', '/dang-nhap', '/tim-kiem?'];

/**
 * A demonstration's sellers, prices and certificates are made up, and a search engine would show them as true. Partner
 * exchanges read it all the same: it is there to be tried.
 */
export function robotsOf({ publicUrl, demo }: Site): string {
  const rules = closed.flatMap((path) => LOCALES.map((locale) => `Disallow: ${pathIn(locale, path)}`)).join('\n');
  const sitemap = `Sitemap: ${publicUrl}/sitemap.xml\n`;
  if (!demo) return `User-agent: *\n${rules}\n\n${sitemap}`;
  return `# A demonstration: its sellers, prices and certificates are made up.\nUser-agent: *\nDisallow: /\n\nUser-agent: ocop-federation\n${rules}\n\n${sitemap}`;
}

const itemOf =
  (publicUrl: string) =>
  ({ productId, slug, name, description, businessName, category, createdAt }: NewProduct): string =>
    `<item><title>${xmlText(name)}</title><link>${xmlText(`${publicUrl}/san-pham/${slug}`)}</link><guid isPermaLink="false">${productId}</guid><pubDate>${new Date(createdAt).toUTCString()}</pubDate><category>${xmlText(category)}</category><dc:creator>${xmlText(businessName)}</dc:creator><description>${xmlText(xmlText(description))}</description></item>\n`;

/** Descriptions are HTML to whoever reads RSS, so a `<` of ours is written as HTML has it, and then as XML has that. */
export const rssOf = (publicUrl: string, products: readonly NewProduct[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Chợ Nổi: sản phẩm mới</title><link>${xmlText(publicUrl)}</link><description>Sản phẩm OCOP mới lên sàn</description><language>vi</language><atom:link href="${xmlText(publicUrl)}/feeds/new-products.rss" rel="self" type="application/rss+xml"/>
${products.map(itemOf(publicUrl)).join('')}</channel></rss>
`;

type Category = {
  readonly slug: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly productCount: number;
};

/** By the form of llmstxt.org: what this place is, and where a program finds what in a form that it can read. */
export const llmsOf = ({ publicUrl, demo }: Site, categories: readonly Category[]): string =>
  `# Chợ Nổi

> The marketplace of a Vietnamese province for certified OCOP products: producers' goods with prices, stock and certificates whose stars are computed from verified decisions. Prices are whole đồng (VND), tax included.
${demo ? '\nThis is a demonstration: its sellers, prices and certificates are made up.\n' : ''}
Each product page \`/san-pham/{slug}\` has a twin in Markdown at \`/san-pham/{slug}.md\`; \`/en\` and \`/km\` before the path give English and Khmer. Nothing here needs an account; buying is done by a person on the pages.

## For programs

- [MCP endpoint](${publicUrl}/mcp): streamable HTTP, read-only: search, product, certificate, and an order by its code and phone number
- [API in Markdown](${publicUrl}/docs.md): every operation of the JSON API
- [OpenAPI 3.1](${publicUrl}/openapi.json): the same as a machine reads it
- [Search](${publicUrl}/v1/search?q=banh+pia): products as JSON, forgiving of missing accents

## All goods as files

- [Google Merchant XML](${publicUrl}/feeds/google-merchant.xml)
- [CSV](${publicUrl}/feeds/products.csv)
- [Data Food Consortium JSON-LD](${publicUrl}/feeds/dfc.jsonld)
- [New products, RSS](${publicUrl}/feeds/new-products.rss)
- [Sitemap](${publicUrl}/sitemap.xml)

## What can be trusted

- [Certificates](${publicUrl}/chung-nhan): look a certificate up by its code; signed statements of the register
- [Returns and refunds](${publicUrl}/en/chinh-sach-doi-tra)
- [Producers](${publicUrl}/en/co-so)

## Product sets

${categories
  .filter(({ productCount }) => productCount > 0)
  .map(
    ({ slug, nameVi, nameEn, productCount }) =>
      `- [${nameVi}](${publicUrl}/danh-muc/${slug}): ${nameEn}, ${productCount} products`,
  )
  .join('\n')}
`;
