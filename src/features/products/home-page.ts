import type { BusinessCard } from '#features/businesses/index.ts';
import { assetUrl } from '#web/assets.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { categoryName } from '#web/i18n/categories.ts';
import { illustrationPath } from '#web/illustrations.ts';
import { businessCard } from '#web/parts/business-card.ts';
import { icon } from '#web/parts/icon.ts';
import { productGrid } from '#web/parts/product-card.ts';
import type { View } from '#web/view.ts';
import type { ProductCard } from './views.ts';

export type CategoryEntry = {
  readonly id: number;
  readonly slug: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly productCount: number;
};
export type HomeFacts = {
  readonly categories: readonly CategoryEntry[];
  readonly newest: readonly ProductCard[];
  readonly best: readonly ProductCard[];
  readonly producers: readonly BusinessCard[];
  readonly wards: readonly { readonly code: string; readonly name: string }[];
  readonly now: Date;
};

const shownProducts = 8;

/** The first of each set before the second of any, so that one baker's eight cakes do not fill the page. */
function varied(products: readonly ProductCard[], except: ReadonlySet<string>): ProductCard[] {
  const rank = new Map<number, number>();
  return products
    .filter(({ productId }) => !except.has(productId))
    .map((product, index) => {
      const turn = rank.get(product.category.id) ?? 0;
      rank.set(product.category.id, turn + 1);
      return { product, order: turn * products.length + index };
    })
    .sort((one, other) => one.order - other.order)
    .slice(0, shownProducts)
    .map(({ product }) => product);
}

const hero = ({ t, link }: View): SafeHtml => html`<section class="hero">
<div class="hero-text"><h1>${t('home.heading')}</h1><p>${t('home.lead')}</p>
<p class="row"><a class="button" href="${link('/tim-kiem')}">${t('home.browse')}</a>
<a class="button quiet" href="${link('/chung-nhan')}">${icon('seal')}${t('home.check')}</a></p></div>
<img src="${assetUrl('hero.svg')}" alt="${t('home.heroAlt')}" width="1200" height="560" fetchpriority="high"></section>`;

/** Boats at a floating market hang what they sell from a pole, the cây bẹo; here each product set hangs from it. */
const pole = (
  { t, link, locale, format }: View,
  categories: readonly CategoryEntry[],
): SafeHtml => html`<section class="section" aria-labelledby="pole">
<div class="section-head"><h2 id="pole">${t('home.pole')}</h2><p class="soft small">${t('home.poleText')}</p></div>
<ul class="pole">${categories.map(
  ({ id, slug, nameVi, productCount }) => html`<li><a href="${link(`/danh-muc/${slug}`)}">
<img src="${illustrationPath({ categoryCode: slug, tint: id })}" alt="" width="400" height="400" loading="lazy" decoding="async">
<span>${categoryName(locale, slug, nameVi)}</span> <small>${format.integer(productCount)}</small></a></li>`,
)}</ul></section>`;

const shelf = (view: View, id: string, title: string, path: string, products: readonly ProductCard[], now: Date) =>
  products.length > 0 &&
  html`<section class="section" aria-labelledby="${id}"><div class="section-head"><h2 id="${id}">${title}</h2>
<a href="${view.link(path)}">${view.t('home.seeAll')}<span class="hidden"> – ${title}</span></a></div>${productGrid(view, products, now, false)}</section>`;

const promises = ({
  t,
  link,
}: View): SafeHtml => html`<section class="section" aria-labelledby="trust"><h2 id="trust">${t('home.trust')}</h2>
<ul class="promises">
<li>${icon('seal')}<div><h3>${t('home.trustStar')}</h3><p>${t('home.trustStarText')} <a href="${link('/chung-nhan')}">${t('nav.certificate')}</a></p></div></li>
<li>${icon('coin')}<div><h3>${t('home.trustMoney')}</h3><p>${t('home.trustMoneyText')} <a href="${link('/tra-cuu')}">${t('nav.track')}</a></p></div></li>
<li>${icon('boat')}<div><h3>${t('home.trustBoats')}</h3><p>${t('home.trustBoatsText')}</p></div></li></ul></section>`;

export function homePage(view: View, facts: HomeFacts): SafeHtml {
  const { t, link } = view;
  const byStar = facts.best.toSorted((one, other) => (other.star ?? 0) - (one.star ?? 0));
  const best = varied(byStar, new Set());
  const newest = varied(facts.newest, new Set(best.map(({ productId }) => productId)));
  return html`${hero(view)}
${pole(
  view,
  facts.categories.filter(({ productCount }) => productCount > 0),
)}
${shelf(view, 'best', t('home.best'), '/tim-kiem?stars=5&stars=4', best, facts.now)}
${shelf(view, 'newest', t('home.newest'), '/tim-kiem', newest, facts.now)}
${promises(view)}
<section class="section" aria-labelledby="producers"><div class="section-head"><h2 id="producers">${t('home.producers')}</h2>
<a href="${link('/co-so')}">${t('home.seeAll')}<span class="hidden"> – ${t('home.producers')}</span></a></div>
<ul class="producers">${facts.producers.map((producer) => businessCard(view, producer))}</ul></section>
<section class="section" aria-labelledby="wards"><div class="section-head"><h2 id="wards">${t('home.wards')}</h2><a href="${link('/ban-do')}">${t('map.title')}</a></div>
<ul class="pills wards">${facts.wards.map(
    ({ code, name }) => html`<li><a href="${link(`/xa-phuong/${code}`)}">${name}</a></li>`,
  )}</ul></section>`;
}
