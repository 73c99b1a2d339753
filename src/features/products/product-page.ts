import { startOfLocalDay } from '#core/clock.ts';
import type { BusinessDetail } from '#features/businesses/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { categoryName } from '#web/i18n/categories.ts';
import { layout } from '#web/layout.ts';
import { breadcrumb, breadcrumbData, type Crumb } from '#web/parts/breadcrumb.ts';
import { sellerPlace } from '#web/parts/business-card.ts';
import { csrfField } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { partnerLabel } from '#web/parts/partner-label.ts';
import { ratingBox, ratingTag, reviewBox, type ShownRating, type ShownReview } from '#web/parts/points.ts';
import { price } from '#web/parts/price.ts';
import { pictureSource, productGrid, tone } from '#web/parts/product-card.ts';
import { questionBox, type ShownQuestion } from '#web/parts/questions.ts';
import { certificateBadge, claim, kindName, stars } from '#web/parts/stars.ts';
import { wayOutPath } from '#web/parts/way-out.ts';
import type { View } from '#web/view.ts';
import { productData } from './structured-data.ts';
import type { CertificateOfProduct, ProductCard, ProductDetail, VariantView } from './views.ts';
import { allergenWords, perKilogram, storageWords } from './words.ts';

/** A batch that can be traced from here. */
export type ShownBatch = { readonly code: string; readonly lot: string; readonly recalledAt: Date | null };
/** What buyers gave and the last of what they said. */
export type ShownReviews = { readonly rating: ShownRating; readonly items: readonly ShownReview[] };
/** How many questions there are, and the newest of those that were answered. */
export type ShownQuestions = { readonly count: number; readonly items: readonly ShownQuestion[] };
export type ProductFacts = {
  readonly product: ProductDetail;
  readonly business: BusinessDetail;
  readonly fromBusiness: readonly ProductCard[];
  readonly alike: readonly ProductCard[];
  readonly batches: readonly ShownBatch[];
  readonly reviews: ShownReviews;
  readonly questions: ShownQuestions;
  /** Where a partner takes orders through us: the way into the cart. */
  readonly order: SafeHtml | false;
  readonly now: Date;
};

const variantChoice = (view: View, variant: VariantView, index: number): SafeHtml => {
  const { t, format } = view;
  const unitPrice = perKilogram(variant);
  return html`<label class="choice"><input type="radio" name="variantId" value="${variant.variantId}"${index === 0 && html` checked`}${variant.available <= 0 && html` disabled`}>
<span><b>${variant.label}</b><small class="soft">${variant.available > 0 ? t('product.left', { count: variant.available }) : t('product.soldOut')}${
    unitPrice !== undefined && html` · ${t('product.perKilo', { price: format.vnd(unitPrice) })}`
  }</small></span><span class="choice-price">${format.vnd(variant.priceVnd)}</span></label>`;
};

function buyForm(view: View, product: ProductDetail): SafeHtml {
  const { t, format, link } = view;
  const { variants } = product;
  const [first] = variants;
  const buyable = variants.filter(({ available }) => available > 0);
  const { holidayUntil } = product.business;
  if (holidayUntil !== null)
    return html`<p class="notice wait">${t('place.holidayTag', { to: format.date(startOfLocalDay(holidayUntil)) })}</p>`;
  if (!first || buyable.length === 0) return html`<p class="notice wait">${t('product.soldOutText')}</p>`;
  const unitPrice = perKilogram(first);
  return html`<form class="buy stack" method="post" action="${link('/gio-hang')}">${csrfField(view.csrf)}<input type="hidden" name="do" value="add">
${price(view, { ...first, unit: first.label, from: variants.length > 1 })}
<p class="small soft">${product.vatBps === 0 ? t('price.vatNone') : t('price.vatAt', { percent: product.vatBps / 100 })}</p>
${
  variants.length > 1
    ? html`<fieldset><legend>${t('product.choose')}</legend>${variants.map((variant, index) => variantChoice(view, variant, index))}</fieldset>`
    : html`<p class="soft">${unitPrice !== undefined && html`${t('product.perKilo', { price: format.vnd(unitPrice) })} · `}${t('product.left', { count: first.available })}</p>
<input type="hidden" name="variantId" value="${first.variantId}">`
}
<p class="quantity"><label for="quantity">${t('product.quantity')}</label>
<input id="quantity" name="quantity" type="number" inputmode="numeric" value="${first.minOrder}" min="${first.minOrder}" max="${first.maxOrder}" required></p>
${product.isAlcohol && html`<label class="tick"><input type="checkbox" name="age" value="1" required> ${t('age.ask')}</label>`}
<button class="button wide" type="submit">${icon('basket')}${t('product.add')}</button>
<p class="small soft">${icon('truck')} ${t('product.shipping')}</p></form>`;
}

const partnerOffer = (view: View, product: ProductDetail, now: Date, order: SafeHtml | false): SafeHtml => {
  const { t } = view;
  const [first] = product.variants;
  const { partner } = product;
  return html`<div class="buy stack">${first && price(view, { ...first, unit: first.label })}
<p>${partnerLabel(view, product.partner, now)}</p><p>${t(order ? 'partner.here' : 'partner.text', { name: product.partner?.name ?? '' })}</p>
${order}${
  partner?.landingUrl &&
  html`<a class="button wide${order && html` quiet`}" rel="nofollow sponsored noopener external" href="${view.link(wayOutPath(partner.uri))}">${icon('boat')}${t('partner.visit')} (${t('referral.leave')})</a>
<p class="small soft">${t('referral.label')}</p>`
}</div>`;
};

/** Kept in the shopper's own browser, to look at again or to compare. */
const saveForm = ({ t, link, csrf }: View, { productId }: ProductDetail): SafeHtml =>
  html`<form method="post" action="${link('/da-luu')}">${csrfField(csrf)}<input type="hidden" name="product" value="${productId}">
<button class="link-button" type="submit">${t('saved.add')}</button></form>`;

const certificateLine = (view: View, certificate: CertificateOfProduct): SafeHtml => {
  const { t, link, format } = view;
  if (certificate.status === 'verified') return html`<p>${certificateBadge(view, certificate)}</p>`;
  const { kind, validUntil, decisionNumber: number } = certificate;
  // Since the first instant after the last day.
  const date = validUntil === null ? '' : format.date(new Date(validUntil));
  const lapsed = kind === 'ocop' ? 'stars.expired' : 'stars.kindExpired';
  const words = t(certificate.status === 'expired' ? lapsed : 'stars.revoked', {
    number,
    date,
    kind: kindName(view, kind),
  });
  return html`<p class="small soft"><a href="${link(`/chung-nhan/${certificate.code}`)}">${words}</a></p>`;
};

function facts(view: View, product: ProductDetail): SafeHtml {
  const { t, format } = view;
  const rows: readonly (readonly [string, string | false | null])[] = [
    [t('fact.ingredients'), product.ingredientsVi],
    [t('fact.allergens'), allergenWords(view, product.allergens)],
    [t('fact.weight'), product.netWeightG > 0 && format.weight(product.netWeightG)],
    [t('fact.storage'), storageWords(view, product.storage)],
    [t('fact.shelfLife'), product.shelfLifeDays !== null && t('fact.days', { count: product.shelfLifeDays })],
    [
      t('fact.season'),
      product.seasonMonths.length > 0 && format.list(product.seasonMonths.map((month) => t('fact.month', { month }))),
    ],
    [t('fact.sku'), product.sku],
    [t('fact.gtin'), product.gtin],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => value && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

const batchList = ({ t, link }: View, batches: readonly ShownBatch[]): SafeHtml | false =>
  batches.length > 0 &&
  html`<details class="fold"><summary><h2>${t('trace.batches')}</h2></summary><ul>${batches.map(
    ({ code, lot, recalledAt }) =>
      html`<li><a href="${link(`/truy-xuat/${code}`)}">${t('trace.title', { lot })}</a>${recalledAt && html` <span class="tag bad">${t('batch.recalled')}</span>`}</li>`,
  )}</ul></details>`;

const producer = (view: View, business: BusinessDetail, partner: ProductDetail['partner']): SafeHtml => {
  const { t, either, link } = view;
  // Of a producer of another exchange we have checked nothing.
  const trust = partner
    ? t('product.whyTrustAway', { partner: partner.name })
    : t('product.whyTrust', { count: business.productCount });
  return html`<section class="box stack" aria-labelledby="producer"><h2 id="producer">${t('product.madeBy')}</h2>
<h3><a href="${link(`/co-so/${business.slug}`)}">${business.name}</a></h3>
${sellerPlace(business) !== '' && html`<p class="row soft">${icon('place')}${sellerPlace(business)}</p>`}
<p>${either(business.storyVi, business.storyEn)}</p>
<p class="small soft">${trust}</p></section>`;
};

/** What buyers say, below what the seller says. A partner's goods are bought there, and so reviewed there. */
function saidByBuyers(view: View, { product, business, reviews: { rating, items } }: ProductFacts): SafeHtml | false {
  if (product.partner) return false;
  const { t, link } = view;
  const all = link(`/san-pham/${product.slug}/danh-gia`);
  return html`<section class="section stack" aria-labelledby="danh-gia"><h2 class="section-head" id="danh-gia">${t('reviews.heading')}</h2>${ratingBox(view, rating)}
${items.length > 0 && html`<ul class="reviews">${items.map((one) => reviewBox(view, one, business.name))}</ul>`}
<p class="row">${rating.count > items.length && html`<a class="button quiet" href="${all}">${t('reviews.all', { count: rating.count })}</a>`}<a href="${link('/danh-gia')}">${t('reviews.write')}</a></p><p class="small soft">${t('reviews.only')}</p>
<p><a href="${link(`/phan-anh?sp=${product.slug}`)}">${t('report.ofThis')}</a></p></section>`;
}

/** What others asked and the seller answered, and the way to ask. */
function askedByShoppers(
  view: View,
  { product, business, questions: { count, items } }: ProductFacts,
): SafeHtml | false {
  if (product.partner) return false;
  const { t, link } = view;
  const path = link(`/san-pham/${product.slug}/hoi-dap`);
  return html`<section class="section stack" aria-labelledby="hoi-dap"><h2 class="section-head" id="hoi-dap">${t('asked.heading')}</h2>
${items.length > 0 ? html`<ul class="reviews">${items.map((one) => questionBox(view, one, business.name))}</ul>` : count === 0 && html`<p class="soft">${t('asked.none')}</p>`}
<p class="row">${count > 0 && html`<a class="button quiet" href="${path}">${t('asked.all', { count })}</a>`}<a href="${path}#hoi">${t('asked.ask')}</a></p></section>`;
}

const related = (view: View, id: string, title: string, products: readonly ProductCard[], now: Date) =>
  products.length > 0 &&
  html`<section class="section" aria-labelledby="${id}"><h2 class="section-head" id="${id}">${title}</h2>${productGrid(view, products, now, false)}</section>`;

export function productPage(view: View, page: ProductFacts): SafeHtml {
  const { product, business, fromBusiness, alike, batches, now } = page;
  const { t, either } = view;
  const name = either(product.name, product.nameEn);
  const description = either(product.descriptionVi, product.descriptionEn);
  const { slug, name: setName } = product.category;
  const crumbs: readonly Crumb[] = [{ label: categoryName(view.locale, slug, setName), path: `/danh-muc/${slug}` }];
  const { image } = product;
  const body = html`${breadcrumb(view, crumbs)}<article class="product">
<header class="stack"><h1>${name}</h1>${view.locale === 'en' && product.nameEn !== '' && html`<p class="soft" lang="vi">${product.name}</p>`}
${product.rating && html`<p><a href="#danh-gia">${ratingTag(view, product.rating)}</a></p>`}
${product.certificates.map((certificate) => certificateLine(view, certificate))}
${product.partner && product.star !== null && html`<p>${stars(view, product.star)}</p>`}${claim(view, product)}</header>
<figure><img ${pictureSource(image.src, true)} alt="${image.alt}" width="${image.width}" height="${image.height}"${tone(image)} fetchpriority="high">
${view.site.demo && image.colour === null && html`<figcaption class="small soft">${t('product.drawing')}</figcaption>`}</figure>
<div class="offer">${product.partner ? partnerOffer(view, product, now, page.order) : buyForm(view, product)}${saveForm(view, product)}</div>
<div class="about stack"><p class="lead"${view.locale !== 'vi' && description === product.descriptionVi && html` lang="vi"`}>${description}</p>
${product.isAlcohol && html`<p class="notice wait">${t('product.alcohol')}</p>`}${facts(view, product)}${batchList(view, batches)}
${!product.partner && html`<p class="small"><a href="${view.link(`/khieu-nai?ve=product&ten=${product.slug}`)}">${t('complaint.startProduct')}</a></p>`}</div>
${producer(view, business, product.partner)}</article>
${saidByBuyers(view, page)}
${askedByShoppers(view, page)}
${related(view, 'same', t('product.sameProducer'), fromBusiness, now)}
${related(view, 'alike', t('product.alike'), alike, now)}`;
  return layout(view, {
    title: name,
    description: description.slice(0, 160),
    canonical: `/san-pham/${product.slug}`,
    share: {
      path: `/chia-se/${view.locale}/${product.slug}.jpg?v=${product.version}-${product.star ?? 0}`,
      alt: name,
      type: 'product',
    },
    head: html`<link rel="alternate" type="text/markdown" href="${view.site.publicUrl}${view.link(`/san-pham/${product.slug}.md`)}">`,
    body,
    structured: [
      productData(view, page),
      breadcrumbData(view, [...crumbs, { label: name, path: `/san-pham/${product.slug}` }]),
    ],
  });
}
