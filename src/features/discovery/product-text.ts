import type { ProductDetail } from '#features/products/index.ts';
import { kindName } from '#web/parts/stars.ts';
import type { View } from '#web/view.ts';

/** Nothing that somebody typed may open a link, a heading, a table cell or HTML of its own. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replace(/^([-+=]|\d+[.)])/, '\\$1');
const paragraphs = (text: string): string =>
  text
    .split(/\n+/)
    .map(plain)
    .filter((line) => line !== '')
    .join('\n\n');

const prices = ({ t, format }: View, { variants }: ProductDetail): string =>
  `| ${t('product.choose')} | VND | ${t('fact.sku')} | ${t('fact.weight')} | |
|---|--:|---|--:|---|
${variants
  .map(
    ({ label, priceVnd, sku, netWeightG, available }) =>
      `| ${plain(label)} | ${priceVnd} | ${plain(sku)} | ${netWeightG > 0 ? format.weight(netWeightG) : ''} | ${
        available > 0 ? t('product.left', { count: available }) : t('product.soldOut')
      } |`,
  )
  .join('\n')}`;

function certificates(view: View, { certificates: all }: ProductDetail): string {
  const { site, link, format } = view;
  return all
    .filter(({ status }) => status === 'verified')
    .map(({ kind, star, decisionNumber, issuer, validUntil, code }) => {
      const name = star === null ? kindName(view, kind) : `OCOP ${star}★`;
      const until = validUntil === null ? '' : `, → ${format.date(new Date(validUntil))}`;
      return `- [${plain(name)}](${site.publicUrl}${link(`/chung-nhan/${code}`)}): ${plain(decisionNumber)}, ${plain(issuer)}${until}`;
    })
    .join('\n');
}

/** A product page as a program reads it: the same facts in the same language, without the page around them. */
export function productText(view: View, product: ProductDetail): string {
  const { t, site, link, either, format } = view;
  const address = site.publicUrl + link(`/san-pham/${product.slug}`);
  const facts: readonly (readonly [string, string | false | null])[] = [
    [t('fact.ingredients'), product.ingredientsVi],
    [t('fact.weight'), product.netWeightG > 0 && format.weight(product.netWeightG)],
    [t('fact.shelfLife'), product.shelfLifeDays !== null && t('fact.days', { count: product.shelfLifeDays })],
    [t('fact.gtin'), product.gtin],
  ];
  const known = facts.flatMap(([name, value]) => (value ? [`- ${name}: ${plain(value)}`] : []));
  const parts = [
    `# ${plain(either(product.name, product.nameEn))}`,
    site.demo && `> ${plain(t('site.sample'))}`,
    paragraphs(either(product.descriptionVi, product.descriptionEn)),
    product.partner && plain(t('partner.text', { name: product.partner.name })),
    product.star === null &&
      product.partner?.claimedStar &&
      plain(t('partner.claims', { count: product.partner.claimedStar, name: product.partner.name })),
    prices(view, product),
    certificates(view, product),
    `- ${t('product.madeBy')}: [${plain(product.business.name)}](${site.publicUrl}${link(`/co-so/${product.business.slug}`)})${product.ward ? `, ${plain(product.ward.name)}` : ''}`,
    known.join('\n'),
    `<${address}>`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
