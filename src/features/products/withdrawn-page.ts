import { html, type SafeHtml } from '#web/html.ts';
import { categoryName } from '#web/i18n/categories.ts';
import { illustrationPath } from '#web/illustrations.ts';
import { layout } from '#web/layout.ts';
import { productGrid } from '#web/parts/product-card.ts';
import type { View } from '#web/view.ts';
import type { ProductCard, ProductDetail } from './views.ts';

/** What the refusal of a product that is sold no longer says of it. */
export type Withdrawn = Pick<ProductDetail, 'business' | 'category' | 'name' | 'nameEn'> & { readonly state: string };
type Near = {
  readonly fromBusiness: readonly ProductCard[];
  readonly alike: readonly ProductCard[];
  readonly now: Date;
};

/** An old link still leads somewhere: to what the same people make, and to what is like it. */
export function withdrawnPage(view: View, gone: Withdrawn, { fromBusiness, alike, now }: Near): SafeHtml {
  const { t, link, either, locale } = view;
  const { business, category } = gone;
  const product = either(gone.name, gone.nameEn);
  const shelf = (id: string, title: string, path: string, items: readonly ProductCard[]): SafeHtml | false =>
    items.length > 0 &&
    html`<section class="section" aria-labelledby="${id}"><div class="section-head"><h2 id="${id}">${title}</h2>
<a href="${link(path)}">${t('home.seeAll')}<span class="hidden"> – ${title}</span></a></div>${productGrid(view, items, now, false)}</section>`;
  const set = categoryName(locale, category.slug, category.name);
  // Why an authority had it taken away is told to those concerned, not to whoever follows an old link.
  const why = gone.state === 'withdrawn' ? t('gone.withdrawn', { business: business.name }) : t('gone.hidden');
  return layout(view, {
    title: t('gone.title', { product }),
    body: html`<div class="problem"><img src="${illustrationPath({ categoryCode: category.slug, tint: category.id })}" alt="" width="400" height="400">
<div class="stack"><p class="soft">${t('problem.status', { status: 410 })}</p><h1>${t('gone.title', { product })}</h1><p>${why}</p>
<p class="row"><a class="button" href="${link(`/co-so/${business.slug}`)}">${t('gone.sameProducer', { business: business.name })}</a>
<a class="button quiet" href="${link(`/danh-muc/${category.slug}`)}">${set}</a></p>
<p class="small soft">${t('gone.bought')} <a href="${link('/tra-cuu')}">${t('nav.track')}</a></p></div></div>
${shelf('same', t('gone.sameProducer', { business: business.name }), `/co-so/${business.slug}`, fromBusiness)}
${shelf('alike', t('gone.alike'), `/danh-muc/${category.slug}`, alike)}`,
  });
}
