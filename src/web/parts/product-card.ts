import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';
import { type PartnerOf, partnerLabel } from './partner-label.ts';
import { ratingTag } from './points.ts';
import { price } from './price.ts';
import { claim, kindStamp, stars } from './stars.ts';
import { wayOut } from './way-out.ts';

/** What a card needs of a product; the API's product shape fits. */
export type CardProduct = {
  readonly slug: string;
  readonly name: string;
  readonly nameEn: string;
  readonly star: number | null;
  readonly certifiedAs: readonly string[];
  readonly business: { readonly name: string; readonly holidayUntil?: string | null };
  readonly ward: { readonly name: string } | null;
  readonly image: {
    readonly src: string;
    readonly width: number;
    readonly height: number;
    readonly alt: string;
    readonly colour: string | null;
  };
  readonly partner: (PartnerOf & { readonly uri: string; readonly claimedStar: number | null }) | null;
  readonly rating: { readonly average: number; readonly count: number } | null;
  readonly variants: readonly {
    readonly label: string;
    readonly priceVnd: number;
    readonly compareAtVnd: number | null;
    readonly available: number;
  }[];
};

/** The widths that pictures are encoded in; a card is about 160 px wide on a phone and 290 px on a desk. */
const widths = [160, 320, 640] as const;
/** On its own page a picture fills a phone, and half of a desk. */
const pageWidths = [320, 640, 1_280] as const;
const pageSizes = '(min-width: 60rem) 36rem, 100vw';
const sizes = '(min-width: 68rem) 290px, (min-width: 40rem) 30vw, 44vw';

/** Only pictures that the shop serves come in sizes; anything else is taken as it is. */
export const pictureSource = (src: string, onPage = false): SafeHtml => {
  const [, path] = /^(\/pictures\/[\w-]+\/)\d+$/.exec(src) ?? [];
  if (path === undefined) return html`src="${src}"`;
  const all: readonly number[] = onPage ? pageWidths : widths;
  return html`src="${path}${onPage ? 640 : 320}" srcset="${all.map((width) => `${path}${width} ${width}w`).join(', ')}" sizes="${onPage ? pageSizes : sizes}"`;
};

/** The colour that stands in for a photograph until it has come. */
export const tone = ({ colour }: { readonly colour: string | null }): SafeHtml | false =>
  colour !== null && html` data-tone="${colour}"`;

/** The first row is what a visitor waits for: it loads at once, the rest when it comes near. */
const loading = (index: number): SafeHtml =>
  index < 2 ? html`fetchpriority="high"` : index < 4 ? html`loading="eager"` : html`loading="lazy" decoding="async"`;

export function productCard(view: View, product: CardProduct, index: number, now: Date): SafeHtml {
  const { t, either, format, link } = view;
  const { business } = product;
  const [first] = product.variants;
  const soldOut = product.variants.every(({ available }) => available <= 0);
  const { image } = product;
  return html`<li class="card"><img ${pictureSource(image.src)} alt="" width="${image.width}" height="${image.height}"${tone(image)} ${loading(index)}>
${product.star !== null && html`<span class="over">${stars(view, product.star)}</span>`}
<div class="text"><h3><a href="${link(`/san-pham/${product.slug}`)}">${either(product.name, product.nameEn)}</a></h3>
<p class="by">${product.business.name}${product.ward && html`<br>${product.ward.name}`}</p>
${product.rating && html`<p>${ratingTag(view, product.rating)}</p>`}
${product.certifiedAs.length > 0 && html`<p>${product.certifiedAs.map((kind) => kindStamp(view, kind))}</p>`}
${product.partner && html`<p>${partnerLabel(view, product.partner, now)}</p>`}${claim(view, product)}
${business.holidayUntil && html`<p><span class="tag wait">${t('place.holidayTag', { to: format.date(new Date(`${business.holidayUntil}T00:00:00+07:00`)) })}</span></p>`}
${soldOut && html`<p><span class="tag wait">${t('product.soldOut')}</span></p>`}
${first && price(view, { ...first, unit: first.label, from: product.variants.length > 1 })}${product.partner && wayOut(view, product.partner)}</div></li>`;
}

export const productGrid = (view: View, products: readonly CardProduct[], now: Date, eager = true): SafeHtml =>
  html`<ul class="grid">${products.map((product, index) => productCard(view, product, eager ? index : 99, now))}</ul>`;
